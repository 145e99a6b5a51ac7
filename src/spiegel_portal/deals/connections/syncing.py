"""The job that reads a CRM: page after page, each written together with where the next begins.

Killed at any moment, a page is there whole or not at all, and the next run goes on after the last
whole one. Two workers at once do no harm: whoever finds that the other was faster stops.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from spiegel.crm.payloads import Book
from spiegel_portal.common import ciphers
from spiegel_portal.deals.models import Connection, Deal, Stage
from spiegel_portal.people.models import Organisation

from . import oauth, schedule
from .base import Setting
from .client import Client
from .errors import ConnectorError
from .oauth import Tokens
from .registry import CONNECTORS
from .writing import write_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from .base import Page

State = Connection.State
#: A job takes so long at most, in seconds, and then hands over to the next.
SECONDS = 200.0
#: Tokens that stop working this soon are renewed before anything is asked.
_SOON = timedelta(seconds=60)
#: The most deals that could not be taken that are kept by name.
_NAMED = 20


def sync(
    *,
    connection_id: UUID | str,
    now: datetime,
    sleep: Callable[[float], None] = time.sleep,
    seconds: float = SECONDS,
) -> bool:
    """Read what is new in a CRM. Needs the scope of its organisation.

    Safe to call again at any moment, also while another worker is at it.

    Args:
        connection_id: Which.
        now: When.
        sleep: Waits.
        seconds: How long it may take.

    Returns:
        Whether there is more to read at once.
    """
    found = Connection.objects.select_related("organisation", "connected_by")
    connection: Connection | None = found.filter(pk=connection_id).first()
    if connection is None or connection.state == State.STOPPED:
        return False
    _begin(connection, now)
    try:
        return _walk(connection, now, sleep, seconds)
    except ConnectorError as problem:
        _fail(connection, problem, now)
    except Exception:
        _fail(connection, ConnectorError("unexpected", permanent=False), now)
        raise
    return False


def _begin(connection: Connection, now: datetime) -> None:
    changed: dict[str, Any] = {"state": State.RUNNING}
    if "begun" not in connection.cursor:
        changed |= {"started_at": now, "counts": {}}
        connection.counts = {}
    Connection.objects.filter(pk=connection.pk).exclude(state=State.STOPPED).update(**changed)


def _walk(
    connection: Connection, now: datetime, sleep: Callable[[float], None], seconds: float
) -> bool:
    connector = CONNECTORS[connection.system]
    tokens, renew = tokens_of(connection), _renewing(connection)
    if renew and tokens.expires_at and tokens.expires_at < now + _SOON:
        tokens = renew(tokens)
    with Client(connector, tokens, renew=renew, sleep=sleep, seconds=seconds) as client:
        walk = connector.walk(client, _setting(connection, now))
        while not client.is_late:
            page = walk.page(connection.cursor)
            if not _keep(connection, page, now) or page.done:
                return False
    return True


def _keep(connection: Connection, page: Page, now: datetime) -> bool:
    """Write a page and move the cursor, both or neither; False when another was faster."""
    with transaction.atomic():
        # One at a time per organisation: two could otherwise both find a deal missing.
        Organisation.objects.select_for_update(no_key=True).get(pk=connection.organisation_id)
        locked = Connection.objects.select_for_update(of=("self",)).filter(pk=connection.pk).first()
        if locked is None or locked.step != connection.step:
            return False
        done = write_page(connection=connection, page=page, now=now)
        connection.counts = _added(connection.counts, done, page)
        connection.cursor, connection.step = page.cursor, connection.step + 1
        changed: dict[str, Any] = {
            "cursor": page.cursor, "step": connection.step, "counts": connection.counts,
        }  # fmt: skip
        if page.done:
            changed |= {
                "state": State.READY, "problem": "", "problem_at": None, "failures": 0,
                "synced_at": now, "last_counts": connection.counts, "counts": {},
            }  # fmt: skip
        Connection.objects.filter(pk=connection.pk).update(**changed)
    return True


def _added(before: dict[str, Any], done: Counter[str], page: Page) -> dict[str, Any]:
    named = before.get("refused", [])
    fresh = [{"id": known, "code": code} for known, code in page.refused]
    sums = Counter({name: number for name, number in before.items() if name != "refused"})
    sums.update(done)
    sums["rejected"] += len(fresh)
    return {**sums, "refused": [*named, *fresh][:_NAMED]}


def _fail(connection: Connection, problem: ConnectorError, now: datetime) -> None:
    """Keep what went wrong; stop where only a person can help, else try again later."""
    failures = min(connection.failures + 1, 100)
    noted = Connection.objects.filter(pk=connection.pk, step=connection.step).update(
        state=State.STOPPED if problem.permanent else State.READY,
        problem=problem.code,
        problem_at=now,
        failures=failures,
    )
    if not noted:  # overtaken, connected anew or disconnected meanwhile: not ours to say
        return
    if problem.permanent:
        schedule.stop(connection)
    else:
        schedule.try_again(connection, now=now, failures=failures, wait=problem.wait or 0.0)


def tokens_of(connection: Connection) -> Tokens:
    """Give a connection's tokens in the clear.

    Raises:
        ConnectorError: They were encrypted with another key.
    """
    kept = connection.refresh_encrypted
    try:
        return Tokens(
            access=ciphers.decrypt(connection.access_encrypted),
            refresh=ciphers.decrypt(kept) if kept else "",
            expires_at=connection.expires_at,
            base_url=connection.base_url,
            is_key=connection.is_key,
        )
    except ciphers.KeyChanged:
        raise ConnectorError("key-changed", permanent=True) from None


def encrypted(tokens: Tokens) -> dict[str, Any]:
    """Give tokens as the columns that keep them."""
    return {
        "access_encrypted": ciphers.encrypt(tokens.access),
        "refresh_encrypted": ciphers.encrypt(tokens.refresh) if tokens.refresh else "",
        "expires_at": tokens.expires_at,
        "base_url": tokens.base_url,
        "is_key": tokens.is_key,
    }


def _renewing(connection: Connection) -> Callable[[Tokens], Tokens] | None:
    """Make what renews a connection's tokens, and keeps the new ones at once."""
    if connection.is_key:
        return None

    def renew(old: Tokens) -> Tokens:
        latest = Connection.objects.filter(pk=connection.pk).first()
        if latest is None:
            raise ConnectorError("unauthorised", permanent=True)
        kept = tokens_of(latest)
        if kept.access != old.access:
            return kept  # another worker was faster; some CRMs take an old token once only
        fresh = oauth.renew(CONNECTORS[connection.system], old, timezone.now())
        Connection.objects.filter(pk=connection.pk).update(**encrypted(fresh))
        return fresh

    return renew


def _setting(connection: Connection, now: datetime) -> Setting:
    def known(after: str, many: int) -> list[str]:
        deals = Deal.objects.filter(source=connection.system, external_id__gt=after)
        return list(deals.order_by("external_id").values_list("external_id", flat=True)[:many])

    zone = timezone.get_default_timezone()
    with translation.override(connection.organisation.language):
        words = {"won": _("Won"), "lost": _("Lost")}
    own = {kind: Stage.objects.filter(type=kind, name__in=_USUAL[kind]).first() for kind in words}
    names = {kind: stage.name if stage else words[kind] for kind, stage in own.items()}
    book = Book(zone=zone, won=names["won"], lost=names["lost"])
    return Setting(book=book, now=now, known=known)


#: An organisation that has a stage with one of these names goes on using it.
_USUAL = {"won": ("Won", "Gewonnen"), "lost": ("Lost", "Verloren")}

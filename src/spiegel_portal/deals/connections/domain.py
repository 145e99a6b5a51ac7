"""What an administrator does with connections: connect, look now, disconnect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from spiegel_portal.common.audit import record
from spiegel_portal.deals.models import Connection

from . import schedule
from .client import Client
from .registry import CONNECTORS
from .syncing import encrypted, sync

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from spiegel_portal.people.models import Organisation, User

    from .base import Connector
    from .oauth import Tokens

State = Connection.State
#: How long a person who connects waits for the first answer, in seconds.
_PATIENCE = 10.0


def connect(
    *,
    organisation: Organisation,
    actor: User,
    connector: Connector,
    tokens: Tokens,
    now: datetime,
) -> Connection:
    """Connect an organisation with a CRM, or connect it anew, and begin to read.

    With the same account as before, reading goes on where it was; with another it begins anew.

    Args:
        organisation: Whose scope is open.
        actor: The administrator.
        connector: The CRM.
        tokens: What lets Spiegel in; kept encrypted.
        now: When.

    Raises:
        ConnectorError: The tokens do not work; nothing is kept.
    """
    # A person waits for this: tried again at once or not at all.
    with Client(connector, tokens, sleep=lambda _seconds: None, seconds=_PATIENCE) as client:
        account = connector.account(client)[:200]
    with transaction.atomic():
        before = Connection.objects.filter(system=connector.id).select_for_update().first()
        same = before is not None and account != "" and before.account == account
        made: Connection = Connection.objects.update_or_create(
            organisation=organisation,
            system=connector.id,
            defaults={
                **encrypted(tokens),
                "connected_by": actor,
                "account": account,
                "state": State.READY,
                "problem": "",
                "problem_at": None,
                "failures": 0,
                "step": before.step + 1 if before else 0,
                "cursor": before.cursor if before and same else {},
                "counts": before.counts if before and same else {},
            },
        )[0]
        _note(made, actor, "crm.connected")
        schedule.start(made, now=now)
        schedule.at_once(made)
    return made


def look_now(*, connection: Connection) -> None:
    """Have a CRM looked at now rather than at the next hour."""
    schedule.at_once(connection)


def look(*, connection_id: UUID | str, now: datetime) -> None:
    """Read what is new; while there is more, in a next job."""
    if sync(connection_id=connection_id, now=now):
        connection = Connection.objects.filter(pk=connection_id).first()
        if connection is not None:
            schedule.at_once(connection)


@transaction.atomic
def disconnect(*, connection: Connection, actor: User) -> None:
    """Forget a CRM's tokens and read it no more; the deals stay."""
    schedule.stop(connection)
    _note(connection, actor, "crm.disconnected")
    Connection.objects.filter(pk=connection.pk).delete()


def _note(connection: Connection, actor: User, action: str) -> None:
    name = CONNECTORS[connection.system].name
    subject = f"{name} {connection.account}".strip()
    record(organisation=connection.organisation, actor=actor, action=action, subject=subject)

"""Writes one page of a CRM's deals: the deals, their history, those that merged and those gone.

Called inside the transaction that moves the cursor, so that a page is written once or not at all.
Deals are compared and written by the same code as an import's.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from spiegel_portal.deals.imports.owners import Importer, Owners, names_of
from spiegel_portal.deals.imports.plan import Plan, Planner
from spiegel_portal.deals.imports.telling import Teller
from spiegel_portal.deals.imports.undoing import who_points_at_deals
from spiegel_portal.deals.imports.writing import DEAL, Writer
from spiegel_portal.deals.models import Connection, Deal, DealEvent
from spiegel_portal.people.models import Membership, Organisation

from .base import Gone
from .registry import CONNECTORS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from spiegel.crm import DealRow
    from spiegel.crm.payloads import Told
    from spiegel_portal.deals.imports.plan import Change
    from spiegel_portal.deals.imports.writing import Moment

    from .base import Page


def write_page(*, connection: Connection, page: Page, now: datetime) -> Counter[str]:
    """Write a page. Needs an open scope and a transaction.

    Returns:
        How many deals are ``new``, ``updated``, ``unchanged``, ``merged``, ``removed``, and
        ``kept`` although they are gone; and how many ``events`` came on timelines.
    """
    told = {each.deal.external_id: each for each in page.told}  # one twice on a page: the last
    counts: Counter[str] = Counter()
    merged = _join_merged(connection, told.values(), counts)
    plan = _plan(connection, told)
    PageWriter(connection, now, told).write(plan)
    counts.update({name: plan.counts()[name] for name in ("new", "updated", "unchanged")})
    counts["events"] += _tell(connection, told, now)
    _remove(connection, (*page.gone, *merged), now, counts)
    return counts


def _plan(connection: Connection, told: dict[str, Told]) -> Plan:
    deals = Deal.objects.filter(source=connection.system)
    deals = deals.select_related("stage").select_for_update(of=("self",))
    planner = Planner(
        existing=lambda ids: {deal.external_id: deal for deal in deals.filter(external_id__in=ids)},
        mapping={name: name for name in CONNECTORS[connection.system].fields},
        owners=_owners(connection),
        currency=connection.organisation.currency,
    )
    return next(planner.plans((each.deal, ()) for each in told.values()), Plan())


def _owners(connection: Connection) -> Owners:
    """Match owners with members by name and address; alone, all deals are one's own."""
    user = connection.connected_by
    if user is not None and connection.organisation.kind == Organisation.Kind.SOLO:
        return Owners("mine", Importer(user, for_all=True))
    members = Membership.objects.filter(left_at=None).select_related("user")
    names = names_of(member.user for member in members)
    return Owners("column", Importer(None, for_all=True), by_name=names)


class PageWriter(Writer):
    """Writes deals whose history comes along: what that tells with its time is not told twice."""

    def __init__(self, connection: Connection, now: datetime, told: dict[str, Told]) -> None:
        super().__init__(connection, connection.system, now)
        self._told = told
        self._known = {
            (event.deal_id, event.kind, event.after)
            for each in told.values()
            for event in each.events
        }
        self._at = ""  # the deal that is being written

    def _new(self, row: DealRow, values: dict[str, Any]) -> tuple[object, ...]:
        self._at = row.external_id
        columns = list(super()._new(row, values))
        entered = self._entered()
        if entered:
            columns[DEAL.index("stage_since")] = entered.isoformat()
        return tuple(columns)

    def _change(self, change: Change) -> Deal:
        self._at = change.deal.external_id
        last, events = change.deal.last_event_at, len(self._events)
        deal = super()._change(change)
        if len(self._events) == events:
            deal.last_event_at = last
        if "stage" in change.values:
            deal.stage_since = self._entered() or deal.stage_since
        return deal

    def _entered(self) -> date | None:
        """The day on which the deal came into its stage, where its history tells."""
        moments = [event.at for event in self._told[self._at].events if event.kind == "stage"]
        return timezone.localdate(min(max(moments), self._now.at)) if moments else None

    def _tell(self, deal: str, kind: str, moment: Moment, data: str) -> None:
        if (self._at, kind, json.loads(data).get("to", "")) not in self._known:
            super()._tell(deal, kind, moment, data)


def _tell(connection: Connection, told: dict[str, Told], now: datetime) -> int:
    """Put the history on the timelines; what is there already stays as it is."""
    deals = Deal.objects.filter(source=connection.system, external_id__in=told)
    teller = Teller(connection, now)
    for deal in deals:
        for event in told[deal.external_id].events:
            teller.add(deal, event)
    return teller.write()["new"]


def _join_merged(connection: Connection, told: Iterable[Told], counts: Counter[str]) -> list[Gone]:
    """Let a deal that others were merged into go on as the one of them that was worked on.

    Returns:
        The others, which are gone.
    """
    gone: list[Gone] = []
    for each in told:
        if not each.merged:
            continue
        deals = Deal.objects.filter(source=connection.system).select_for_update(of=("self",))
        parts = list(deals.filter(external_id__in=each.merged).order_by("created_at", "id"))
        if parts and not deals.filter(external_id=each.deal.external_id).exists():
            worked = worked_on([part.pk for part in parts])
            heir = next((part for part in parts if part.pk in worked), parts[0])
            Deal.objects.filter(pk=heir.pk).update(external_id=each.deal.external_id)
            parts.remove(heir)
            counts["merged"] += 1
        gone += [Gone(part.external_id) for part in parts]
    return gone


def _remove(
    connection: Connection, gone: Iterable[Gone], now: datetime, counts: Counter[str]
) -> None:
    """Remove deals that are gone; those somebody worked on stay, and their timeline says so."""
    since = {each.id: each.at for each in gone}
    if not since:
        return
    found = Deal.objects.filter(source=connection.system, external_id__in=since)
    deals = list(found.select_for_update(of=("self",)))
    worked = worked_on([deal.pk for deal in deals])
    going = [deal.pk for deal in deals if deal.pk not in worked]
    Deal.objects.filter(pk__in=going).delete()
    counts["removed"] += len(going)
    staying = [deal for deal in deals if deal.pk in worked]
    known = set(
        DealEvent.objects.filter(deal__in=staying, data__crm="deleted").values_list(
            "deal_id", flat=True
        )
    )
    with translation.override(connection.organisation.language):
        text = _("This deal is not in %(system)s any more: it was deleted or merged.") % {
            "system": CONNECTORS[connection.system].name
        }
    noted = [
        DealEvent(
            organisation_id=connection.organisation_id,
            deal=deal,
            kind=DealEvent.Kind.NOTE,
            at=min(since[deal.external_id] or now, now),
            text=text,
            data={"crm": "deleted"},
        )
        for deal in staying
        if deal.pk not in known
    ]
    DealEvent.objects.bulk_create(noted)
    counts["kept"] += len(noted)


def worked_on(ids: list[UUID]) -> set[UUID]:
    """Say which deals people have done something with in Spiegel."""
    deals = Deal.objects.filter(pk__in=ids)
    found = {deal.pk for deal in deals.only("pk", "typed_fields") if deal.typed_fields}
    noted = DealEvent.objects.filter(deal__in=ids, author__isnull=False)
    found |= set(noted.values_list("deal_id", flat=True))
    for model, name in who_points_at_deals():
        rows = model.objects.filter(**{f"{name}__in": ids})  # type: ignore[attr-defined]  # every model has one
        found |= set(rows.values_list(f"{name}_id", flat=True))
    return found

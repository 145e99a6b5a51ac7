"""A file that tells what happened to deals: understood, joined with the deals, put on timelines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from spiegel.crm import Event, EventsUnderstanding, Rejection, events, systems, understand_events
from spiegel_portal.deals.models import Deal
from spiegel_portal.deals.text import fold

from .compare import decision_shown
from .owners import Importer
from .telling import Teller

if TYPE_CHECKING:
    from datetime import datetime

    from spiegel.crm import Table
    from spiegel_portal.deals.models import Import

    from .choices import Choices

#: What an import's understanding says it is of.
KIND = "events"
_SHOWN = 5


@dataclass(slots=True)
class EventsPlan:
    """What a file with events would do.

    Attributes:
        teller: Has the events of deals that were found.
        found: How many events that is.
        rejections: Rows that tell nothing, or of a deal that is not here.
    """

    teller: Teller
    found: int = 0
    rejections: list[Rejection] = field(default_factory=list)


class _Deals:
    """Finds the deal of an event: by its id, or else by its name where only one has it."""

    def __init__(self, run: Import, source: str) -> None:
        self._importer = Importer.of(user=run.uploaded_by)
        self._by_id: dict[str, list[Deal]] = defaultdict(list)
        self._by_name: dict[str, list[Deal]] = defaultdict(list)
        fields = ("pk", "organisation", "owner", "source", "external_id", "name", "account")
        for deal in Deal.objects.only(*fields):
            if deal.external_id:
                self._by_id[deal.external_id].append(deal)
            self._by_name[fold(deal.name)].append(deal)
            if deal.account:
                self._by_name[fold(str(deal))].append(deal)
        for found in self._by_id.values():
            same = [deal for deal in found if deal.source == source]
            if same:
                found[:] = same

    def of(self, event: Event) -> Deal | str:
        """Give the deal, or the code of why there is none."""
        if event.deal_id:
            found = self._by_id.get(event.deal_id)
        else:
            found = self._by_name.get(fold(event.deal_name))
        if not found:
            return "no-such-deal"
        if len(found) > 1:
            return "deal-ambiguous"
        importer = self._importer
        if not importer.for_all and importer.user and found[0].owner_id != importer.user.pk:
            return "not-yours"
        return found[0]


def events_found(table: Table, choices: Choices) -> EventsUnderstanding:
    """Read a table of events with choices."""
    return understand_events(table, choices.answers({}))


def events_plan(
    *, import_run: Import, table: Table, found: EventsUnderstanding, now: datetime
) -> EventsPlan:
    """Work out which events come on which timelines. Needs an open scope."""
    deals = _Deals(import_run, found.reading.system)
    plan = EventsPlan(Teller(import_run, now))
    if found.missing:
        return plan
    cells = {row.line: row.cells for row in table.rows}
    for entry in events(table, found.reading):
        if isinstance(entry, Rejection):
            plan.rejections.append(entry)
            continue
        deal = deals.of(entry)
        if isinstance(deal, str):
            plan.rejections.append(_rejection(entry, deal, cells[entry.line]))
        else:
            plan.found += 1
            plan.teller.add(deal, entry)
    return plan


def _rejection(event: Event, code: str, cells: tuple[str, ...]) -> Rejection:
    return Rejection(
        line=event.line,
        code=code,
        text=code,
        data={"deal": event.deal_id or event.deal_name},
        cells=cells,
    )


def events_description(
    *, found: EventsUnderstanding, plan: EventsPlan, table: Table, choices: Choices
) -> dict[str, Any]:
    """Put what the page shows into JSON-ready values (``Import.understanding``)."""
    fresh = plan.teller.new()
    asked = {**dict.fromkeys(choices.event_kinds, 0), **found.unknown_kinds}
    return {
        **found.to_dict(),
        "kind": KIND,
        "rejected": len(plan.rejections),
        "rejections": [
            {"line": row.line, "code": row.code, "data": row.data}
            for row in plan.rejections[:_SHOWN]
        ],
        "system_name": systems()[found.reading.system].name,
        "header": list(found.header),
        "samples": _samples(table),
        "dates": decision_shown(found.dates),
        "amounts": decision_shown(found.amounts),
        "doubts": [{"code": doubt.code, "data": doubt.data} for doubt in found.warnings],
        "asked_kinds": [{"name": name, "events": number} for name, number in asked.items()],
        "sheet": table.sheet,
        "plan": {
            "new": len(fresh),
            "known": plan.found - len(fresh),
            "deals": len({event.deal_id for event in fresh}),
            "rejected": len(plan.rejections),
        },
    }


def _samples(table: Table) -> dict[str, list[str]]:
    samples: dict[str, list[str]] = {}
    rows = list(islice(table.rows, 3))
    for place, header in enumerate(table.header):
        cells = [row.cells[place][:80] for row in rows]
        samples[header] = list(dict.fromkeys(cell for cell in cells if cell))
    return samples

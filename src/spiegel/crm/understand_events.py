"""What a file with events says, before anything is done with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from .dates import DateEvidence
from .doubts import MAX_REJECTIONS, Doubt, about_table, about_values
from .events import Event, EventReading, events, kind_named
from .headers import mapped, matched, recognise, recognise_events
from .rows import Rejection
from .system import EVENT_FIELDS, GENERIC, System, systems
from .understand import check_mapping
from .values import Decision, SignEvidence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from .read import Table
    from .understand import Answers

_MANY_KINDS = 200
_LOOK = 1_000


@dataclass(frozen=True)
class EventsUnderstanding:
    """What was understood of a file with events.

    Attributes:
        reading: What :func:`spiegel.crm.events` needs.
        encoding: As in the table.
        delimiter: As in the table.
        header: As in the table.
        rows: Records in the file.
        events: How many things happened.
        deals: How many deals they happened to.
        kinds: Kind to number of events.
        missing: Fields without which nothing can be told: ``at``, ``deal_id``.
        unknown_kinds: Types of activities nobody explained; they come in as notes, named.
        dates: How the order of dates was decided.
        amounts: How the decimal sign was decided.
        period: When the first and the last of them happened.
        rejections: Rows that tell nothing; of very many the first.
        rejected: How many there are.
        warnings: Things a person should know before going on.
    """

    reading: EventReading
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    rows: int
    events: int
    deals: int
    kinds: dict[str, int]
    missing: tuple[str, ...]
    unknown_kinds: dict[str, int]
    dates: Decision
    amounts: Decision
    period: tuple[date, date] | None
    rejections: tuple[Rejection, ...]
    rejected: int
    warnings: tuple[Doubt, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON-ready values."""
        return {
            "system": self.reading.system,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "rows": self.rows,
            "events": self.events,
            "deals": self.deals,
            "kinds": self.kinds,
            "missing": list(self.missing),
            "unknown_kinds": self.unknown_kinds,
            "rejected": [
                {"line": row.line, "reason": row.code, "text": row.text} for row in self.rejections
            ],
            "date_order": self.dates.choice,
            "decimal_sign": self.amounts.choice,
            "mapping": dict(self.reading.mapping),
            "period": [day.isoformat() for day in self.period] if self.period else None,
            "warnings": [{"code": doubt.code, "text": doubt.text} for doubt in self.warnings],
        }


def tells_events(table: Table) -> bool:
    """Whether a table tells what happened to deals, instead of what deals there are.

    A table with all that makes a deal tells of events only where deals come again and again.
    """
    found = recognise_events(table.header)
    if found is None:
        return False
    deal = mapped(table.header, recognise(table.header), {})
    stands = "stage" in deal or "status" in deal
    worth = any(name in deal for name in ("amount", "close_date", "expected_close_on"))
    if not (stands and worth and "name" in deal):
        return True
    mapping = _mapping(table, found, {})
    header = mapping.get("deal_id") or mapping.get("deal_name", "")
    return header in table.header and _come_again(table, table.header.index(header))


def _come_again(table: Table, place: int) -> bool:
    cells = [row.cells[place] for row in islice(table.rows, _LOOK)]
    return len(set(cells)) * 10 < len(cells) * 7


def understand_events(table: Table, answers: Answers | None = None) -> EventsUnderstanding:
    """Work out what a table of events says.

    Args:
        table: What :func:`spiegel.crm.read` gave.
        answers: What a person decided: the columns, the order of dates, the decimal sign and
            kinds of events; the rest of it is about deals.

    Raises:
        InputError: ``unknown-field``, ``unknown-header`` or ``header-twice``.
    """
    system = recognise_events(table.header) or recognise(table.header)
    chosen = dict(answers.mapping) if answers else {}
    check_mapping(chosen, table.header, EVENT_FIELDS)
    mapping = _mapping(table, system, chosen)
    dates, amounts = _decided(table, mapping, answers)
    kinds = dict(answers.event_kinds) if answers else {}
    reading = EventReading(system.id, mapping, dates.choice, amounts.choice, kinds)
    missing = tuple(
        name for name, given in (("at", ("at",)), ("deal_id", ("deal_id", "deal_name")))
        if not any(part in mapping for part in given)
    )  # fmt: skip
    count = _Count()
    if not missing:
        for entry in events(table, reading):
            count.add(entry)
    return EventsUnderstanding(
        reading=reading,
        encoding=table.encoding,
        delimiter=table.delimiter,
        header=table.header,
        rows=len(table.rows),
        events=sum(count.kinds.values()),
        deals=len(count.deals),
        kinds=dict(count.kinds.most_common()),
        missing=missing,
        unknown_kinds=_unknown_kinds(table, reading, system) if not missing else {},
        dates=dates,
        amounts=amounts,
        period=(count.first.date(), count.last.date()) if count.first and count.last else None,
        rejections=tuple(count.rejections),
        rejected=count.rejected,
        warnings=(*about_values(dates, amounts), *about_table(table)),
    )


class _Count:
    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.deals: set[str] = set()
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.rejections: list[Rejection] = []
        self.rejected = 0

    def add(self, entry: Event | Rejection) -> None:
        if isinstance(entry, Rejection):
            self.rejected += 1
            if len(self.rejections) < MAX_REJECTIONS:
                self.rejections.append(entry)
            return
        self.kinds[entry.kind] += 1
        self.deals.add(entry.deal_id or entry.deal_name)
        at = entry.at.replace(tzinfo=None)
        self.first = at if self.first is None or at < self.first else self.first
        self.last = at if self.last is None or at > self.last else self.last


def _mapping(table: Table, system: System, chosen: Mapping[str, str]) -> dict[str, str]:
    synonyms = [system.event_headers, systems()[GENERIC].event_headers]
    return matched(table.header, synonyms, (), chosen, EVENT_FIELDS)


def _decided(
    table: Table, mapping: Mapping[str, str], answers: Answers | None
) -> tuple[Decision, Decision]:
    dates, amounts = DateEvidence(), SignEvidence()
    places = {header: place for place, header in enumerate(table.header)}
    day_places = [places[mapping[name]] for name in ("at", "close_date") if name in mapping]
    sums = [places[mapping["amount"]]] if "amount" in mapping else []
    for row in table.rows:
        for place in day_places:
            dates.add(row.cells[place])
        for place in sums:
            amounts.add(row.cells[place])
    return (
        dates.decide(answers.date_order if answers else None),
        amounts.decide(answers.decimal_sign if answers else None),
    )


def _unknown_kinds(table: Table, reading: EventReading, system: System) -> dict[str, int]:
    header = reading.mapping.get("kind")
    if header is None or "field" in reading.mapping:
        return {}
    place = table.header.index(header)
    counts = Counter(row.cells[place] for row in table.rows if row.cells[place])
    unknown = {
        text: number
        for text, number in counts.most_common()
        if not kind_named(text, system, reading.kinds)
    }
    return dict(islice(unknown.items(), _MANY_KINDS))

"""Files that tell what happened to deals: stages entered, changes, notes, calls, mails, tasks.

Three shapes are known. A row is a *change* (a field, its old and its new value), a *snapshot* (what
a deal was at that moment, as in Salesforce's OpportunityHistory; two that follow each other differ
in what changed), or an *activity* (a call, with its subject and text). A deal is named by its id,
or else by its name.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from .dates import UnlikelyYearError, parse_date, parse_moment
from .identity import salesforce_id
from .rows import Rejection, Unusable
from .system import GENERIC, System, systems
from .values import fold, parse_amount
from .words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from .read import Row, Table

#: Kinds of events that change a deal; the others are activities.
CHANGES = ("stage", "date", "amount", "owner")
_SNAPSHOT = ("stage", "amount", "close_date")
_KIND_OF = {"stage": "stage", "amount": "amount", "close_date": "date"}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a deal.

    Attributes:
        line: The line of the file it begins on.
        deal_id: The deal's id in the CRM, or ``""``.
        deal_name: Its name, or ``""``.
        at: When; with a zone only where the file names one.
        kind: One of :data:`~spiegel.crm.system.EVENT_KINDS`.
        before: Of a change: what it was. Dates as ISO, amounts with a point.
        after: Of a change: what it became.
        text: Of an activity: what it was about.
        author: Who did it, as the CRM names them.
    """

    line: int
    deal_id: str
    deal_name: str
    at: datetime
    kind: str
    before: str = ""
    after: str = ""
    text: str = ""
    author: str = ""


@dataclass(frozen=True)
class EventReading:
    """How to read a file with events: what was understood, as far as a row needs it.

    Attributes:
        system: Id of a known system.
        mapping: Field of an event to header.
        date_order: ``"dmy"``, ``"mdy"`` or ``"ymd"``.
        decimal_sign: ``"."`` or ``","``.
        kinds: Text in the column of kinds or fields, to the kind a person chose for it.
    """

    system: str
    mapping: Mapping[str, str]
    date_order: str
    decimal_sign: str
    kinds: Mapping[str, str] = field(default_factory=dict)


class _Moment(NamedTuple):
    """What a deal was at one moment."""

    at: datetime
    line: int
    values: tuple[str, ...]
    author: str
    name: str


def events(table: Table, reading: EventReading) -> Iterator[Event | Rejection]:
    """Give what a file tells; snapshots deal by deal, everything else in the order of the file.

    Args:
        table: What :func:`spiegel.crm.read` gave.
        reading: How to read it, such as ``understanding.reading``.
    """
    reader = _EventReader(table, reading)
    told = reader.snapshots if reader.is_snapshot else reader.rows
    yield from told(table.rows)


class _EventReader:
    def __init__(self, table: Table, reading: EventReading) -> None:
        self.reading = reading
        self.system = systems()[reading.system]
        self.empty = self.system.empty_words | systems()[GENERIC].empty_words
        places = {header: place for place, header in enumerate(table.header)}
        self.places = {name: places[header] for name, header in reading.mapping.items()}
        changes = {"field", "before", "after", "kind"} & self.places.keys()
        self.is_snapshot = not changes and "stage" in self.places
        self.usual = kind_named(reading.mapping.get("at", ""), self.system, reading.kinds) or "note"

    def rows(self, rows: Iterable[Row]) -> Iterator[Event | Rejection]:
        """Read rows that are changes or activities; a field that does not matter is passed over."""
        for row in rows:
            try:
                event = self._event(row)
            except Unusable as fault:
                yield _rejection(row, fault)
            else:
                if event:
                    yield event

    def snapshots(self, rows: Iterable[Row]) -> Iterator[Event | Rejection]:
        """Read rows that say what a deal was, and tell what changed from one to the next."""
        told: dict[str, list[_Moment]] = defaultdict(list)
        named = [name for name in _SNAPSHOT if name in self.places]
        for row in rows:
            try:
                texts = self._texts(row)
                key = self._deal_id(texts) or texts["deal_name"]
                values = tuple(self._value(name, texts[name]) for name in named)
                told[key].append(
                    _Moment(self._at(texts), row.line, values, texts.get("author", ""),
                            texts.get("deal_name", ""))
                )  # fmt: skip
            except Unusable as fault:
                yield _rejection(row, fault)
        by_id = "deal_id" in self.places
        for key, moments in told.items():
            moments.sort(key=lambda moment: (moment.at.replace(tzinfo=None), moment.line))
            yield from _differences(key if by_id else "", named, moments)

    def _event(self, row: Row) -> Event | None:
        texts = self._texts(row)
        told = texts.get("field") or texts.get("kind", "")
        kind = kind_named(told, self.system, self.reading.kinds)
        if not told and "kind" not in self.places:
            has_change = "after" in self.places and "field" not in self.places
            kind = "stage" if has_change else self.usual
        if "field" in self.places and kind not in CHANGES:
            return None
        deal_id = self._deal_id(texts)
        known = kind or "note"
        change = known in CHANGES
        return Event(
            line=row.line,
            deal_id=deal_id,
            deal_name=texts.get("deal_name", ""),
            at=self._at(texts),
            kind=known,
            before=self._value(known, texts.get("before", "")) if change else "",
            after=self._value(known, texts.get("after") or texts.get("stage", ""))
            if change
            else "",
            text="" if change else _about(texts, "" if kind else told),
            author=texts.get("author", ""),
        )

    def _texts(self, row: Row) -> dict[str, str]:
        if row.surplus:
            count = len(row.cells) + len(row.surplus)
            raise Unusable(
                "too-many-cells",
                f"This row has {count} cells where the header has {len(row.cells)}.",
                cells=count,
                header=len(row.cells),
            )
        cells = {name: row.cells[place] for name, place in self.places.items()}
        texts = {n: "" if text.casefold() in self.empty else text for n, text in cells.items()}
        if texts.get("deal_id") == "0":  # a program's way to say that there is none
            texts["deal_id"] = ""
        if not texts.get("deal_id") and not texts.get("deal_name"):
            raise Unusable("no-deal", "This row does not say which deal it is about.")
        return texts

    def _deal_id(self, texts: Mapping[str, str]) -> str:
        text = texts.get("deal_id", "")
        return salesforce_id(text) if self.system.ids else text

    def _at(self, texts: Mapping[str, str]) -> datetime:
        text = texts.get("at", "")
        header = self.reading.mapping.get("at", "")
        if not text or text in words().zero_dates:
            raise Unusable("no-date", "This row does not say when it happened.")
        try:
            return parse_moment(text, self.reading.date_order)
        except UnlikelyYearError as fault:
            raise Unusable(
                "year-unlikely",
                f"“{text}” under {header} has the year {fault.year}, which cannot be meant.",
                value=text, header=header, year=fault.year,
            ) from None  # fmt: skip
        except ValueError:
            raise Unusable(
                "date-unreadable",
                f"“{text}” under {header} is not a date in this file's order "
                f"({self.reading.date_order}).",
                value=text, header=header, order=self.reading.date_order,
            ) from None  # fmt: skip

    def _value(self, name: str, text: str) -> str:
        """Write a date as ISO and an amount with a point; what is neither stays as it is."""
        try:
            if name in {"date", "close_date"} and text:
                return parse_date(text, self.reading.date_order).isoformat()
            if name == "amount" and text:
                return f"{parse_amount(text, self.reading.decimal_sign).value.normalize():f}"
        except ValueError:
            return text
        return text


def kind_named(text: str, system: System, chosen: Mapping[str, str]) -> str:
    """Say which kind of event a text names; ``""`` for one that is not known.

    Args:
        text: The type of an activity, or the name of a field.
        system: Where the file comes from.
        chosen: Text to the kind a person chose.
    """
    folded = fold(text)
    general = systems()[GENERIC].event_kinds
    return chosen.get(text) or system.event_kinds.get(folded) or general.get(folded, "")


def _differences(deal_id: str, named: list[str], moments: list[_Moment]) -> Iterator[Event]:
    before: tuple[str, ...] = ("",) * len(named)
    first = True
    for moment in moments:
        for name, old, new in zip(named, before, moment.values, strict=True):
            # The first snapshot tells in which stage a deal began; its date and sum are no change.
            if old == new or (first and name != "stage"):
                continue
            yield Event(
                line=moment.line,
                deal_id=deal_id,
                deal_name=moment.name,
                at=moment.at,
                kind=_KIND_OF[name],
                before=old,
                after=new,
                author=moment.author,
            )
        before, first = moment.values, False


def _about(texts: Mapping[str, str], kind: str) -> str:
    """Put what an activity was about into one text: its kind where unknown, subject, words."""
    head = ": ".join(part for part in (kind, texts.get("subject", "")) if part)
    body = texts.get("text", "")
    return "\n".join(part for part in (head, body if body != head else "") if part)


def _rejection(row: Row, fault: Unusable) -> Rejection:
    return Rejection(row.line, fault.code, fault.text, fault.data, row.cells + row.surplus)

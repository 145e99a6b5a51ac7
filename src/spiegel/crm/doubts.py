"""Count while rows are read, and say what a person should look at. Nothing is repaired."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from .identity import KeyCounter
from .rows import DealRow, Reading, Rejection, name_fields
from .stages import ENDED, UNKNOWN
from .system import systems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from .read import Table
    from .values import Decision

_Key = TypeVar("_Key")
_LINES = 5
#: So many rejected rows are kept; the others are counted.
MAX_REJECTIONS = 20_000
_MANY_NAMES = 5_000
_YEAR = timedelta(days=365)
_ENOUGH = 10
_CLOSING = ("close_date", "closed_on")
_ROW_TEXTS = {
    "closed-before-created": "{count} deals are closed before they were created (lines {lines}).",
    "won-without-amount": "{count} won deals have an amount of 0 or none (lines {lines}).",
    "ended-without-date": "{count} deals have ended but have no closing date (lines {lines}).",
    "stage-differs": "Of {count} deals the stage says something else than the status (lines "
    "{lines}); the status counts.",
    "won-at-first-stage": "{count} deals were won while still in a first stage (lines {lines}).",
    "won-probability": "{count} won deals have no probability of 100 (lines {lines}).",
    "open-probability": "{count} open deals have a probability of 0 or 100 (lines {lines}).",
    "expected-above-amount": "Of {count} deals the expected revenue is above the amount (lines "
    "{lines}).",
    "closed-in-future": "{count} deals that have ended close after today (lines {lines}).",
    "overdue": "{count} open deals are past the date on which they should close (lines {lines}).",
    "overdue-by-a-year": "{count} open deals should have closed more than a year ago (lines "
    "{lines}).",
}


@dataclass(frozen=True)
class Doubt:
    """Something to know before going on: a stable code, an English sentence, and its figures."""

    code: str
    text: str
    data: dict[str, object]


class Tally:
    """Counts deals as they come, and finds what does not add up.

    Args:
        reading: How the rows are read.
        today: The day of looking, for what is overdue; None looks no such thing up.
    """

    def __init__(self, reading: Reading, today: date | None) -> None:
        self._reading = reading
        self._today = today
        self._lines: dict[str, list[int]] = defaultdict(list)
        self._counts: Counter[str] = Counter()
        self._first: date | None = None
        self._last: date | None = None
        self.deals = 0
        self.amounts: dict[str, Decimal] = {}
        self.stages: Counter[tuple[str, str]] = Counter()
        self.owners: Counter[str] = Counter()
        self.lost_reasons: Counter[str] = Counter()
        self.history = 0
        self.rejections: list[Rejection] = []
        self.rejected = 0
        has_id = "external_id" in reading.mapping or reading.key
        self.keys = None if has_id else KeyCounter(reading.mapping)

    def add(self, entry: DealRow | Rejection) -> None:
        """Count one row."""
        if isinstance(entry, Rejection):
            self.rejected += 1
            if len(self.rejections) < MAX_REJECTIONS:
                self.rejections.append(entry)
            return
        self.deals += 1
        _count(self.stages, (entry.stage, entry.stage_type))
        owner = entry.owner or entry.owner_email
        if owner:
            _count(self.owners, owner)
        if entry.amount is not None:
            before = self.amounts.get(entry.currency, Decimal(0))
            self.amounts[entry.currency] = before + entry.amount
        if entry.stage_type == "lost" and entry.reason:
            _count(self.lost_reasons, entry.reason)
        self.history += len(entry.history)
        self._add_days(entry)
        for code in _contradictions(entry, self._today):
            self._counts[code] += 1
            if len(self._lines[code]) <= _LINES:
                self._lines[code].append(entry.line)
        if self.keys:
            self.keys.add(entry)

    def _add_days(self, entry: DealRow) -> None:
        for day in (entry.created_on, entry.closed_on):
            if day is not None:
                if self._first is None or day < self._first:
                    self._first = day
                if self._last is None or day > self._last:
                    self._last = day

    def period(self) -> tuple[date, date] | None:
        """The first and last day anything was created or closed, or None without dates."""
        return (self._first, self._last) if self._first and self._last else None

    def doubts(self) -> Iterator[Doubt]:
        """Give what a person should know of the deals, most consequential first."""
        yield from self._about_columns()
        yield from self._about_lost()
        if len(self.amounts.keys() - {""}) > 1:
            names = ", ".join(sorted(code for code in self.amounts if code))
            text = f"The amounts are in several currencies ({names}); they are not converted."
            yield Doubt("several-currencies", text, {"currencies": names})
        if self.rejected > len(self.rejections):
            counts = {"count": self.rejected, "shown": len(self.rejections)}
            text = "{count} rows are not taken; the first {shown} of them are kept with the reason."
            yield Doubt("many-rejected", text.format(**counts), dict(counts))
        for code, text in _ROW_TEXTS.items():
            if self._counts[code] and self._could_know(code):
                yield _lined(code, text, self._counts[code], self._lines[code])

    def _could_know(self, code: str) -> bool:
        """Whether the file has the column whose emptiness would be a doubt."""
        mapping = self._reading.mapping
        if code == "won-without-amount":
            return "amount" in mapping
        if code == "won-probability":
            return "probability" in mapping
        if code == "ended-without-date":
            return any(name in mapping for name in _CLOSING)
        return True

    def _about_columns(self) -> Iterator[Doubt]:
        mapping = self._reading.mapping
        if self.keys:
            yield Doubt(
                "no-id-column",
                "There is no column with an id, so the next export of these deals cannot update "
                "them.",
                {},
            )
            equal = self.keys.equal
            if equal.merged:
                yield _same(equal.merged, equal.examples)
        if "reason" not in mapping and any(kind == "lost" for _, kind in self.stages):
            yield Doubt(
                "no-reason-column",
                "There is no column that says why a deal was lost; Spiegel does not make one up.",
                {},
            )
        if "name" not in mapping:
            fields = (*name_fields(systems()[self._reading.system]), "external_id")
            headers = [mapping[name] for name in fields if name in mapping]
            shown = ", ".join(headers[:-1] if "external_id" in mapping and headers[1:] else headers)
            yield Doubt(
                "name-derived",
                f"There is no column with names of deals; they are named after {shown}.",
                {"headers": shown},
            )

    def _about_lost(self) -> Iterator[Doubt]:
        system = systems()[self._reading.system]
        kinds = Counter[str]()
        for (_, kind), number in self.stages.items():
            kinds[kind] += number
        if not kinds["lost"] and not kinds[UNKNOWN] and self.deals >= _ENOUGH:
            if system.archives_lost:
                text = (
                    f"There is no lost deal in this file. {system.name} archives lost deals: "
                    "export again with archived deals included."
                )
                yield Doubt("lost-archived", text, {"system": system.name})
            elif kinds["won"]:
                text = "There is no lost deal in this file; look whether the export left them out."
                yield Doubt("no-lost-deals", text, {})
        if system.mixes_lost_and_parked and self.lost_reasons:
            names = ", ".join(name for name, _ in self.lost_reasons.most_common(_LINES))
            text = (
                f"In {system.name} deals are sometimes closed as lost that are only parked. Look "
                f"at the reasons: {names}."
            )
            yield Doubt("lost-or-parked", text, {"system": system.name, "reasons": names})


def about_values(dates: Decision, amounts: Decision) -> Iterator[Doubt]:
    """Say where the order of dates or the decimal sign is not sure, or values disagree."""
    for code, decision, what in (
        ("date-order", dates, "date"),
        ("decimal-sign", amounts, "amount"),
    ):
        if not decision.is_sure:
            text = (
                f"No {what} in this file tells for sure how to read the others: "
                f"{decision.either} are read as {decision.choice}. Look whether that is right."
            )
            yield Doubt(
                f"{code}-unsure", text, {"count": decision.either, "choice": decision.choice}
            )
        if decision.against:
            text = (
                f"{decision.decided_by} {what}s can only be read as {decision.choice}, but "
                f"{decision.against} only the other way round; those rows are rejected."
            )
            counts = {"count": decision.decided_by, "against": decision.against}
            yield Doubt(f"{code}-mixed", text, {**counts, "choice": decision.choice})


def about_table(table: Table) -> Iterator[Doubt]:
    """Say what of the file itself was passed over."""
    passed = table.passed
    for code, text, lines in (
        ("lines-before-header", "{count} lines above the header are passed over (lines {lines}).",
         passed.before),
        ("header-repeated", "{count} lines repeat the header and are passed over (lines {lines}).",
         passed.headers),
        ("footer", "{count} lines with totals or small print are passed over (lines {lines}).",
         passed.footers),
    ):  # fmt: skip
        if lines:
            yield _lined(code, text, len(lines), lines)
    if table.other_sheets:
        names = ", ".join(table.other_sheets)
        text = f"The sheet {table.sheet} is read; not read: {names}."
        yield Doubt("other-sheets", text, {"sheet": table.sheet, "others": names})
    if table.broken:
        text = f"{table.broken} characters of this file could not be read; they show as \ufffd."
        yield Doubt("broken-characters", text, {"count": table.broken})


def _lined(code: str, text: str, count: int, lines: Sequence[int]) -> Doubt:
    shown = ", ".join(map(str, lines[:_LINES])) + (" …" if count > _LINES else "")
    data = {"count": count, "lines": shown}
    return Doubt(code, text.format(**data), dict(data))


def _same(count: int, examples: Sequence[tuple[int, int]]) -> Doubt:
    lines = ", ".join(f"{first} = {line}" for first, line in examples)
    text = (
        f"{count} rows equal an earlier row in every column (lines {lines}); they are all kept, "
        "unless you choose what tells deals apart."
    )
    return Doubt("rows-equal", text, {"count": count, "lines": lines})


def _count(counts: Counter[_Key], key: _Key) -> None:
    """Count a name, as long as there are not so many that it cannot be a list of names."""
    if key in counts or len(counts) < _MANY_NAMES:
        counts[key] += 1


def _contradictions(deal: DealRow, today: date | None) -> Iterator[str]:
    yield from deal.oddities
    closed, kind = deal.closed_on, deal.stage_type
    if closed is None:
        if kind in {"won", "lost"}:
            yield "ended-without-date"
    elif deal.created_on and closed < deal.created_on:
        yield "closed-before-created"
    if kind == "won" and not deal.amount:
        yield "won-without-amount"
    yield from _odd_chance(kind, deal.probability)
    if deal.weighted_amount and deal.amount is not None and deal.weighted_amount > deal.amount:
        yield "expected-above-amount"
    if today is not None:
        yield from _odd_today(deal, today)


def _odd_chance(kind: str, probability: Decimal | None) -> Iterator[str]:
    if kind == "won" and probability not in {100, 1}:
        yield "won-probability"
    if kind == "open" and probability in {0, 100}:
        yield "open-probability"


def _odd_today(deal: DealRow, today: date) -> Iterator[str]:
    if deal.closed_on and deal.closed_on > today and deal.stage_type in ENDED:
        yield "closed-in-future"
    expected = deal.expected_close_on
    if expected and expected < today and deal.stage_type == "open":
        yield "overdue-by-a-year" if today - expected > _YEAR else "overdue"

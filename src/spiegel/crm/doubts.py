"""Count while rows are read, and say what a person should look at. Nothing is repaired."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from .rows import DealRow, Reading, Rejection, name_fields
from .system import systems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from .values import Decision

_LINES = 5
_CLOSING = ("close_date", "closed_on")
_ROW_TEXTS = {
    "closed-before-created": "{count} deals are closed before they were created (lines {lines}).",
    "won-without-amount": "{count} won deals have an amount of 0 or none (lines {lines}).",
    "ended-without-date": "{count} deals have ended but have no closing date (lines {lines}).",
}


@dataclass(frozen=True)
class Doubt:
    """Something to know before going on: a stable code, an English sentence, and its figures."""

    code: str
    text: str
    data: dict[str, object]


class Tally:
    """Counts deals as they come, and finds what does not add up."""

    def __init__(self, reading: Reading, dates: Decision, amounts: Decision) -> None:
        self._reading = reading
        self._dates = dates
        self._amounts = amounts
        self._lines: dict[str, list[int]] = defaultdict(list)
        self._first: date | None = None
        self._last: date | None = None
        self.deals = 0
        self.amount_total = Decimal(0)
        self.stages: Counter[tuple[str, str]] = Counter()
        self.owners: Counter[str] = Counter()
        self.rejections: list[Rejection] = []

    def add(self, entry: DealRow | Rejection) -> None:
        """Count one row."""
        if isinstance(entry, Rejection):
            self.rejections.append(entry)
            return
        self.deals += 1
        self.stages[entry.stage, entry.stage_type] += 1
        if entry.owner or entry.owner_email:
            self.owners[entry.owner or entry.owner_email] += 1
        if entry.amount is not None:
            self.amount_total += entry.amount
        for day in (entry.created_on, entry.closed_on):
            if day is not None:
                self._first = min(self._first or day, day)
                self._last = max(self._last or day, day)
        for code in _contradictions(entry):
            self._lines[code].append(entry.line)

    def period(self) -> tuple[date, date] | None:
        """The first and last day anything was created or closed, or None without dates."""
        return (self._first, self._last) if self._first and self._last else None

    def doubts(self) -> Iterator[Doubt]:
        """Give what a person should know, most consequential first."""
        yield from self._about_values()
        yield from self._about_columns()
        for code, text in _ROW_TEXTS.items():
            lines = self._lines[code]
            if lines and self._could_know(code):
                shown = ", ".join(map(str, lines[:_LINES])) + (" …" if lines[_LINES:] else "")
                data = {"count": len(lines), "lines": shown}
                yield Doubt(code, text.format(**data), data)

    def _could_know(self, code: str) -> bool:
        """Whether the file has the column whose emptiness would be a doubt."""
        mapping = self._reading.mapping
        if code == "won-without-amount":
            return "amount" in mapping
        return any(name in mapping for name in _CLOSING)

    def _about_values(self) -> Iterator[Doubt]:
        for code, decision, what in (
            ("date-order-unsure", self._dates, "date"),
            ("decimal-sign-unsure", self._amounts, "amount"),
        ):
            if not decision.is_sure:
                text = (
                    f"No {what} in this file tells for sure how to read the others: "
                    f"{decision.either} are read as {decision.choice}. Look whether that is right."
                )
                yield Doubt(code, text, {"count": decision.either, "choice": decision.choice})
        if self._dates.against:
            text = (
                f"{self._dates.decided_by} dates can only be read as {self._dates.choice}, but "
                f"{self._dates.against} only the other way round; those rows are rejected."
            )
            counts = {"count": self._dates.decided_by, "against": self._dates.against}
            yield Doubt("date-order-mixed", text, {**counts, "choice": self._dates.choice})

    def _about_columns(self) -> Iterator[Doubt]:
        mapping = self._reading.mapping
        if "external_id" not in mapping:
            yield Doubt(
                "no-id-column",
                "There is no column with an id, so the next export of these deals cannot update "
                "them.",
                {},
            )
        if "reason" not in mapping and any(kind == "lost" for _, kind in self.stages):
            yield Doubt(
                "no-reason-column",
                "There is no column that says why a deal was lost; Spiegel does not make one up.",
                {},
            )
        if "name" not in mapping:
            fields = name_fields(systems()[self._reading.system])
            headers = ", ".join(mapping[name] for name in fields if name in mapping)
            yield Doubt(
                "name-derived",
                f"There is no column with names of deals; they are named after {headers}.",
                {"headers": headers},
            )


def _contradictions(deal: DealRow) -> Iterator[str]:
    if deal.created_on and deal.closed_on and deal.closed_on < deal.created_on:
        yield "closed-before-created"
    if deal.stage_type == "won" and not deal.amount:
        yield "won-without-amount"
    if deal.stage_type in {"won", "lost"} and deal.closed_on is None:
        yield "ended-without-date"

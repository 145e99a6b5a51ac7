"""Small drawings made on the server, as numbers for a template's SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from spiegel_portal.deals.models import Deal, DealEvent

#: The width of a drawing in its own units; the page scales it.
WIDTH = 600


@dataclass(frozen=True, slots=True)
class Point:
    """Something on a line of time: where (0 to WIDTH), when, what kind, and its words."""

    x: int
    day: date
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A deal's life so far, from its first day to today, its end or its expected end."""

    points: tuple[Point, ...]
    today: int
    start: date
    end: date


def deal_line(*, deal: Deal, events: Sequence[DealEvent], today: date) -> Line | None:
    """Lay out a deal's life on a line.

    Args:
        deal: Which.
        events: Its events, in any order.
        today: The day that is marked as today.

    Returns:
        None where fewer than two dates are known: nothing to draw.
    """
    days = [event.at.date() for event in events]
    start = min([day for day in (deal.created_on, *days) if day], default=None)
    if start is None:
        return None
    end = deal.closed_on or max(today, deal.expected_close_on or today)
    length = (end - start).days
    if length < 1:
        return None

    def place(day: date) -> int:
        return round(WIDTH * min(max((day - start).days / length, 0), 1))

    points = [
        Point(
            x=place(event.at.date()),
            day=event.at.date(),
            kind="change" if event.kind in {"stage", "date", "amount"} else "said",
            text=event.get_kind_display(),
        )
        for event in sorted(events, key=lambda event: event.at)
    ]
    return Line(points=tuple(points), today=place(today), start=start, end=end)

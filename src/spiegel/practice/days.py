"""From a memory to the day its lesson comes back, holidays counted."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from .memory import interval

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .memory import Memory

DAY = dt.timedelta(days=1)


def anchor_day(memory: Memory, zone: dt.tzinfo) -> dt.date:
    """Give the day, where its owner lives, from which a memory's interval is counted.

    That is the day of the last recall, or the day the lesson was drawn.
    """
    if memory["last_review"] is not None:
        moment = dt.datetime.fromisoformat(memory["last_review"])
    else:
        moment = dt.datetime.fromisoformat(memory["due"]) - DAY
    return moment.astimezone(zone).date()


def due_day(
    memory: Memory, zone: dt.tzinfo, holds: Iterable[tuple[dt.date, dt.date]] = ()
) -> dt.date:
    """Give the day a lesson comes back, where its owner lives.

    Whole days are counted from the day of the recall, so that neither the hour of the recall nor
    a change to summer time moves the day.

    Args:
        memory: The memory of the lesson.
        zone: The owner's time zone.
        holds: The owner's holidays, each as its first and last day, in any order.
    """
    anchor = anchor_day(memory, zone)
    return shift(anchor + interval(memory) * DAY, anchor, holds)


def shift(due: dt.date, since: dt.date, holds: Iterable[tuple[dt.date, dt.date]]) -> dt.date:
    """Move a due day past the holidays in its way.

    Each holiday moves a due day on or after its first day by its length; of a holiday that was
    already under way on the day `since`, only the days from that day on count. The due day is
    worked out anew from where it would be without holidays, so ending one early takes exactly the
    rest of it back.

    Args:
        due: The day without holidays.
        since: The day the interval is counted from.
        holds: Holidays that do not overlap, each as its first and last day, in any order.
    """
    for first, last in sorted(holds):
        start = max(first, since)
        if last >= start and due >= start:
            due += last - start + DAY
    return due

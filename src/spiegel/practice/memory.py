"""What is known of the memory of one lesson, and what a recall changes about it."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, TypedDict

from spiegel.errors import DataError, InputError

if TYPE_CHECKING:
    from fsrs import Scheduler

#: The chance of recalling a lesson at which it comes back.
RETENTION = 0.9
#: The longest a lesson stays away, in days: a live deal seldom waits longer.
LONGEST_DAYS = 90
#: From 1 (did not come back) to 4 (at once), as FSRS counts them.
RATINGS = (1, 2, 3, 4)


class Memory(TypedDict):
    """The state of one memory as JSON can hold it; py-fsrs's own card, moments in ISO 8601 UTC."""

    card_id: int
    state: int
    step: int | None
    stability: float | None
    difficulty: float | None
    due: str
    last_review: str | None


def new_memory(now: dt.datetime) -> Memory:
    """Start the memory of a lesson drawn now: it first comes back after a day.

    Args:
        now: The moment, with its time zone.

    Raises:
        InputError: ``naive-time`` when the moment has no time zone.
    """
    return {
        "card_id": 0,  # py-fsrs sleeps a millisecond to make one up; ours have keys of their own
        "state": 1,
        "step": 0,
        "stability": None,
        "difficulty": None,
        "due": (_utc(now) + dt.timedelta(days=1)).isoformat(),
        "last_review": None,
    }


def review(memory: Memory, rating: int, now: dt.datetime) -> Memory:
    """Give the memory as it is after a recall. The one given is left as it was.

    Args:
        memory: From :func:`new_memory` or an earlier review.
        rating: 1 did not come back, 2 with effort, 3 well, 4 at once.
        now: The moment of the recall, with its time zone.

    Raises:
        InputError: ``naive-time`` or ``unknown-rating``.
        DataError: ``damaged-memory`` when the memory is not one of ours; ``fsrs-missing`` when
            the fsrs library is not installed.
    """
    if rating not in RATINGS:
        raise InputError(
            "unknown-rating", f"The rating is {rating}; it is one of 1, 2, 3 and 4.", rating=rating
        )
    moment = _utc(now)
    scheduler = _scheduler()
    from fsrs import Card, Rating  # noqa: PLC0415  (the engine itself only needs numpy)

    try:
        card = Card.from_dict(memory)
        after, _log = scheduler.review_card(card, Rating(rating), review_datetime=moment)
    except (AssertionError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            "damaged-memory", "The memory of this card is damaged; start it anew.", memory=memory
        ) from error
    return after.to_dict()


def outlook(memory: Memory, now: dt.datetime) -> dict[int, Memory]:
    """Give, for each rating, the memory as it would be if recalled so now; raises as `review`."""
    return {rating: review(memory, rating, now) for rating in RATINGS}


def interval(memory: Memory) -> int:
    """Tell how many whole days the lesson stays away, counted from its last recall."""
    if memory["last_review"] is None:
        return 1
    return (_moment(memory["due"]) - _moment(memory["last_review"])).days


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _utc(now: dt.datetime) -> dt.datetime:
    if now.tzinfo is None:
        raise InputError(
            "naive-time", f"The moment {now.isoformat()} has no time zone: give it one."
        )
    return now.astimezone(dt.UTC)


@cache
def _scheduler() -> Scheduler:
    try:
        from fsrs import Scheduler  # noqa: PLC0415  (the engine itself only needs numpy)
    except ImportError as error:
        raise DataError(
            "fsrs-missing",
            "Practice cards need the fsrs library, which is not installed: pip install fsrs.",
        ) from error
    return Scheduler(
        desired_retention=RETENTION,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST_DAYS,
        enable_fuzzing=False,
    )

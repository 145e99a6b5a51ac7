"""Claims that cannot both hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from .language import load
from .types import TOPICS, Contradiction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .extract import Found

#: Amounts and counts within this part of each other are one figure, rounded.
_CLOSE = 0.12
#: Deadlines this many days apart are one deadline, roughly told.
_DAYS = 21
#: Which change of a yes-or-no claim does not fit; the way back is how deals make progress.
_BREAKS = {
    "available": ("yes", "no"),
    "decides": ("self", "other"),
    "urgent": ("yes", "no"),
    "needed": ("yes", "no"),
    "alone": ("yes", "no"),
}


def find_contradictions(claims: Iterable[Found], lang: str) -> tuple[Contradiction, ...]:
    """Find claims that cannot both hold: the first pair per topic.

    A change that comes with its reason ("since the board added 20k") is none; a change in the
    direction in which deals move forward is one only if the later claim speaks of all along.

    Args:
        claims: The claims of one deal.
        lang: The language of the questions.
    """
    questions = load(lang).questions
    order = sorted(claims, key=lambda found: (found.claim.date, found.claim.event))
    pairs = [*_pairs(order)]
    first = [next((pair for pair in pairs if pair[0].claim.topic == topic), None)
             for topic in TOPICS]  # fmt: skip
    return tuple(
        Contradiction(one.claim.topic, one.claim, two.claim, questions[one.claim.topic])
        for one, two in filter(None, first)
    )


def _pairs(order: list[Found]) -> Iterator[tuple[Found, Found]]:
    for place, one in enumerate(order):
        for two in order[place + 1 :]:
            same = (one.claim.topic, one.claim.about) == (two.claim.topic, two.claim.about)
            if same and one.claim.event != two.claim.event and _conflict(one, two):
                yield one, two


def _conflict(one: Found, two: Found) -> bool:
    if one.claim.about.startswith("said "):
        return one.claim.value != two.claim.value
    if two.explained and not two.always:
        return False
    about, before, after = one.claim.about, one.claim.value, two.claim.value
    if about == "deadline":
        return abs((date.fromisoformat(before) - date.fromisoformat(after)).days) > _DAYS
    if about in _BREAKS:
        forward = (before, after) == _BREAKS[about]
        return forward or (before != after and two.always)
    low, high = sorted((float(before), float(after)))
    return high - low > _CLOSE * high

"""Delay: agreed dates put off, twice or more, by the prospect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spiegel.claims.utterances import PROSPECT
from spiegel.claims.values import days

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from spiegel.claims.utterances import Utterance

    from .reading import Moment, Reading


def delays(reading: Reading) -> tuple[int, ...]:
    """Find the events in which the prospect puts off what was agreed.

    A date that comes earlier, a change for the seller's sake, and a change within a day are none.
    """
    return tuple(_moves(reading))


def _moves(reading: Reading) -> Iterator[int]:
    known: list[date] = []
    moved = False
    for place, moment in enumerate(reading.moments):
        if place and _puts_off(moment, known, reading, moved=moved):
            moved = True
            yield moment.place
        known += [day for day, _, _ in _dates(moment, reading)]


def _puts_off(moment: Moment, known: list[date], reading: Reading, *, moved: bool) -> bool:
    if any(
        each.speaker != PROSPECT and reading.has("own_cause", each.folded) for each in moment.said
    ):
        return False
    for each in moment.not_by_seller():
        if reading.has("no_move", each.folded):
            continue
        if reading.has("move", each.folded):
            return True
        if reading.has("positive", each.folded) or not reading.has("move_weak", each.folded):
            continue
        if _later(each, known, reading, moved=moved):
            return True
    return False


def _later(each: Utterance, known: list[date], reading: Reading, *, moved: bool) -> bool:
    """Tell whether an utterance names a later time than one that was due about now."""
    due = [day for day in known if abs((day - each.date).days) <= 21]
    if not due and not moved:
        return False
    named = [day for day, _, _ in days(each.folded, each.date, reading.language.claims)]
    if not named:
        return reading.language.claims.phrases.has("period", each.folded)
    return max(named) > min(due, default=each.date)


def _dates(moment: Moment, reading: Reading) -> Iterator[tuple[date, int, int]]:
    return days(moment.folded, moment.date, reading.language.claims)

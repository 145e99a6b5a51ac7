"""Delay: agreed dates put off, twice or more, by the prospect."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    for place, moment in enumerate(reading.moments):
        said = moment.not_by_seller()
        if place and _puts_off(moment, said, known, reading):
            yield moment.place
        known += [day for day, _, _ in _dates(moment, reading)]


def _puts_off(
    moment: Moment, said: tuple[Utterance, ...], known: list[date], reading: Reading
) -> bool:
    if reading.has("own_cause", moment.folded):
        return False
    for each in said:
        if reading.has("no_move", each.folded):
            continue
        if reading.has("move", each.folded):
            return True
        if reading.has("move_weak", each.folded) and _later(each, known, reading):
            return True
    return False


def _later(each: Utterance, known: list[date], reading: Reading) -> bool:
    """Tell whether an utterance names a day after one that was due about now."""
    due = [day for day in known if abs((day - each.date).days) <= 21]
    named = [day for day, _, _ in days(each.folded, each.date, reading.language.claims)]
    if not due:
        return False
    if not named:
        return reading.language.claims.phrases.has("period", each.folded)
    return max(named) > min(due)


def _dates(moment: Moment, reading: Reading) -> Iterator[tuple[date, int, int]]:
    return days(moment.folded, moment.date, reading.language.claims)

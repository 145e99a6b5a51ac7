"""Silence: no answer, measured in working days against this prospect's own rhythm."""

from __future__ import annotations

import statistics
from itertools import pairwise
from typing import TYPE_CHECKING

from spiegel.claims.values import days

from .calendar import working_days
from .reading import TOGETHER

if TYPE_CHECKING:
    from datetime import date

    from .reading import Moment, Reading


def silence(reading: Reading) -> tuple[int, ...]:
    """Find the attempts that have gone unanswered up to now; none when there is no silence.

    A tender's rules, and an absence that was announced and is not long over, explain a silence.
    """
    moments = reading.moments
    if any(reading.has("tender", each.folded) for each in moments):
        return ()
    start = _last_contact(reading) + 1
    tries = [
        each for each in moments[start:] if _unanswered(each, reading) or _tries(each, reading)
    ]
    if not tries or _absent(reading, start):
        return ()
    told = [place for place, each in enumerate(tries) if _unanswered(each, reading)]
    if told:  # what was sent before the first "no answer" is not evidence yet
        tries = tries[told[0] :]
    span = _days(tries[0].date, reading.as_of, reading)
    if span < reading.settings.rhythm * _rhythm(reading, start):
        return ()
    enough = len(tries) >= reading.settings.unanswered and told
    if enough and span >= reading.settings.silence_days:
        return tuple(each.place for each in tries)
    if span >= reading.settings.long_silence_days:
        return tuple(each.place for each in tries)
    return ()


def _last_contact(reading: Reading) -> int:
    """Give the position of the prospect's last sign of life; -1 when there is none."""
    for place in range(len(reading.moments) - 1, -1, -1):
        if _alive(reading.moments[place], reading):
            return place
    return -1


def _alive(moment: Moment, reading: Reading) -> bool:
    if _unanswered(moment, reading):
        return False
    if moment.by_prospect() or reading.has("reply", moment.folded):
        return True
    return moment.event.kind in TOGETHER and not reading.has("attempt", moment.folded)


def _unanswered(moment: Moment, reading: Reading) -> bool:
    return reading.has("no_reply", moment.folded)


def _tries(moment: Moment, reading: Reading) -> bool:
    return moment.event.kind != "note" and reading.has("attempt", moment.folded)


def _absent(reading: Reading, start: int) -> bool:
    """Tell whether an absence was announced, shortly before or in the silence, and is not over."""
    for moment in reading.moments[max(0, start - 2) :]:
        if not reading.has("absence", moment.folded):
            continue
        named = [day for day, _, _ in days(moment.folded, moment.date, reading.language.claims)]
        back = [day for day in named if day > moment.date]
        if not back or _days(max(back), reading.as_of, reading) < 10:
            return True
    return False


def _rhythm(reading: Reading, stop: int) -> float:
    """Give this prospect's usual time between signs of life, in working days; 0 if unknown."""
    seen = [each.date for each in reading.moments[:stop] if _alive(each, reading)]
    gaps = [_days(one, two, reading) for one, two in pairwise(seen)]
    return statistics.median(gaps) if len(gaps) >= 2 else 0.0


def _days(start: date, end: date, reading: Reading) -> int:
    return working_days(start, end, reading.settings.countries)

"""All signs of a deal on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spiegel.claims.conflict import find_contradictions
from spiegel.claims.extract import from_utterances

from .closing import is_closed
from .falling_silent import silence
from .hiding import hidden
from .on_facts import on_facts
from .postponing import delays
from .reading import read
from .refusing import refusals
from .types import SIGNS, Sign, SignSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from .reading import Reading
    from .types import Timeline

#: How sure a sign of this kind is; measured, see docs/signs-card.md.
_SURE = {"refuses_commitment": 0.85, "delay": 0.9, "silence": 0.9, "hidden_decision_maker": 0.85}


def find_signs(
    timeline: Timeline, as_of: date | None = None, settings: SignSettings | None = None
) -> tuple[Sign, ...]:
    """Find a deal's warning signs as they stood on a day.

    Args:
        timeline: The deal's events, its language, and what else is known of it.
        as_of: The day; later events are not looked at. When not given it is the timeline's own,
            or that of its last event.
        settings: The thresholds; the defaults when not given.

    Returns:
        The signs in the order of ``spiegel.SIGNS``, at most one of each but for contradictions:
        one per topic. A deal that is signed, lost or stopped has none.
    """
    tuned = settings or SignSettings()
    reading = read(timeline, as_of, tuned)
    if not reading.moments or is_closed(reading):
        return ()
    found = [*_from_texts(reading)]
    if timeline.facts:
        found += on_facts(timeline.facts, reading)
    kept = [sign for sign in found if sign.sign not in tuned.off]
    return tuple(sorted(kept, key=lambda sign: SIGNS.index(sign.sign)))


def _from_texts(reading: Reading) -> Iterator[Sign]:
    conflicts = [*_contradictions(reading)]
    yield from conflicts
    explained = {
        place for sign in conflicts if sign.topic == "authority" for place in sign.evidence
    }
    moved = delays(reading)
    if len(moved) < reading.settings.delays:
        moved = ()
    else:
        yield _sign("delay", moved, reading)
    refused = tuple(place for place in refusals(reading) if place not in moved)
    if refused:
        yield _sign("refuses_commitment", refused, reading)
    unanswered = silence(reading)
    if unanswered:
        yield _sign("silence", unanswered, reading)
    out_of_sight = tuple(place for place in hidden(reading) if place not in explained)
    if out_of_sight:
        yield _sign("hidden_decision_maker", out_of_sight, reading)


def _contradictions(reading: Reading) -> Iterator[Sign]:
    said = [each for moment in reading.moments for each in moment.said]
    claims = from_utterances(said, reading.language.claims)
    for conflict in find_contradictions(claims, reading.language.claims.code):
        earlier, later = conflict.earlier, conflict.later
        reason = reading.language.reasons["contradiction"].format(
            earlier=earlier.words, first=earlier.date, later=later.words, second=later.date
        )
        yield Sign(
            sign="contradiction",
            evidence=tuple(sorted((earlier.event, later.event))),
            topic=conflict.topic,
            since=later.date,
            sure=round(min(earlier.firm, later.firm), 2),
            reason=reason,
            contradiction=conflict,
        )


def _sign(name: str, places: tuple[int, ...], reading: Reading) -> Sign:
    dates = {moment.place: moment.date for moment in reading.moments}
    first, last = dates[places[0]], dates[places[-1]]
    holds = dates[places[reading.settings.delays - 1]] if name == "delay" else first
    reason = reading.language.reasons[name].format(count=len(places), first=first, last=last)
    topic = "authority" if name == "hidden_decision_maker" else "timing"
    return Sign(name, places, topic, holds, _SURE[name], reason)

"""Refused commitment: no next step, date or decision after it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spiegel.claims.utterances import PROSPECT

from .asking import asks, evades

if TYPE_CHECKING:
    from spiegel.claims.utterances import Utterance

    from .reading import Moment, Reading


def refusals(reading: Reading) -> tuple[int, ...]:
    """Find the events in which the prospect will not be held to a step, a date or a decision."""
    moments = reading.moments
    return tuple(
        moment.place
        for place, moment in enumerate(moments)
        if _refuses(moment, moments[place - 1] if place else None, reading)
    )


def _refuses(moment: Moment, before: Moment | None, reading: Reading) -> bool:
    said = moment.not_by_seller()
    if asks(moment, reading, "ask_who") and not asks(moment, reading, "ask_commit"):
        return False
    if evades(moment, reading, "ask_commit"):
        return True
    for place, each in enumerate(said):
        strong = reading.has("refuse", each.folded)
        weak = each.speaker == PROSPECT and reading.has("refuse_weak", each.folded)
        if not strong and not (weak and _asked(moment, before, reading)):
            continue
        if not _commits(said[place:], reading):
            return True
    return False


def _asked(moment: Moment, before: Moment | None, reading: Reading) -> bool:
    if asks(moment, reading, "ask_commit"):
        return True
    return before is not None and asks(before, reading, "ask_commit")


def _commits(said: tuple[Utterance, ...], reading: Reading) -> bool:
    """Tell whether the prospect names a day after all, from the refusal onwards."""
    return any(reading.has("commits", each.folded) for each in said)

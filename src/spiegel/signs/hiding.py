"""Hidden decision maker: somebody decides who is not named, not to be met, or turns up late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .asking import asks, evades
from .reading import TOGETHER

if TYPE_CHECKING:
    from .reading import Moment, Reading


def hidden(reading: Reading) -> tuple[int, ...]:
    """Find the events that point to a decision maker out of sight."""
    return tuple(
        moment.place
        for place, moment in enumerate(reading.moments)
        if _blocked(moment, reading)
        or _unsaid(moment, reading)
        or (place and _turns_up(place, moment, reading))
    )


def _blocked(moment: Moment, reading: Reading) -> bool:
    """Tell whether the way to who decides is closed, or who it is stays unsaid."""
    if reading.opens(moment.folded):
        return False
    return any(
        reading.has("blocked", each.folded) or reading.has("unnamed", each.folded)
        for each in moment.not_by_seller()
    )


def _unsaid(moment: Moment, reading: Reading) -> bool:
    """Tell whether the seller asks who decides, or to meet them, and gets nothing."""
    if reading.opens(moment.folded) or asks(moment, reading, "ask_commit"):
        return False
    if reading.language.claims.phrases.has("decides_self", moment.folded):
        return False
    return evades(moment, reading, "ask_who")


def _turns_up(place: int, moment: Moment, reading: Reading) -> bool:
    """Tell whether somebody who decides is first heard of when the offer is on the table."""
    before, after = reading.moments[:place], reading.moments[place + 1 :]
    late = place * 2 >= len(reading.moments) or any(
        reading.has("offer", each.folded) for each in before
    )
    if not late:
        return False
    for each in moment.not_by_seller():
        if not reading.has("late_decider", each.folded):
            continue
        roles = _roles(each.folded, reading)
        if reading.opens(moment.folded):
            continue
        known = any(roles & _roles(one.folded, reading) for one in before)
        met = any(
            roles & _roles(one.folded, reading) and _takes_part(one, reading) for one in after
        )
        if not known and not met:
            return True
    return False


def _takes_part(moment: Moment, reading: Reading) -> bool:
    """Tell whether somebody who is mentioned in an event is there, or lets us in."""
    if reading.opens(moment.folded):
        return True
    return moment.event.kind in TOGETHER and not (
        reading.has("late_decider", moment.folded) or reading.has("negative", moment.folded)
    )


def _roles(folded: str, reading: Reading) -> set[str]:
    pattern = reading.language.phrases.pattern("decider")
    return {found.group() for found in pattern.finditer(folded)}

"""Whether a deal is over: then it has no signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .reading import Reading

#: How many events before the last one may tell the end: a note of thanks often follows.
_TAIL = 3


def is_closed(reading: Reading) -> bool:
    """Tell whether the last events say that the deal was signed, lost or stopped."""
    half = len(reading.moments) // 2
    for moment in reading.moments[max(half, len(reading.moments) - _TAIL) :]:
        for each in moment.said:
            found = reading.has("won", each.folded) or reading.has("closed", each.folded)
            if found and not reading.has("not_closed", each.folded):
                return True
    return False

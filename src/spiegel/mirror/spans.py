"""Which words moved the decision: one readable run of words per mark."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from .features import Token

#: The longest run, in tokens, and as a part of the sentence.
_LONGEST = 8
_PART = 0.7
#: A sentence of so few tokens may be shown whole. In a longer one a run has four tokens at
#: least, or two in a sentence below _MIDDLING, as one word alone seldom reads.
_SHORT = 3
_MIDDLING = 6
#: What a token pays to be in the run, as a part of the mean of what tokens add.
_TOLL = 0.2
#: Signs that do not part clauses.
_INSIDE = frozenset("-'’%€$£&/")


def strongest(
    tokens: Sequence[Token], adds: Sequence[float], weak_ends: Collection[str] = ()
) -> tuple[int, int]:
    """Find the run of words that adds most to a label.

    Each token pays a toll, so that a run ends where words stop helping: a maximum-sum run
    (Bentley 1984) of bounded length. A comma or another sign between clauses costs as much as the
    strongest word brings, so that a run seldom crosses one.

    Args:
        tokens: The sentence's tokens, at least one.
        adds: What each adds to the label's score.
        weak_ends: Words a run does not end on where another run will do.

    Returns:
        Start and end of the run, in characters of the sentence.
    """
    many = len(tokens)
    longest = many if many <= _SHORT else min(_LONGEST, int(many * _PART))
    shortest = 1 if many <= _SHORT else 2 if many < _MIDDLING else 4
    toll = max(sum(adds) / many, 0.0) * _TOLL
    crossing = max(*adds, 0.0)
    paid = [
        add - toll - (0.0 if token.text[0].isalnum() or token.text in _INSIDE else crossing)
        for token, add in zip(tokens, adds, strict=True)
    ]
    sums = [0.0, *accumulate(paid)]
    strong = [token.text not in weak_ends for token in tokens]
    runs = (
        (strong[last], sums[last + 1] - sums[first], -first, last)
        for first in range(many)
        for last in range(first + shortest - 1, min(first + longest, many))
    )
    _, _, minus_first, last = max(runs)
    return _trimmed(tokens, -minus_first, last)


def _trimmed(tokens: Sequence[Token], first: int, last: int) -> tuple[int, int]:
    """Leave out signs at the edges of a run."""
    while first < last and not tokens[first].text[0].isalnum():
        first += 1
    while last > first and not tokens[last].text[-1].isalnum():
        last -= 1
    return tokens[first].start, tokens[last].end

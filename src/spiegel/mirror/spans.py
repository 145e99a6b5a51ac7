"""Which words moved the decision: one readable run of words per mark."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .features import TOKEN
from .words import EDGE, Facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .words import Row

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


class _Tokens(NamedTuple):
    """The tokens of many sentences in one row, without edges.

    Attributes:
        starts: Where each sentence begins, shape (sentences,).
        many: How many tokens each has, shape (sentences,).
        sentence: Which one each token belongs to, shape (tokens,).
        opens, closes: Whether a token begins, and ends, with a letter or digit, shape (tokens,).
        inside: Whether it stands inside a clause and parts none, shape (tokens,).
        weak: Whether a run had better not end on it, shape (tokens,).
    """

    starts: NDArray[np.int64]
    many: NDArray[np.int64]
    sentence: NDArray[np.int64]
    opens: NDArray[np.bool_]
    closes: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    weak: NDArray[np.bool_]


def strongest(
    sentences: Sequence[str],
    row: Row,
    adds: NDArray[np.float64],
    weak_ends: frozenset[str] = frozenset(),
) -> list[tuple[int, int]]:
    """Find, in each sentence, the run of words that adds most to a label.

    Each token pays a toll, so that a run ends where words stop helping: a maximum-sum run
    (Bentley 1984) of bounded length. A comma or another sign between clauses costs as much as the
    strongest word brings, so that a run seldom crosses one.

    Args:
        sentences: Each with at least one token.
        row: The sentences cut into words.
        adds: What each token or edge of the row adds to the label's score, shape (n,).
        weak_ends: Words a run does not end on where another run will do.

    Returns:
        Per sentence the start and end of its run, in characters of the sentence.
    """
    tokens = _tokens(row, weak_ends)
    firsts, lasts = _runs(tokens, adds[row.ids != EDGE])
    found = []
    for text, start, first, last in zip(
        sentences, tokens.starts.tolist(), firsts.tolist(), lasts.tolist(), strict=True
    ):
        left, right = _trimmed(tokens, first, last)
        places = list(islice(TOKEN.finditer(text), right - start + 1))
        found.append((places[left - start].start(), places[-1].end()))
    return found


def _tokens(row: Row, weak_ends: frozenset[str]) -> _Tokens:
    edges = 2 * np.arange(len(row.starts))
    many = np.append(row.starts[1:], len(row.ids)) - row.starts - 2
    facts = _facts(weak_ends).of(row.words)[row.ids[row.ids != EDGE]]
    sentence = np.repeat(np.arange(len(many)), many)
    return _Tokens(row.starts - edges, many, sentence, *facts.T)


@lru_cache(maxsize=16)
def _facts(weak_ends: frozenset[str]) -> Facts[np.bool_]:
    def find(texts: Sequence[str]) -> NDArray[np.bool_]:
        return np.array(
            [
                (
                    text[0].isalnum(),
                    text[-1].isalnum(),
                    text[0].isalnum() or text in _INSIDE,
                    text in weak_ends,
                )
                for text in texts
            ],
            dtype=np.bool_,
        )

    return Facts(find)


def _runs(
    tokens: _Tokens, adds: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the first and last token of each sentence's best run; the first, longest of equals."""
    starts, many, sentence = tokens.starts, tokens.many, tokens.sentence
    mean = np.add.reduceat(adds, starts) / many
    crossing = np.maximum(np.maximum.reduceat(adds, starts), 0.0)
    toll = np.maximum(mean, 0.0) * _TOLL
    paid = adds - toll[sentence] - np.where(tokens.inside, 0.0, crossing[sentence])
    sums = np.concatenate([[0.0], paid.cumsum()])
    longest = np.where(many <= _SHORT, many, np.minimum(_LONGEST, (many * _PART).astype(np.int64)))
    shortest = np.where(many <= _SHORT, 1, np.where(many < _MIDDLING, 2, 4))
    first = np.arange(len(adds))
    left = (starts + many)[sentence] - first
    values = np.full((len(adds), _LONGEST), -np.inf)
    strong = np.zeros(values.shape, dtype=np.bool_)
    for column in range(min(_LONGEST, len(adds))):
        size = column + 1
        good = (size <= np.minimum(longest[sentence], left)) & (size >= shortest[sentence])
        at = first[good]
        values[at, column] = sums[at + size] - sums[at]
        strong[at, column] = ~tokens.weak[at + column]
    somewhere = np.logical_or.reduceat(strong.any(axis=1), starts)
    values[~strong & somewhere[sentence, None]] = -np.inf
    best = values.max(axis=1)
    is_best = np.flatnonzero(best == np.maximum.reduceat(best, starts)[sentence])
    firsts = is_best[np.searchsorted(is_best, starts)]
    sizes = _LONGEST - np.argmax(values[firsts, ::-1] == best[firsts, None], axis=1)
    return firsts, firsts + sizes - 1


def _trimmed(tokens: _Tokens, first: int, last: int) -> tuple[int, int]:
    """Leave out signs at the edges of a run."""
    while first < last and not tokens.opens[first]:
        first += 1
    while last > first and not tokens.closes[last]:
        last -= 1
    return first, last

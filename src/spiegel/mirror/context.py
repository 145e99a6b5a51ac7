"""The second look at a sentence: its scores among those of its note.

A sentence that says "he" or only repeats an outcry is told by its neighbours. What the linear
decisions found in it, in the two sentences before, in the one after and in the whole note goes
into a few small networks of one hidden layer, whose answers are averaged: stacked generalisation
(Wolpert 1992).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The score of a neighbour that is not there.
NOBODY = -1.0
#: Sentences at a time. More would be shared out over threads, which wait longer for each other
#: than they work.
_AT_ONCE = 96


@dataclass(frozen=True, slots=True)
class Network:
    """One hidden layer of rectified units.

    Attributes:
        into: Shape (inputs, units).
        into_bias: Shape (units,).
        out: Shape (units, labels).
        out_bias: Shape (labels,).
    """

    into: NDArray[np.float64]
    into_bias: NDArray[np.float64]
    out: NDArray[np.float64]
    out_bias: NDArray[np.float64]

    def logits(self, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the log-odds of each label, shape (sentences, labels)."""
        found = np.empty((len(inputs), self.out.shape[1]))
        for first in range(0, len(inputs), _AT_ONCE):
            hidden = inputs[first : first + _AT_ONCE] @ self.into
            hidden = np.maximum(hidden + self.into_bias, 0.0)
            found[first : first + _AT_ONCE] = hidden @ self.out + self.out_bias
        return found


@dataclass(frozen=True, slots=True)
class Context:
    """What turns the scores of a note's sentences into log-odds.

    Attributes:
        mean, scale: Of each input over the corpus, shape (inputs,).
        networks: Whose log-odds are averaged.
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    networks: tuple[Network, ...]

    def logits(self, scores: NDArray[np.float64], note: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the log-odds of each label of each sentence.

        Args:
            scores: Of the linear decisions, shape (sentences, labels).
            note: Which note each sentence belongs to, never falling, shape (sentences,).

        Returns:
            Shape (sentences, labels).
        """
        inputs = (surroundings(scores, note) - self.mean) / self.scale
        return np.asarray(np.mean([network.logits(inputs) for network in self.networks], axis=0))


def surroundings(scores: NDArray[np.float64], note: NDArray[np.int64]) -> NDArray[np.float64]:
    """Lay a sentence's scores beside those of its neighbours and of its note.

    Args:
        scores: Shape (sentences, labels).
        note: Which note each sentence belongs to, never falling, shape (sentences,).

    Returns:
        Its own, those of the one before, the second before and the one after, and the note's
        highest and mean, shape (sentences, 6 × labels).
    """
    if not len(scores):
        return np.empty((0, 6 * scores.shape[1]))
    firsts = np.flatnonzero(np.diff(note, prepend=note[0] - 1))
    lengths = np.diff(firsts, append=len(note))
    which = np.repeat(np.arange(len(firsts)), lengths)
    highest = np.maximum.reduceat(scores, firsts)[which]
    mean = (np.add.reduceat(scores, firsts) / lengths[:, None])[which]
    shifted = [_shifted(scores, note, by) for by in (1, 2, -1)]
    return np.hstack([scores, *shifted, highest, mean])


def _shifted(scores: NDArray[np.float64], note: NDArray[np.int64], by: int) -> NDArray[np.float64]:
    """Give each sentence the scores of the one so many before it in its note."""
    place = np.arange(len(scores)) - by
    inside = (place >= 0) & (place < len(scores))
    inside[inside] = note[place[inside]] == note[inside]
    moved = np.full(scores.shape, NOBODY)
    moved[inside] = scores[place[inside]]
    return moved

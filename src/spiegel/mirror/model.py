"""The trained model of one language: numpy weights, and the calibration that goes with them."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spiegel.errors import DataError

from . import words
from .context import Context, Network
from .features import GROUP_WEIGHTS, GROUPS, SIZE
from .labels import LABELS
from .scoring import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from .features import Part, Text
    from .lexicon import Lexicon
    from .words import Row

#: Where the weights of each language lie.
WEIGHTS = Path(__file__).parent / "weights"

_PER_LABEL = ("intercepts", "slopes", "offsets", "likely", "shown")
_KEYS = {"labels", "size", "sha256", *_PER_LABEL, "corpus", "figures", "trained", "trained_with"}
_SHORTEST = 1e-6  # length of a group that has no features
#: So many sentences at a time stay in the processor's cache.
BLOCK = 256
_SUREST = 30.0  # log-odds beyond which a probability no longer changes


@dataclass(frozen=True, slots=True)
class Model:
    """One linear decision per label, and a second look at each sentence within its note.

    Attributes:
        rarity: Inverse document frequency per hash place, shape (SIZE,).
        weights: Shape (SIZE, labels).
        intercepts: Shape (labels,).
        context: Turns the scores of a note's sentences into log-odds.
        slopes, offsets: Platt's (1999) scaling of each label's log-odds s to a probability,
            1 / (1 + exp(-(slope · s + offset))), shape (labels,).
        likely: Probability from which a label is predicted (best F1), shape (labels,).
        shown: Probability from which a mark is shown (chosen for precision), shape (labels,).
    """

    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    context: Context
    slopes: NDArray[np.float64]
    offsets: NDArray[np.float64]
    likely: NDArray[np.float64]
    shown: NDArray[np.float64]
    _table: NDArray[np.float32] = field(init=False, repr=False)
    _scorers: dict[Lexicon, Scorer] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Lay out what a feature adds to each score, and to the square of its group's length."""
        rarity = self.rarity[:, None]
        table = np.zeros((SIZE + 1, self.weights.shape[1] + 1), dtype=np.float32)
        np.multiply(self.weights, rarity, out=table[:-1, :-1])
        np.multiply(rarity, rarity, out=table[:-1, -1:])
        object.__setattr__(self, "_table", table)

    def probabilities(
        self, text: Text, lexicon: Lexicon, row: Row | None = None
    ) -> NDArray[np.float64]:
        """Give each sentence's calibrated probability per label, seen in its note.

        Args:
            text: The sentences.
            lexicon: Their language's kinds of words.
            row: The sentences cut into words, where that was done.

        Returns:
            Shape (sentences, labels).
        """
        logits = self.context.logits(self.scores(text, lexicon, row), text.note)
        return calibrated(logits, self.slopes, self.offsets)

    def scores(self, text: Text, lexicon: Lexicon, row: Row | None = None) -> NDArray[np.float64]:
        """Give the linear decisions on each sentence, shape (sentences, labels).

        Sentences are taken a block at a time, which bounds the memory a long text takes.
        """
        many = len(text.sentences)
        row = row or words.current(lexicon).lay(text.sentences)
        scores = np.empty((many, len(LABELS)))
        for first in range(0, many, BLOCK):
            last = min(first + BLOCK, many)
            before, after = max(first - 1, 0), min(last + 1, many)  # neighbours are seen too
            part = row.part(before, after)
            found = self._scorer(lexicon).scores(part, text.note[before:after], self.intercepts)
            scores[first:last] = found[first - before : last - before]
        return scores

    def contributions(
        self, row: Row, lexicon: Lexicon, labels: Sequence[int]
    ) -> NDArray[np.float64]:
        """Give what each token of some sentences adds to a label's linear score.

        A feature of several words is shared out evenly over them; what the neighbouring
        sentences add is left out.

        Args:
            row: The sentences cut into words.
            lexicon: Their language's kinds of words.
            labels: For each sentence an index into LABELS.

        Returns:
            One number per token or edge of the row; what edges get belongs to no word.
        """
        return self._scorer(lexicon).contributions(row, np.asarray(labels, dtype=np.int64))

    def _scorer(self, lexicon: Lexicon) -> Scorer:
        if lexicon not in self._scorers:
            self._scorers[lexicon] = Scorer(self._table, lexicon)
        return self._scorers[lexicon]


def group_lengths(
    parts: Iterable[Part], rarity: NDArray[np.float32], many: int
) -> NDArray[np.float64]:
    """Give the length of each group of features in each sentence.

    Args:
        parts: Features of so many sentences.
        rarity: Inverse document frequency per hash place, shape (SIZE,).
        many: How many sentences there are.

    Returns:
        Shape (groups, sentences).
    """
    squares = np.zeros((len(GROUPS), many))
    for part in parts:
        raw = rarity[part.places].astype(np.float64)
        squares[part.group] += np.bincount(part.sentence, weights=raw * raw, minlength=many)
    return np.maximum(np.sqrt(squares), _SHORTEST)


def weighed(
    part: Part, rarity: NDArray[np.float32], lengths: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weigh features by their rarity, so that each group has its fixed length in each sentence.

    Returns:
        One value per feature of the part, shape (n,).
    """
    scale = GROUP_WEIGHTS[part.group] / lengths[part.group, part.sentence]
    return np.asarray(rarity[part.places] * scale)


def calibrated(
    logits: NDArray[np.float64], slopes: NDArray[np.float64], offsets: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Turn log-odds into probabilities, by each label's own logistic curve (Platt 1999)."""
    straight = np.clip(logits * slopes + offsets, -_SUREST, _SUREST)
    return np.asarray(1.0 / (1.0 + np.exp(-straight)), dtype=np.float64)


@cache
def load(lang: str) -> Model:
    """Read the model that ships for a language.

    Raises:
        DataError: Its files are missing, damaged, or made for other features.
    """
    try:
        meta = json.loads((WEIGHTS / f"{lang}.json").read_text(encoding="utf-8"))
        raw = (WEIGHTS / f"{lang}.npz").read_bytes()
    except (OSError, ValueError) as error:
        raise DataError(
            "bad-model", f"The mirror's model for {lang} cannot be read: {error}.", lang=lang
        ) from error
    check_metadata(lang, meta, raw)
    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        numbers = {key: np.array(meta[key], dtype=np.float64) for key in _PER_LABEL}
        return Model(
            rarity=arrays["rarity"].astype(np.float32),
            weights=arrays["weights"].astype(np.float32),
            context=_context(arrays),
            **numbers,
        )


def check_metadata(lang: str, meta: dict[str, Any], raw: bytes) -> None:
    """Hold a model's metadata against its closed schema and its weights.

    Raises:
        DataError: A key is missing or unknown, the labels or the number of hash places are not
            those of this version, or the weights are not the ones described.
    """
    if set(meta) != _KEYS:
        odd = ", ".join(sorted(set(meta) ^ _KEYS))
        raise DataError("bad-model", f"The model for {lang} has missing or unknown keys: {odd}.")
    if meta["labels"] != list(LABELS) or meta["size"] != SIZE:
        raise DataError("bad-model", f"The model for {lang} was made for another version.")
    if hashlib.sha256(raw).hexdigest() != meta["sha256"]:
        raise DataError("bad-model", f"The weights for {lang} are not those that were trained.")


def _context(arrays: Any) -> Context:
    layers = {
        name: arrays[f"context_{name}"].astype(np.float64)
        for name in ("into", "into_bias", "out", "out_bias")
    }
    networks = (Network(*each) for each in zip(*layers.values(), strict=True))
    return Context(
        mean=arrays["context_mean"].astype(np.float64),
        scale=arrays["context_scale"].astype(np.float64),
        networks=tuple(networks),
    )

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

from .context import Context, Network
from .features import GROUP_WEIGHTS, GROUPS, SIZE, Text, char_part, char_places, extract
from .labels import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from .features import Part, Token
    from .lexicon import Lexicon

#: Where the weights of each language lie.
WEIGHTS = Path(__file__).parent / "weights"

_PER_LABEL = ("intercepts", "slopes", "offsets", "likely", "shown")
_KEYS = {"labels", "size", "sha256", *_PER_LABEL, "corpus", "figures", "trained", "trained_with"}
_CHAR = GROUPS.index("char")
_SHORTEST = 1e-6  # length of a group that has no features
_LETTER_ROWS = 1 << 15
_BLOCK = 1_000  # sentences
_SUREST = 30.0  # log-odds beyond which a probability no longer changes


class _Letters:
    """What the letters of a word add, worked out once per word. A full memory is begun anew."""

    def __init__(self, table: NDArray[np.float32]) -> None:
        self._table = table
        self._rows = np.zeros((_LETTER_ROWS, table.shape[1]), dtype=np.float32)
        self._known: dict[str, int] = {}

    def sums(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Give one row per word, shape (words, labels + 1)."""
        if len(self._known) + len(words) > _LETTER_ROWS:
            self._known.clear()
        if len(words) > _LETTER_ROWS:
            half = len(words) // 2
            return np.concatenate([self.sums(words[:half]), self.sums(words[half:])])
        known = self._known
        for word in words:
            if word not in known:
                self._rows[len(known)] = self._table[char_places(word)].sum(axis=0)
                known[word] = len(known)
        return self._rows[[known[word] for word in words]]


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
    _letters: _Letters = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Lay out what a feature adds to each score, and to the square of its group's length."""
        rarity = self.rarity[:, None]
        table = np.hstack([self.weights * rarity, rarity * rarity])
        object.__setattr__(self, "_table", table)
        object.__setattr__(self, "_letters", _Letters(table))

    def probabilities(self, text: Text, lexicon: Lexicon) -> NDArray[np.float64]:
        """Give each sentence's calibrated probability per label, seen in its note.

        Args:
            text: The sentences.
            lexicon: Their language's kinds of words.

        Returns:
            Shape (sentences, labels).
        """
        logits = self.context.logits(self.scores(text, lexicon), text.note)
        return calibrated(logits, self.slopes, self.offsets)

    def scores(self, text: Text, lexicon: Lexicon) -> NDArray[np.float64]:
        """Give the linear decisions on each sentence, shape (sentences, labels).

        Sentences are taken a block at a time, which bounds the memory a long text takes.
        """
        many = len(text.tokens)
        scores = np.empty((many, len(LABELS)))
        for first in range(0, many, _BLOCK):
            last = min(first + _BLOCK, many)
            before, after = max(first - 1, 0), min(last + 1, many)  # neighbours are seen too
            found = self._block(text.part(before, after), lexicon)
            scores[first:last] = found[first - before : last - before]
        return scores

    def _block(self, text: Text, lexicon: Lexicon) -> NDArray[np.float64]:
        sums = np.zeros((len(GROUPS), len(text.tokens), self._table.shape[1]))
        for part in extract(text, lexicon):
            _add(sums[part.group], self._table[part.places], part.sentence)
        words = [token.text for own in text.tokens for token in own]
        of = np.repeat(np.arange(len(text.tokens)), [len(own) for own in text.tokens])
        _add(sums[_CHAR], self._letters.sums(words), of)
        lengths = np.maximum(np.sqrt(sums[:, :, -1:]), _SHORTEST)
        weights = np.asarray(GROUP_WEIGHTS)[:, None, None]
        return np.asarray((sums[:, :, :-1] * weights / lengths).sum(axis=0) + self.intercepts)

    def contributions(
        self, sentences: Sequence[tuple[Token, ...]], lexicon: Lexicon, labels: Sequence[int]
    ) -> list[list[float]]:
        """Give what each token of some sentences adds to a label's linear score.

        A feature of several words is shared out evenly over them; what the neighbouring
        sentences add is left out.

        Args:
            sentences: Each cut into tokens.
            lexicon: Their language's kinds of words.
            labels: For each sentence an index into LABELS.

        Returns:
            Per sentence one number per token.
        """
        text = Text(tuple(sentences), np.arange(len(sentences)))
        label = np.asarray(labels, dtype=np.int64)
        many = np.array([len(tokens) for tokens in sentences], dtype=np.int64)
        first = np.cumsum(many) - many
        total = np.zeros(int(many.sum()))
        parts = [*extract(text, lexicon), char_part(text)]
        lengths = group_lengths(parts, self.rarity, len(sentences))
        for part in parts:
            adds = self.weights[part.places, label[part.sentence]]
            share = adds * weighed(part, self.rarity, lengths) / part.width
            for token in range(part.width):
                place = part.token + token
                inside = (place >= 0) & (place < many[part.sentence])
                at = (first[part.sentence] + place)[inside]
                total += np.bincount(at, weights=share[inside], minlength=len(total))
        return [
            total[start : start + size].tolist() for start, size in zip(first, many, strict=True)
        ]


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


def _add(sums: NDArray[np.float64], rows: NDArray[np.float32], sentence: NDArray[np.int64]) -> None:
    """Add up rows by the sentence they belong to, in place."""
    if len(sentence):
        firsts = np.flatnonzero(np.diff(sentence, prepend=-1))
        sums[sentence[firsts]] += np.add.reduceat(rows, firsts)

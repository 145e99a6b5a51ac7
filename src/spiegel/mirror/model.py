"""The trained model of one language: numpy weights, and the calibration that goes with them."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spiegel.errors import DataError

from .features import GROUPS, SIZE, values
from .labels import LABELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .features import Features

#: Where the weights of each language lie.
WEIGHTS = Path(__file__).parent / "weights"

_PER_LABEL = ("intercepts", "slopes", "offsets", "likely", "shown")
_KEYS = {"labels", "size", "sha256", *_PER_LABEL, "corpus", "figures", "trained_with"}
_OWN_GROUPS = GROUPS.index("before")  # groups below this one are about the sentence itself


@dataclass(frozen=True, slots=True)
class Model:
    """One linear decision per label.

    Attributes:
        rarity: Inverse document frequency per hash place, shape (SIZE,).
        weights: Shape (SIZE, labels).
        intercepts: Shape (labels,).
        slopes, offsets: Platt's (1999) scaling of each label's score s to a probability,
            1 / (1 + exp(-(slope · s + offset))), shape (labels,).
        likely: Probability from which a label is predicted (best F1), shape (labels,).
        shown: Probability from which a mark is shown (chosen for precision), shape (labels,).
    """

    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    slopes: NDArray[np.float64]
    offsets: NDArray[np.float64]
    likely: NDArray[np.float64]
    shown: NDArray[np.float64]

    def weigh(self, features: Features) -> NDArray[np.float32]:
        """Give each feature's value, as the model was trained on, shape (n,)."""
        return values(features, self.rarity)

    def probabilities(
        self, features: Features, weighed: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        """Give each sentence's calibrated probability per label.

        Args:
            features: The features of a note.
            weighed: Their values, from :meth:`weigh`.

        Returns:
            Shape (sentences, labels).
        """
        adds = self.weights[features.places] * weighed[:, None]
        many = len(features.tokens)
        scores = np.stack(
            [
                np.bincount(features.sentence, weights=adds[:, label], minlength=many)
                for label in range(len(LABELS))
            ],
            axis=1,
        )
        return calibrated(scores + self.intercepts, self.slopes, self.offsets)

    def contributions(
        self, features: Features, weighed: NDArray[np.float32], sentence: int, label: int
    ) -> list[float]:
        """Give what each token of one sentence adds to one label's score.

        A feature of several words is shared out evenly over them; what the neighbouring
        sentences add is left out.

        Args:
            features: The features of the whole note.
            weighed: Their values, from :meth:`weigh`.
            sentence: Index of the sentence in the note.
            label: Index into LABELS.

        Returns:
            One number per token of the sentence.
        """
        own = (features.sentence == sentence) & (features.group < _OWN_GROUPS)
        mine = np.flatnonzero(own)
        adds = self.weights[features.places[mine], label] * weighed[mine]
        first, width = features.token[mine], features.width[mine]
        many = len(features.tokens[sentence])
        total = np.zeros(many)
        for step in range(int(width.max(initial=0))):
            token = first + step
            inside = (step < width) & (token >= 0) & (token < many)
            share = adds[inside] / width[inside]
            total += np.bincount(token[inside], weights=share, minlength=many)
        return [float(each) for each in total]


def calibrated(
    scores: NDArray[np.float64], slopes: NDArray[np.float64], offsets: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Turn raw scores into probabilities, by each label's own logistic curve (Platt 1999)."""
    return np.asarray(1.0 / (1.0 + np.exp(-(scores * slopes + offsets))), dtype=np.float64)


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
        rarity = arrays["rarity"].astype(np.float32)
        weights = arrays["weights"].astype(np.float32)
    numbers = {key: np.array(meta[key], dtype=np.float64) for key in _PER_LABEL}
    return Model(rarity=rarity, weights=weights, **numbers)


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

"""What holds of each sentence of a note: the model's probabilities, corrected by the rules."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import model, spans
from .features import extract
from .labels import LABELS
from .language import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .features import Features
    from .language import Language
    from .personal import Personal

#: The probability of a label that a rule gives.
RULE_CHANCE = 0.97


@dataclass(frozen=True, slots=True)
class Verdict:
    """A note as judged.

    Attributes:
        features: What the model saw.
        weighed: The value of each feature.
        chances: Probability per sentence and label, shape (sentences, labels).
        phrases: For a sentence and label given by a rule: the phrase, in characters of the
            sentence.
    """

    features: Features
    weighed: NDArray[np.float32]
    chances: NDArray[np.float64]
    phrases: dict[tuple[int, int], tuple[int, int]]

    def shown(self, trained: model.Model, personal: Personal | None = None) -> NDArray[np.bool_]:
        """Tell which labels a seller sees: above their threshold, or given by a rule."""
        least = trained.shown
        if personal is not None:
            least = np.array(personal.thresholds(least.tolist()))
        seen = self.chances >= least
        for place in self.phrases:
            seen[place] = True
        return np.asarray(seen)

    def words(
        self, language: Language, trained: model.Model, sentence: int, label: int
    ) -> tuple[int, int]:
        """Find the words that say so, in characters of the sentence."""
        if (sentence, label) in self.phrases:
            return self.phrases[sentence, label]
        adds = trained.contributions(self.features, self.weighed, sentence, label)
        return spans.strongest(self.features.tokens[sentence], adds, language.weak_ends)


def judge(language: Language, note: Sequence[str], trained: model.Model | None = None) -> Verdict:
    """Judge a note's sentences, each in the context of its neighbours.

    Args:
        language: The note's language.
        note: Its sentences, in order; at least one.
        trained: The model to use; the one that ships when not given.
    """
    trained = trained or model.load(language.code)
    features = extract(note, language.lexicon)
    weighed = trained.weigh(features)
    chances = trained.probabilities(features, weighed)
    phrases = correct(language, note, chances)
    return Verdict(features, weighed, chances, phrases)


def correct(
    language: Language, note: Sequence[str], chances: NDArray[np.float64]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Apply a language's rules to a note's probabilities, in place; "never" has the last word.

    Returns:
        The phrase behind each label a rule gave, by (sentence, label).
    """
    phrases: dict[tuple[int, int], tuple[int, int]] = {}
    lines = [plain(sentence).replace("\n", " ") for sentence in note]
    whole = "\n".join(lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for rule in sorted(language.rules, key=lambda rule: rule.effect):
        for match in rule.pattern.finditer(whole):
            sentence = bisect_right(starts, match.start()) - 1
            for label in map(LABELS.index, rule.labels):
                if rule.effect == "never":
                    chances[sentence, label] = 0.0
                    phrases.pop((sentence, label), None)
                else:
                    chances[sentence, label] = max(chances[sentence, label], RULE_CHANCE)
                    first = match.start() - starts[sentence]
                    phrases[sentence, label] = (first, first + len(match.group()))
    return phrases

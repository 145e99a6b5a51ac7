"""The mirror as one seller has taught it: their answers in, their own thresholds out.

Under each mark a seller may say "yes" or "not so". What they said of a label is shrunk towards
what is expected of everybody (a Beta prior, so the posterior mean is (prior yes + yes) / (prior
answers + answers)), and the difference from that expectation, in log-odds, moves the threshold of
that label: a base rate that differs multiplies every odds by one factor, so it is a shift of the
threshold on the log-odds scale (Saerens, Latinne and Decaestecker 2002). Both steps are bounded.
Words that were waved away clearly more often than agreed with stay silent under that label.

The figures of the priors are chosen, not measured: nobody has answered yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import exp, log
from typing import TYPE_CHECKING

from .labels import LABELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .types import Mark, Sentence

#: How many of ten answers are expected to be "yes". Fewer than the share of shown marks that is
#: right, as who disagrees with a mark is likelier to say so than who agrees.
EXPECTED = 0.8
#: How many answers the expectation weighs for a label: so many "yes" and "not so" of one's own
#: count as much as it does. A handful of answers moves little against it.
LABEL_WEIGHT = 60.0
#: The same for a phrase. Two more "not so" than "yes" outweigh it.
PHRASE_WEIGHT = 2.5
#: How far a threshold may move, in log-odds: down (more marks) less far than up (fewer), because
#: a wrong mark costs more trust than a missing one.
MOST_DOWN = 0.6
MOST_UP = 1.5
#: No mark is shown that is likelier wrong than right, whatever was answered.
FLOOR = 0.5


@dataclass(frozen=True, slots=True)
class Answers:
    """How often one seller agreed, and how often not."""

    yes: int = 0
    not_so: int = 0

    def rate(self, weight: float) -> float:
        """Give the share of "yes" to expect, shrunk towards :data:`EXPECTED`.

        Args:
            weight: How many answers the expectation counts for.
        """
        return (EXPECTED * weight + self.yes) / (weight + self.yes + self.not_so)

    def wave_away(self) -> bool:
        """Tell whether these answers, given to one phrase, silence it."""
        return self.rate(PHRASE_WEIGHT) < 0.5


def fold(words: str) -> str:
    """Give words as they are compared: lower case, single spaces."""
    return " ".join(words.lower().split())


def words_of(sentence: Sentence, mark: Mark) -> str:
    """Give the words a mark points at, folded."""
    spans = (
        sentence.text[start - sentence.start : end - sentence.start] for start, end in mark.spans
    )
    return fold(" ".join(spans))


def _plain_key(label: str, words: str) -> str:
    return f"{label}\n{words}"


@dataclass(frozen=True, slots=True)
class Personal:
    """What one seller answered, for ``spiegel.reflect(…, personal=…)``.

    Attributes:
        labels: Their answers per label.
        phrases: Their answers per label and words, by the key that ``key`` makes of the two.
        key: Makes a key of a label and folded words. Who stores answers gives a keyed hash, so
            that no words need to be kept.
    """

    labels: Mapping[str, Answers] = field(default_factory=dict)
    phrases: Mapping[str, Answers] = field(default_factory=dict)
    key: Callable[[str, str], str] = _plain_key

    def shift(self, label: str) -> float:
        """Tell how far a label's threshold moves, in log-odds; above zero means fewer marks."""
        answered = self.labels.get(label, Answers())
        moved = _log_odds(EXPECTED) - _log_odds(answered.rate(LABEL_WEIGHT))
        return min(MOST_UP, max(-MOST_DOWN, moved))

    def thresholds(self, usual: Iterable[float]) -> list[float]:
        """Shift the probabilities from which a label is shown.

        Args:
            usual: Those for everybody, one per label, in the order of ``spiegel.LABELS``.

        Returns:
            This seller's own; one that was not answered about is left exactly as it was.
        """
        return [_shifted(one, self.shift(label)) for one, label in zip(usual, LABELS, strict=True)]

    def silences(self, label: str, words: str) -> bool:
        """Tell whether words are waved away under a label."""
        if not self.phrases:
            return False
        answered = self.phrases.get(self.key(label, fold(words)))
        return answered is not None and answered.wave_away()

    def without_silenced(self, sentence: Sentence) -> Sentence:
        """Leave out the marks whose words are waved away."""
        marks = sentence.marks
        kept = tuple(m for m in marks if not self.silences(m.label, words_of(sentence, m)))
        return sentence if len(kept) == len(marks) else replace(sentence, marks=kept)


def _shifted(usual: float, shift: float) -> float:
    if shift == 0.0 or not 0.0 < usual < 1.0:
        return usual
    moved = 1.0 / (1.0 + exp(-(_log_odds(usual) + shift)))
    return max(moved, min(usual, FLOOR))


def _log_odds(chance: float) -> float:
    return log(chance / (1.0 - chance))

"""What holds of each sentence of a note: the model's probabilities, corrected by the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import model, needles, spans, words
from .features import Text
from .labels import LABELS
from .language import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .language import Language
    from .personal import Personal
    from .words import Row

#: The probability of a label that a rule gives.
RULE_CHANCE = 0.97


@dataclass(frozen=True, slots=True)
class Verdict:
    """One or more notes as judged.

    Attributes:
        text: Their sentences.
        row: These cut into words.
        chances: Probability per sentence and label, shape (sentences, labels).
        phrases: For a sentence and label given by a rule: the phrase, in characters of the
            sentence.
    """

    text: Text
    row: Row
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
        self, language: Language, trained: model.Model, marks: Sequence[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """Find the words that say so, for each sentence and label.

        Args:
            language: The language of the notes.
            trained: The model that judged them.
            marks: Index of the sentence, which has at least one token, and of the label.

        Returns:
            Start and end, in characters of the sentence.
        """
        unsaid = [mark for mark in marks if mark not in self.phrases]
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for first in range(0, len(unsaid), model.BLOCK):
            block = unsaid[first : first + model.BLOCK]
            sentences = [self.text.sentences[sentence] for sentence, _ in block]
            row = self.row.pick([sentence for sentence, _ in block])
            adds = trained.contributions(row, language.lexicon, [label for _, label in block])
            runs = spans.strongest(sentences, row, adds, language.weak_ends)
            found.update(zip(block, runs, strict=True))
        return [self.phrases[mark] if mark in self.phrases else found[mark] for mark in marks]


def judge(language: Language, note: Sequence[str], trained: model.Model | None = None) -> Verdict:
    """Judge a note's sentences, each in the context of its note.

    Args:
        language: The note's language.
        note: Its sentences, in order; at least one.
        trained: The model to use; the one that ships when not given.
    """
    return judge_notes(language, [note], trained)


def judge_notes(
    language: Language, notes: Sequence[Sequence[str]], trained: model.Model | None = None
) -> Verdict:
    """Judge many notes at once, which is quicker than one by one and gives the same.

    Args:
        language: The language of all of them.
        notes: Each a list of sentences, in order; at least one sentence in all.
        trained: The model to use; the one that ships when not given.
    """
    trained = trained or model.load(language.code)
    text = Text.of(notes)
    row = words.current(language.lexicon).lay(text.sentences)
    chances = trained.probabilities(text, language.lexicon, row)
    return Verdict(text, row, chances, correct(language, text.sentences, chances, row))


def correct(
    language: Language, note: Sequence[str], chances: NDArray[np.float64], row: Row
) -> dict[tuple[int, int], tuple[int, int]]:
    """Apply a language's rules to the probabilities of sentences, in place.

    A rule that says "never" has the last word.

    Args:
        language: Whose rules.
        note: The sentences.
        chances: Their probabilities, shape (sentences, labels).
        row: The sentences cut into words.

    Returns:
        The phrase behind each label a rule gave, by (sentence, label).
    """
    phrases: dict[tuple[int, int], tuple[int, int]] = {}
    lines: dict[int, str] = {}
    sieve = needles.sieve(language.rules)
    for rule, sentences in zip(sieve.rules, sieve.candidates(row), strict=True):
        labels = [LABELS.index(label) for label in rule.labels]
        for sentence in sentences:
            if sentence not in lines:
                lines[sentence] = plain(note[sentence]).replace("\n", " ")
            for match in rule.pattern.finditer(lines[sentence]):
                for label in labels:
                    if rule.effect == "never":
                        chances[sentence, label] = 0.0
                        phrases.pop((sentence, label), None)
                    else:
                        chances[sentence, label] = max(chances[sentence, label], RULE_CHANCE)
                        phrases[sentence, label] = match.span()
    return phrases

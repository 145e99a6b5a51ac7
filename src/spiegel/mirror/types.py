"""What the mirror gives back. Every offset counts characters of the text that was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Mark:
    """One label on one sentence, with the words that say so.

    Attributes:
        label: One of ``spiegel.LABELS``.
        confidence: Calibrated probability that a reader would give this label, 0 to 1.
        spans: Start and end of the words that moved the decision, in the whole text.
        question: What to ask the seller, in the text's language.
    """

    label: str
    confidence: float
    spans: tuple[tuple[int, int], ...]
    question: str

    def to_dict(self) -> dict[str, Any]:
        """Give the mark as plain values for JSON."""
        return {
            "label": self.label,
            "confidence": round(self.confidence, 3),
            "spans": [list(span) for span in self.spans],
            "question": self.question,
        }


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its place in the text, and its marks (often none)."""

    text: str
    start: int
    end: int
    marks: tuple[Mark, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the sentence as plain values for JSON."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "marks": [mark.to_dict() for mark in self.marks],
        }


@dataclass(frozen=True, slots=True)
class Reflection:
    """A whole text as the mirror sees it: its language and its sentences."""

    lang: str
    sentences: tuple[Sentence, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the reflection as plain values for JSON."""
        return {
            "lang": self.lang,
            "sentences": [sentence.to_dict() for sentence in self.sentences],
        }

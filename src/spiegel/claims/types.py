"""What goes in and what comes out: events of a timeline, claims, and claims that conflict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

TOPICS = ("budget", "authority", "timing", "need", "competition")


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One thing that happened on a deal, as its seller wrote it down.

    Attributes:
        date: The day it happened.
        kind: ``"note"``, ``"email"``, ``"call"``, ``"meeting"`` or another word.
        text: What was written down.
    """

    date: date
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing the prospect said, with the words.

    Attributes:
        topic: One of ``spiegel.TOPICS``.
        about: What within the topic, such as ``"amount"`` or ``"decides"``.
        value: A number, a date, a name, or ``"yes"`` or ``"no"``.
        firm: 0 to 1: how firmly it was said; hedged words take it down.
        who: The name of who said it, as the text gives it; empty when it gives none.
        date: When it was said.
        event: Index of the event, from 0.
        span: Start and end of the words in the event's text.
        words: Those words.
    """

    topic: str
    about: str
    value: str
    firm: float
    who: str
    date: date
    event: int
    span: tuple[int, int]
    words: str

    def to_dict(self) -> dict[str, Any]:
        """Give the claim as plain values for JSON."""
        return {
            "topic": self.topic,
            "about": self.about,
            "value": self.value,
            "firm": self.firm,
            "who": self.who,
            "date": self.date.isoformat(),
            "event": self.event,
            "span": list(self.span),
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two claims that cannot both hold, and a question that finds out which does.

    Attributes:
        topic: What both are about.
        earlier: The claim that was made first.
        later: The claim that does not fit it.
        question: A question to the prospect that verifies, in the timeline's language.
    """

    topic: str
    earlier: Claim
    later: Claim
    question: str

    def to_dict(self) -> dict[str, Any]:
        """Give both claims and the question as plain values for JSON."""
        return {
            "topic": self.topic,
            "earlier": self.earlier.to_dict(),
            "later": self.later.to_dict(),
            "question": self.question,
        }

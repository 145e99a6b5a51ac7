"""The mirror's marks, made ready for a page. Computed anew each time and stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

import spiegel

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import Promise

    from spiegel import Mark, Sentence

#: The longest text that is looked at in one go, in characters.
LONGEST = 20_000

#: What a mark is called beside the sentence: where it puts the cause.
NAMES: dict[str, str | Promise] = {
    "own": _("Your own part"),
    "self_verdict": _("A verdict on yourself"),
    "customer": _("Put with the customer"),
    "competitor": _("Put with the competitor"),
    "organisation": _("Put with your own company"),
    "offer": _("Put with the offer"),
    "circumstances": _("Put with circumstances"),
    "final": _("Nothing to be done"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a sentence's text; with a label where the mirror points at it."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A mark as the page says it."""

    label: str
    name: str | Promise
    question: str


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A marked sentence: its text, cut into pieces, and its marks."""

    text: str
    pieces: tuple[Piece, ...]
    marks: tuple[ShownMark, ...]


def marked_sentences(
    text: str, *, silenced: Callable[[str, str], bool] | None = None
) -> tuple[str, list[ShownSentence]]:
    """Look into the mirror.

    Args:
        text: What somebody wrote, at most :data:`LONGEST` characters.
        silenced: Tells of a sentence and a label whether its reader said "not so" before.

    Returns:
        The text's language and its marked sentences; those without a mark are left out.
    """
    reflection = spiegel.reflect(text)
    shown = []
    for sentence in reflection.sentences:
        marks = [
            mark
            for mark in sentence.marks
            if silenced is None or not silenced(sentence.text, mark.label)
        ]
        if marks:
            shown.append(_shown(sentence, marks))
    return reflection.lang, shown


def _shown(sentence: Sentence, marks: list[Mark]) -> ShownSentence:
    return ShownSentence(
        text=sentence.text,
        pieces=tuple(_pieces(sentence, marks)),
        marks=tuple(ShownMark(mark.label, NAMES[mark.label], mark.question) for mark in marks),
    )


def _pieces(sentence: Sentence, marks: list[Mark]) -> list[Piece]:
    """Cut a sentence at its marks' words; where two overlap the surer one is shown."""
    pieces, place = [], 0
    spans: list[tuple[int, int, str]] = []
    for mark in sorted(marks, key=lambda mark: -mark.confidence):
        for start, end in mark.spans:
            first, last = start - sentence.start, end - sentence.start
            if all(last <= begun or first >= ended for begun, ended, _label in spans):
                spans.append((first, last, mark.label))
    for first, last, label in sorted(spans):
        if first > place:
            pieces.append(Piece(sentence.text[place:first]))
        pieces.append(Piece(sentence.text[first:last], label))
        place = last
    if place < len(sentence.text):
        pieces.append(Piece(sentence.text[place:]))
    return pieces

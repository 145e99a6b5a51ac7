"""The mirror's marks, made ready for a page. Computed anew each time and stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from spiegel.mirror.personal import words_of
from spiegel_portal.debriefs.labels import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.utils.functional import Promise

    from spiegel import Mark, Reflection, Sentence

#: The longest text that is looked at in one go, in characters.
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a sentence's text; with a label where the mirror points at it."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A mark as the page says it.

    Attributes:
        label: One of ``spiegel.LABELS``.
        name: What it is called.
        question: What to ask the seller.
        words: The words it points at, to go along with an answer.
        answer: What its reader answered before: ``"yes"``, or nothing.
    """

    label: str
    name: str | Promise
    question: str
    words: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A marked sentence: its text, cut into pieces, and its marks."""

    text: str
    pieces: tuple[Piece, ...]
    marks: tuple[ShownMark, ...]


def shown_sentences(
    reflection: Reflection, answer: Callable[[str, str], str] | None = None
) -> list[ShownSentence]:
    """Make what the mirror gave ready for a page.

    Args:
        reflection: What it gave.
        answer: Tells of a sentence and a label what its reader answered before.

    Returns:
        The marked sentences; those without a mark are left out.
    """
    return [_shown(sentence, answer) for sentence in reflection.sentences if sentence.marks]


def without_label(reflection: Reflection, label: str) -> Reflection:
    """Leave out every mark with a label."""
    sentences = (
        replace(sentence, marks=tuple(mark for mark in sentence.marks if mark.label != label))
        for sentence in reflection.sentences
    )
    return replace(reflection, sentences=tuple(sentences))


def _shown(sentence: Sentence, answer: Callable[[str, str], str] | None) -> ShownSentence:
    return ShownSentence(
        text=sentence.text,
        pieces=tuple(_pieces(sentence, sentence.marks)),
        marks=tuple(
            ShownMark(
                label=mark.label,
                name=NAMES[mark.label],
                question=mark.question,
                words=words_of(sentence, mark),
                answer=answer(sentence.text, mark.label) if answer else "",
            )
            for mark in sentence.marks
        ),
    )


def _pieces(sentence: Sentence, marks: Sequence[Mark]) -> list[Piece]:
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

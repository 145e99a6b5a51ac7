"""Text in, marked sentences out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import model, sentences
from .features import tokenize
from .judge import judge
from .labels import LABELS
from .language import detect, load
from .types import Mark, Reflection, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .language import Language
    from .personal import Personal

    # Per label that is shown: its index, its probability, and the words that say so.
    _Found = list[tuple[int, float, tuple[int, int]]]


def reflect(text: str, lang: str | None = None, *, personal: Personal | None = None) -> Reflection:
    """Mark where each sentence of a look-back puts the cause.

    Args:
        text: Any text of a seller; may be empty.
        lang: ``"nl"`` or ``"en"``; told from the text when not given.
        personal: What the seller answered to earlier marks; shifts their thresholds, and silences
            words they waved away.

    Returns:
        The sentences with their marks. A label is marked only above the threshold chosen for
        precision; most sentences carry none.

    Raises:
        InputError: The language is not one of those known.
    """
    language = load(lang if lang is not None else detect(text))
    places = list(sentences.split(text, language))
    return _reflection(language, [text[start:end] for start, end in places], places, personal)


def reflect_sentences(
    note: Sequence[str], lang: str | None = None, *, personal: Personal | None = None
) -> Reflection:
    """Mark sentences that are cut already, each seen in the context of its note.

    Args:
        note: The sentences of one note, in order.
        lang: As for :func:`reflect`.
        personal: As for :func:`reflect`.

    Returns:
        As :func:`reflect`, with one sentence for each that was given; offsets count in the
        sentences joined by one line break.

    Raises:
        InputError: The language is not one of those known.
    """
    language = load(lang if lang is not None else detect("\n".join(note)))
    places, start = [], 0
    for sentence in note:
        places.append((start, start + len(sentence)))
        start += len(sentence) + 1
    return _reflection(language, note, places, personal)


def _reflection(
    language: Language,
    note: Sequence[str],
    places: Sequence[tuple[int, int]],
    personal: Personal | None,
) -> Reflection:
    marked = [
        Sentence(text, start, end, _marks(language, start, found))
        for text, (start, end), found in zip(
            note, places, _found(language, note, personal), strict=True
        )
    ]
    if personal is not None:
        marked = [personal.without_silenced(sentence) for sentence in marked]
    return Reflection(language.code, tuple(marked))


def _found(language: Language, note: Sequence[str], personal: Personal | None) -> list[_Found]:
    found: list[_Found] = [[] for _ in note]
    if not note:
        return found
    trained = model.load(language.code)
    verdict = judge(language, note, trained)
    marks = [
        (int(sentence), int(label))
        for sentence, label in zip(*verdict.shown(trained, personal).nonzero(), strict=True)
        if tokenize(note[int(sentence)])
    ]
    words = verdict.words(language, trained, marks)
    for (sentence, label), place in zip(marks, words, strict=True):
        found[sentence].append((label, float(verdict.chances[sentence, label]), place))
    return found


def _marks(language: Language, start: int, found: _Found) -> tuple[Mark, ...]:
    return tuple(
        Mark(
            label=LABELS[label],
            confidence=chance,
            spans=((start + first, start + last),),
            question=language.questions[LABELS[label]],
        )
        for label, chance, (first, last) in found
    )

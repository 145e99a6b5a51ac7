"""Text in, marked sentences out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from . import model, sentences
from .features import TOKEN
from .judge import judge_notes
from .labels import LABELS
from .language import detect, load
from .types import Mark, Reflection, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .language import Language
    from .personal import Personal

    # The sentences of a note, and where each starts and ends in it.
    _Note = tuple[Sequence[str], Sequence[tuple[int, int]]]
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
    (reflection,) = _reflections(language, [_cut(text, language)], personal)
    return reflection


def reflect_many(texts: Sequence[str], lang: str | None = None) -> list[Reflection]:
    """Mark many texts at once, which is quicker than one by one and gives the same.

    Args:
        texts: Each as for :func:`reflect`; together they should fit in memory a few times over.
        lang: The language of all of them; told from each text when not given.

    Returns:
        One reflection per text, in their order.

    Raises:
        InputError: The language is not one of those known.
    """
    codes = [lang if lang is not None else detect(text) for text in texts]
    found: dict[int, Reflection] = {}
    for code in sorted(set(codes)):
        language = load(code)
        mine = [place for place, each in enumerate(codes) if each == code]
        notes = [_cut(texts[place], language) for place in mine]
        found.update(zip(mine, _reflections(language, notes, None), strict=True))
    return [found[place] for place in range(len(texts))]


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
    (reflection,) = _reflections(language, [(note, places)], personal)
    return reflection


def _cut(text: str, language: Language) -> _Note:
    places = list(sentences.split(text, language))
    return [text[start:end] for start, end in places], places


def _reflections(
    language: Language, notes: Sequence[_Note], personal: Personal | None
) -> Iterator[Reflection]:
    found = iter(_found(language, [note for note, _ in notes], personal))
    for note, places in notes:
        marked = [
            Sentence(text, start, end, _marks(language, start, next(found)))
            for text, (start, end) in zip(note, places, strict=True)
        ]
        if personal is not None:
            marked = [personal.without_silenced(sentence) for sentence in marked]
        yield Reflection(language.code, tuple(marked))


def _found(
    language: Language, notes: Sequence[Sequence[str]], personal: Personal | None
) -> list[_Found]:
    every = [sentence for note in notes for sentence in note]
    found: list[_Found] = [[] for _ in every]
    if not every:
        return found
    trained = model.load(language.code)
    verdict = judge_notes(language, notes, trained)
    marks = [
        (sentence, label)
        for sentence, label in np.argwhere(verdict.shown(trained, personal)).tolist()
        if TOKEN.search(every[sentence])
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

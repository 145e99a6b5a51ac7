"""Sentences in, hashed features out: the same code at training and at run time.

A feature is a run of one to three words, two words with up to four others between them, a run of
letters inside a word, a kind of word by the language's lexicon, two or three kinds in their order,
a word beside a kind, or a word of the sentence before or after. Each is hashed into one of
:data:`SIZE` places (Weinberger et al. 2009, "Feature hashing for large scale multitask
learning"), so no vocabulary is shipped. What belongs to one word is worked out once and
remembered; the rest is mixed from word hashes in numpy, for many notes at a time. Scores are added
up from the same pieces in :mod:`spiegel.mirror.scoring`.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np

from .lexicon import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from .lexicon import Lexicon

#: Hash places.
SIZE = 1 << 18
#: The groups of features; each has unit length per sentence times its weight, chosen by
#: cross-validation on the corpus.
GROUPS = ("word", "apart", "char", "kind", "kinds_apart", "beside", "before", "after")
GROUP_WEIGHTS = (1.0, 0.5, 0.7, 0.5, 0.4, 0.5, 0.2, 0.2)
#: The groups about the sentence itself; the others are about its neighbours.
OWN_GROUPS = frozenset(range(GROUPS.index("before")))

TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:/-]\d+)*|[^\w\s]")
_CHAR_SIZES = (2, 3, 4, 5)
_LONGEST_WORD = 24
WORDS_APART = range(2, 6)
KINDS_APART = range(2, 8)
EDGE_WORD = "\x02"  # stands before the first and after the last word
NO_KIND = 0
_MIX, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)
_REMEMBERED = 1 << 17  # words; a longer memory is begun anew


class Token(NamedTuple):
    """A word, number or sign: lower-cased, digits as 0, with its place in its sentence."""

    text: str
    start: int
    end: int


class Part(NamedTuple):
    """Some features of many sentences, flat and in the order of the sentences.

    Attributes:
        group: Index into :data:`GROUPS`.
        places: Hash place of each feature, shape (n,).
        sentence: Which sentence it belongs to, never falling, shape (n,).
        token: Index of its first token in that sentence, -1 at the sentence's edge and for a
            neighbour's word, shape (n,).
        width: How many tokens it covers.
    """

    group: int
    places: NDArray[np.int64]
    sentence: NDArray[np.int64]
    token: NDArray[np.int64]
    width: int


class Text:
    """Sentences of one or more notes.

    Attributes:
        sentences: Their text.
        note: Which note each sentence belongs to, never falling, shape (sentences,).
    """

    def __init__(self, sentences: Sequence[str], note: NDArray[np.int64]) -> None:
        """Take sentences, in order."""
        self.sentences = sentences
        self.note = note

    @classmethod
    def of(cls, notes: Sequence[Sequence[str]]) -> Text:
        """Take notes, each a list of sentences."""
        sentences = [sentence for note in notes for sentence in note]
        return cls(sentences, np.repeat(np.arange(len(notes)), [len(note) for note in notes]))

    @cached_property
    def tokens(self) -> tuple[tuple[Token, ...], ...]:
        """Cut each sentence into its words, numbers and signs."""
        return tuple(map(tokenize, self.sentences))


def tokenize(text: str) -> tuple[Token, ...]:
    """Cut a sentence into words, numbers and signs."""
    return tuple(
        Token(plain_word(match.group()), match.start(), match.end())
        for match in TOKEN.finditer(text)
    )


def extract(text: Text, lexicon: Lexicon) -> Iterator[Part]:
    """Turn sentences into features, each sentence seen with its neighbours in its note.

    What the letters of words give is left out: see :func:`char_part` and :func:`char_places`.
    """
    row = _row(text, lexicon, edges=True)
    yield from _runs("word", row, range(1, 4))
    yield from _apart("apart", row, WORDS_APART)
    yield from _beside(row)
    yield _every_kind(text, lexicon)
    kinds = _with_kind(row)
    yield from _runs("kind", kinds, range(2, 4))
    yield from _apart("kinds_apart", kinds, KINDS_APART)
    yield from _neighbours(text, lexicon)


def char_part(text: Text) -> Part:
    """Give the features that the letters of words are."""
    words = [token.text for own in text.tokens for token in own]
    lengths = [len(own) for own in text.tokens]
    found = [char_places(word) for word in words]
    many = [len(places) for places in found]
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    token = np.arange(len(words)) - np.repeat(np.cumsum([0, *lengths])[:-1], lengths)
    places = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
    return Part(GROUPS.index("char"), places, np.repeat(sentence, many), np.repeat(token, many), 1)


@lru_cache(maxsize=_REMEMBERED)
def char_places(word: str) -> NDArray[np.int64]:
    """Give the hash places of the runs of letters inside a word; none for numbers and signs."""
    if not word[0].isalpha():
        return np.empty(0, dtype=np.int64)
    framed = f"_{word[:_LONGEST_WORD]}_"
    grams = [
        framed[start : start + size]
        for size in _CHAR_SIZES
        for start in range(len(framed) - size + 1)
    ]
    hashes = [crc32(gram.encode("utf-8", "surrogatepass"), 7) for gram in grams]
    return np.array(hashes, dtype=np.int64) % SIZE


@lru_cache(maxsize=1 << 16)
def plain_word(word: str) -> str:
    """Lower a word's case and straighten its apostrophes; a number becomes 0."""
    return "0" if word[0].isdecimal() else word.lower().replace("’", "'")


@lru_cache(maxsize=_REMEMBERED)
def word_hash(word: str) -> int:
    """Give the hash of a word."""
    return crc32(word.encode("utf-8", "surrogatepass"))


KIND_HASHES = np.array(
    [0, *(crc32(kind.encode(), 11) for kind in KINDS), crc32(EDGE_WORD.encode(), 11)],
    dtype=np.uint64,
)
_KIND_NUMBER = {kind: number for number, kind in enumerate(KINDS, start=1)}
EDGE_KIND = len(KINDS) + 1


class _Row(NamedTuple):
    """Words or kinds laid out in one row."""

    hashes: NDArray[np.uint64]
    kinds: NDArray[np.int64]
    sentence: NDArray[np.int64]
    token: NDArray[np.int64]


@lru_cache(maxsize=_REMEMBERED)
def main_kind(word: str, lexicon: Lexicon) -> int:
    """Give the number of a word's likeliest kind, 0 for none."""
    kinds = lexicon.kinds(word)
    return _KIND_NUMBER[kinds[0]] if kinds else NO_KIND


@lru_cache(maxsize=_REMEMBERED)
def kind_places(word: str, lexicon: Lexicon) -> tuple[int, ...]:
    """Give the hash places of all kinds of a word."""
    return tuple(crc32(kind.encode(), 13) % SIZE for kind in lexicon.kinds(word))


def _row(text: Text, lexicon: Lexicon, *, edges: bool) -> _Row:
    """Lay all words out in a row, with an edge before and after each sentence."""
    hashes: list[int] = []
    kinds: list[int] = []
    edge, edge_kind = ([word_hash(EDGE_WORD)], [EDGE_KIND]) if edges else ([], [])
    for own in text.tokens:
        hashes += edge
        hashes += [word_hash(token.text) for token in own]
        hashes += edge
        kinds += edge_kind
        kinds += [main_kind(token.text, lexicon) for token in own]
        kinds += edge_kind
    lengths = np.array([len(own) for own in text.tokens], dtype=np.int64) + 2 * edges
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    firsts = np.cumsum(lengths) - lengths
    token = np.arange(len(sentence)) - firsts[sentence] - int(edges)
    return _Row(np.array(hashes, dtype=np.uint64), np.array(kinds, dtype=np.int64), sentence, token)


def _with_kind(row: _Row) -> _Row:
    """Keep the words that have a kind, as kinds; edges too."""
    some = row.kinds != NO_KIND
    kinds = row.kinds[some]
    return _Row(KIND_HASHES[kinds], kinds, row.sentence[some], row.token[some])


def mixed(number: int, *hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Give the hash places of hashes mixed in their order, begun with a number."""
    state: np.uint64 | NDArray[np.uint64] = np.uint64(number)
    for each in hashes:
        state = stirred(state, each)
    return np.asarray(state % np.uint64(SIZE), dtype=np.int64)


def stirred(
    state: np.uint64 | NDArray[np.uint64], hashes: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """Take one more word into what is being mixed."""
    more = (state ^ hashes) * _MIX
    more ^= more >> _HALF
    return more


def salt(group: str, shape: int) -> int:
    """Give the number that the mixing of a group's features of one shape begins with."""
    return GROUPS.index(group) * 100 + shape


def _runs(group: str, row: _Row, sizes: range) -> Iterator[Part]:
    """Give runs of so many words or kinds that follow each other."""
    hashes = row.hashes
    for size in sizes:
        last = max(len(hashes) - size + 1, 0)
        inside = row.sentence[:last] == row.sentence[size - 1 :]
        parts = [hashes[shift : last + shift] for shift in range(size)]
        places = mixed(salt(group, size), *parts)[inside]
        yield Part(
            GROUPS.index(group), places, row.sentence[:last][inside], row.token[:last][inside], size
        )


def _apart(group: str, row: _Row, gaps: range) -> Iterator[Part]:
    """Give two words or kinds that stand some way apart, the same whatever the way."""
    hashes = row.hashes
    for gap in gaps:
        last = max(len(hashes) - gap, 0)
        inside = row.sentence[:last] == row.sentence[gap:]
        places = mixed(salt(group, 0), hashes[:last][inside], hashes[gap:][inside])
        yield Part(
            GROUPS.index(group), places, row.sentence[:last][inside], row.token[:last][inside], 1
        )


def _beside(row: _Row) -> Iterator[Part]:
    """Give a word beside a kind, in either order, and one between two of the other."""
    words, kinds, some = row.hashes, KIND_HASHES[row.kinds], row.kinds != NO_KIND
    shapes = (
        ((words, kinds), some[1:]),
        ((kinds, words), some[:-1]),
        ((words, kinds, words), some[1:-1]),
        ((kinds, words, kinds), some[:-2] & some[2:]),
    )
    for number, (columns, wanted) in enumerate(shapes):
        size = len(columns)
        last = max(len(words) - size + 1, 0)
        inside = (row.sentence[:last] == row.sentence[size - 1 :]) & wanted
        parts = [column[shift : last + shift][inside] for shift, column in enumerate(columns)]
        places = mixed(salt("beside", number), *parts)
        yield Part(
            GROUPS.index("beside"),
            places,
            row.sentence[:last][inside],
            row.token[:last][inside],
            size,
        )


def _every_kind(text: Text, lexicon: Lexicon) -> Part:
    """Give all the kinds of every word, also those that are not its likeliest."""
    places: list[int] = []
    sentence: list[int] = []
    token: list[int] = []
    for index, own in enumerate(text.tokens):
        for place, each in enumerate(own):
            found = kind_places(each.text, lexicon)
            places += found
            sentence += [index] * len(found)
            token += [place] * len(found)
    return Part(GROUPS.index("kind"), _ints(places), _ints(sentence), _ints(token), 1)


def _neighbours(text: Text, lexicon: Lexicon) -> Iterator[Part]:
    """Give the words of the sentence before and of the one after, within the note."""
    row = _row(text, lexicon, edges=False)
    many = len(text.tokens)
    for group, shift in (("before", 1), ("after", -1)):
        target = row.sentence + shift
        inside = (target >= 0) & (target < many)
        inside[inside] = text.note[target[inside]] == text.note[row.sentence[inside]]
        places = mixed(salt(group, 0), row.hashes[inside])
        nowhere = np.full(len(places), -1, dtype=np.int64)
        yield Part(GROUPS.index(group), places, target[inside], nowhere, 1)


def _ints(numbers: list[int]) -> NDArray[np.int64]:
    return np.array(numbers, dtype=np.int64)

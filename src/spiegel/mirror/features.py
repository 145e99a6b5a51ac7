"""Sentences in, hashed features out: the same code at training and at run time.

A feature is a word 1- to 3-gram, a character 2- to 5-gram inside a word, a kind of word by the
language's lexicon or two kinds in their order, or a word of the sentence before or after. Each
is hashed into one of :data:`SIZE` places (Weinberger et al. 2009, "Feature hashing for large
scale multitask learning"), so no vocabulary is shipped. What belongs to one word is hashed once
and remembered; word pairs and triples are mixed from word hashes in numpy. That makes a note
cheap enough to be marked while it is typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .language import Lexicon

    # Places, sentences, groups, tokens, widths: the columns of Features.
    _Part = tuple[NDArray[np.int64], ...]

#: Hash places.
SIZE = 1 << 17
#: The groups of features; each has unit length per sentence times its weight, chosen by
#: cross-validation on the corpus.
GROUPS = ("word", "char", "kind", "before", "after")
GROUP_WEIGHTS = (1.0, 0.6, 0.3, 0.2, 0.2)

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:/-]\d+)*|[^\w\s]")
_CHAR_SIZES = (2, 3, 4, 5)
_LONGEST_WORD = 24
_MOST_KINDS = 40  # of the words of one sentence, looked at in pairs
_EDGE = "\x02"  # stands before the first and after the last word
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SALTS = {"word": 1, "pair": 2, "triple": 3, "before": 5, "after": 6}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign: lower-cased, digits as 0, with its place in its sentence."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a whole note, flat.

    Attributes:
        places: Hash place of each feature, shape (n,).
        sentence: Which sentence it belongs to, rising within each group, shape (n,).
        group: Index into :data:`GROUPS`, shape (n,).
        token: Index of its first token in that sentence, -1 at the sentence's edge; for a
            neighbour's word always -1, shape (n,).
        width: How many tokens it covers, shape (n,).
        tokens: The tokens per sentence.
    """

    places: NDArray[np.int64]
    sentence: NDArray[np.int64]
    group: NDArray[np.int64]
    token: NDArray[np.int64]
    width: NDArray[np.int64]
    tokens: tuple[tuple[Token, ...], ...]


def tokenize(text: str) -> tuple[Token, ...]:
    """Cut a sentence into words, numbers and signs."""
    return tuple(
        Token(_plain(match.group()), match.start(), match.end()) for match in _TOKEN.finditer(text)
    )


@lru_cache(maxsize=1 << 14)
def _plain(word: str) -> str:
    return "0" if word[0].isdecimal() else word.lower().replace("’", "'")


def extract(sentences: Sequence[str], lexicon: Lexicon) -> Features:
    """Turn a note's sentences, in order, into features, each seen with its neighbours."""
    tokens = tuple(tokenize(sentence) for sentence in sentences)
    parts = [
        *_word_parts(tokens),
        _char_part(tokens),
        _kind_part(tokens, lexicon),
        *_neighbour_parts(tokens),
    ]
    places, sentence, group, token, width = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    return Features(places, sentence, group, token, width, tokens)


def values(features: Features, rarity: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weigh each feature by its rarity, scaled so that each group has its fixed length.

    Args:
        features: The features of a note.
        rarity: Inverse document frequency per hash place, shape (SIZE,).

    Returns:
        One value per feature, shape (n,).
    """
    raw = rarity[features.places]
    cell = features.sentence * len(GROUPS) + features.group
    squares = np.bincount(cell, weights=raw * raw, minlength=len(features.tokens) * len(GROUPS))
    lengths = np.sqrt(np.maximum(squares, 1e-12))
    scale = np.asarray(GROUP_WEIGHTS)[features.group] / lengths[cell]
    return np.asarray(raw * scale, dtype=np.float32)


@lru_cache(maxsize=1 << 16)
def _word_hash(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=1 << 16)
def _char_places(word: str) -> NDArray[np.int64]:
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


def _mixed(salt: str, *hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    mixed = np.full(len(hashes[0]), _SALTS[salt], dtype=np.uint64)
    for each in hashes:
        mixed = (mixed ^ each) * _MIX
        mixed ^= mixed >> np.uint64(29)
    return (mixed % np.uint64(SIZE)).astype(np.int64)


def _part(
    group: str,
    places: NDArray[np.int64],
    sentence: NDArray[np.int64],
    token: NDArray[np.int64],
    width: int,
) -> _Part:
    many = len(places)
    return (
        places,
        sentence,
        np.full(many, GROUPS.index(group), dtype=np.int64),
        token,
        np.full(many, width, dtype=np.int64),
    )


def _flat(
    tokens: Sequence[Sequence[Token]], *, edges: bool
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Lay all words out in a row: their hashes, sentences and places in their sentence."""
    hashes: list[int] = []
    sentence: list[int] = []
    position: list[int] = []
    edge = _word_hash(_EDGE)
    for place, own in enumerate(tokens):
        words = [_word_hash(token.text) for token in own]
        first = 0
        if edges:
            words = [edge, *words, edge]
            first = -1
        hashes += words
        sentence += [place] * len(words)
        position += range(first, first + len(words))
    return (
        np.array(hashes, dtype=np.uint64),
        np.array(sentence, dtype=np.int64),
        np.array(position, dtype=np.int64),
    )


def _word_parts(tokens: Sequence[Sequence[Token]]) -> list[_Part]:
    hashes, sentence, position = _flat(tokens, edges=True)
    parts = [_part("word", _mixed("word", hashes), sentence, position, 1)]
    for salt, size in (("pair", 2), ("triple", 3)):
        last = len(hashes) - size + 1
        if last < 1:
            continue
        columns = [hashes[shift : last + shift] for shift in range(size)]
        inside = sentence[:last] == sentence[size - 1 :]
        places = _mixed(salt, *columns)[inside]
        parts.append(_part("word", places, sentence[:last][inside], position[:last][inside], size))
    return parts


def _char_part(tokens: Sequence[Sequence[Token]]) -> _Part:
    grams = [_char_places(token.text) for own in tokens for token in own]
    counts = [len(gram) for gram in grams]
    sentence = [place for place, own in enumerate(tokens) for _ in own]
    position = [index for own in tokens for index in range(len(own))]
    return _part(
        "char",
        np.concatenate(grams) if grams else np.empty(0, dtype=np.int64),
        np.repeat(np.array(sentence, dtype=np.int64), counts),
        np.repeat(np.array(position, dtype=np.int64), counts),
        1,
    )


def _kind_part(tokens: Sequence[Sequence[Token]], lexicon: Lexicon) -> _Part:
    """Make the kinds of a sentence's words, and each two kinds in order, into features."""
    places: list[int] = []
    sentence: list[int] = []
    position: list[int] = []
    for index, own in enumerate(tokens):
        found = [(at, kind) for at, token in enumerate(own) for kind in lexicon.kinds(token.text)]
        first_at: dict[int, int] = {}
        for at, kind in found:
            first_at.setdefault(_kind_place(kind, ""), at)
        for nth, (at, kind) in enumerate(found[:_MOST_KINDS]):
            for later, other in found[nth + 1 : _MOST_KINDS]:
                if later > at:
                    first_at.setdefault(_kind_place(kind, other), at)
        places += first_at
        position += first_at.values()
        sentence += [index] * len(first_at)
    return _part(
        "kind",
        np.array(places, dtype=np.int64),
        np.array(sentence, dtype=np.int64),
        np.array(position, dtype=np.int64),
        1,
    )


@lru_cache(maxsize=1 << 12)
def _kind_place(kind: str, other: str) -> int:
    return crc32(f"{kind} {other}".encode(), 11) % SIZE


def _neighbour_parts(tokens: Sequence[Sequence[Token]]) -> list[_Part]:
    hashes, sentence, _ = _flat(tokens, edges=False)
    parts = []
    for side, shift in (("before", 1), ("after", -1)):
        target = sentence + shift
        inside = (target >= 0) & (target < len(tokens))
        nowhere = np.full(int(inside.sum()), -1, dtype=np.int64)
        parts.append(_part(side, _mixed(side, hashes[inside]), target[inside], nowhere, 1))
    return parts

"""The linear decisions on many sentences, quickly: the same sums as over all features one by one.

:mod:`spiegel.mirror.features` says what a feature is, and training uses it as it stands. Here what
belongs to one word alone is added up once per word, pairs of kinds are looked up in a table, and
only what mixes words is hashed and fetched per sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .features import (
    EDGE_KIND,
    EDGE_WORD,
    GROUP_WEIGHTS,
    GROUPS,
    KIND_HASHES,
    KINDS_APART,
    NO_KIND,
    SIZE,
    WORDS_APART,
    char_places,
    kind_places,
    main_kind,
    mixed,
    salt,
    stirred,
    word_hash,
)
from .words import EDGE_TEXT, Facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from .lexicon import Lexicon
    from .words import Row

_WORD, _APART, _CHAR, _KIND, _KINDS_APART, _BESIDE, _BEFORE, _AFTER = range(len(GROUPS))
#: The groups of which each word has a sum of its own, in this order in its row.
_OWN = (_WORD, _CHAR, _KIND, _BEFORE, _AFTER)
_NOWHERE = SIZE  # the place of a feature that is not there: a row of zeros
_SHORTEST = 1e-6  # length of a group that has no features
_MANY_KINDS = EDGE_KIND + 1
_WEIGHTS = np.asarray(GROUP_WEIGHTS, dtype=np.float32)


class _Laid(NamedTuple):
    """A row with what is known of its words.

    Attributes:
        row: The sentences.
        hashes, kinds: Of each word, shape (n,).
        left: How many words of its sentence are left, itself included, shape (n,).
    """

    row: Row
    hashes: NDArray[np.uint64]
    kinds: NDArray[np.int64]
    left: NDArray[np.int64]


class _Fetched(NamedTuple):
    """Some features of a group: so many at each of some positions of a row.

    Attributes:
        group: Index into GROUPS.
        places: Row of the table for each, shape (positions, features).
        table: What each adds.
        at: The positions, shape (positions,); None when it is all of them.
        widths: How many words each feature covers, shape (features,).
    """

    group: int
    places: NDArray[np.int64]
    table: NDArray[np.float32]
    at: NDArray[np.int64] | None
    widths: tuple[int, ...]


class Scorer:
    """What one model adds up, for one lexicon."""

    def __init__(self, table: NDArray[np.float32], lexicon: Lexicon) -> None:
        """Lay out what is looked up.

        Args:
            table: What a feature adds to each score and, last, to the square of its group's
                length; then a row of zeros; shape (SIZE + 1, labels + 1).
            lexicon: Kinds of words.
        """
        self._lexicon = lexicon
        self._columns = table.shape[1]
        self._table = table
        self._next_kinds = self._kind_pairs(salt("kind", 2))
        self._kinds_apart = self._kind_pairs(salt("kinds_apart", 0))
        self._hashes, self._kinds = Facts(_hashes), Facts(self._find_kinds)
        self._own = Facts(self._find_own)

    def scores(
        self, row: Row, note: NDArray[np.int64], intercepts: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Give the linear decisions on each sentence.

        Args:
            row: The sentences.
            note: Which note each belongs to, shape (sentences,).
            intercepts: Shape (labels,).

        Returns:
            Shape (sentences, labels).
        """
        own = self._own_sums(row)
        sums = self._sums(self._laid(row), own)
        same = (note[1:] == note[:-1])[:, None]
        sums[1:, _BEFORE] = own[:-1, _OWN.index(_BEFORE)] * same
        sums[:-1, _AFTER] = own[1:, _OWN.index(_AFTER)] * same
        scaled = sums[:, :, :-1] * _scales(sums[:, :, -1])[:, :, None]
        return np.asarray(scaled.sum(axis=1, dtype=np.float64) + intercepts)

    def contributions(self, row: Row, labels: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give what each word adds to one label of its sentence.

        Args:
            row: The sentences.
            labels: An index into LABELS for each.

        Returns:
            One number per word or edge. A feature of several words is shared out evenly.
        """
        laid = self._laid(row)
        fetched = list(self._fetched(laid))
        scale = _scales(self._squares(laid, fetched))
        sentence = np.repeat(np.arange(len(labels)), laid.left[row.starts])
        label = labels[sentence]
        own = self._own.of(row.words).reshape(-1, len(_OWN), self._columns)
        total = np.zeros(len(row.ids))
        for group in (_WORD, _CHAR, _KIND):
            total += own[row.ids, _OWN.index(group), label] * scale[sentence, group]
        for each in fetched:
            _share(each, laid, label, scale[sentence, each.group], total)
        return total

    def _laid(self, row: Row) -> _Laid:
        ends = np.append(row.starts[1:], len(row.ids))
        left = np.repeat(ends, ends - row.starts) - np.arange(len(row.ids))
        hashes = self._hashes.of(row.words).take(row.ids)
        return _Laid(row, hashes, self._kinds.of(row.words).take(row.ids), left)

    def _own_sums(self, row: Row) -> NDArray[np.float32]:
        """Add up what words add by themselves, shape (sentences, len(_OWN), labels + 1)."""
        rows = self._own.of(row.words).take(row.ids, axis=0)
        return np.add.reduceat(rows, row.starts).reshape(-1, len(_OWN), self._columns)

    def _sums(self, laid: _Laid, own: NDArray[np.float32]) -> NDArray[np.float32]:
        """Add up all but the neighbours, shape (sentences, groups, labels + 1)."""
        starts = laid.row.starts
        sums = np.zeros((len(starts), len(GROUPS), self._columns), dtype=np.float32)
        for group in (_WORD, _CHAR, _KIND):
            sums[:, group] = own[:, _OWN.index(group)]
        for group, places, table, at, widths in self._fetched(laid):
            firsts = starts if at is None else np.searchsorted(at, starts)
            rows = table.take(places.ravel(), axis=0)
            sums[:, group] += np.add.reduceat(rows, firsts * len(widths))
        return sums

    def _squares(self, laid: _Laid, fetched: Sequence[_Fetched]) -> NDArray[np.float32]:
        """Add up the squares of the lengths alone, shape (sentences, groups)."""
        starts = laid.row.starts
        squares = np.zeros((len(starts), len(GROUPS)), dtype=np.float32)
        own = self._own.of(laid.row.words).reshape(-1, len(_OWN), self._columns)
        for group in (_WORD, _CHAR, _KIND):
            rows = own[laid.row.ids, _OWN.index(group), -1]
            squares[:, group] = np.add.reduceat(rows, starts)
        for group, places, table, at, widths in fetched:
            firsts = starts if at is None else np.searchsorted(at, starts)
            rows = table[:, -1].take(places.ravel())
            squares[:, group] += np.add.reduceat(rows, firsts * len(widths))
        return squares

    def _fetched(self, laid: _Laid) -> Iterator[_Fetched]:
        """Give the features that are no word's own. Edges have a kind, so none leaves a gap."""
        row, words, kinds, left = laid
        runs = [_places(salt("word", size), [words] * size, range(size), left) for size in (2, 3)]
        yield _Fetched(_WORD, np.stack(runs, axis=1), self._table, None, (2, 3))
        begun = _begun(salt("apart", 0), words)
        apart = [_ended(begun, words, gap, left) for gap in WORDS_APART]
        yield _Fetched(_APART, np.stack(apart, axis=1), self._table, None, (1,) * len(apart))
        beside = _beside(words, kinds, left)
        yield _Fetched(_BESIDE, np.stack(beside, axis=1), self._table, None, (2, 2, 3, 3))
        at = np.flatnonzero(kinds)
        kinds = kinds[at]
        left = np.add.reduceat(kinds != NO_KIND, np.searchsorted(at, row.starts), dtype=np.int64)
        left = np.repeat(left.cumsum(), left) - np.arange(len(at))
        nexts = _kind_pair(kinds, 1, left)[:, None]
        yield _Fetched(_KIND, nexts, self._next_kinds, at, (2,))
        hashes = KIND_HASHES[kinds]
        three = _places(salt("kind", 3), [hashes] * 3, range(3), left)[:, None]
        yield _Fetched(_KIND, three, self._table, at, (3,))
        pairs = [_kind_pair(kinds, gap, left) for gap in KINDS_APART]
        widths = (1,) * len(pairs)
        yield _Fetched(_KINDS_APART, np.stack(pairs, axis=1), self._kinds_apart, at, widths)

    def _kind_pairs(self, number: int) -> NDArray[np.float32]:
        """Fetch what two kinds add, for every two; after the last pair a row of zeros."""
        first = np.repeat(KIND_HASHES, _MANY_KINDS)
        places = mixed(number, first, np.tile(KIND_HASHES, _MANY_KINDS))
        return np.asarray(self._table[np.append(places, _NOWHERE)])

    def _find_kinds(self, texts: Sequence[str]) -> NDArray[np.int64]:
        return np.array(
            [EDGE_KIND if text == EDGE_TEXT else main_kind(text, self._lexicon) for text in texts],
            dtype=np.int64,
        )

    def _find_own(self, texts: Sequence[str]) -> NDArray[np.float32]:
        hashes = _hashes(texts)
        places = {
            _WORD: mixed(salt("word", 1), hashes),
            _BEFORE: mixed(salt("before", 0), hashes),
            _AFTER: mixed(salt("after", 0), hashes),
        }
        rows = np.zeros((len(texts), len(_OWN), self._columns), dtype=np.float32)
        for group, found in places.items():
            rows[:, _OWN.index(group)] = self._table[found]
        for number, text in enumerate(texts):
            if text == EDGE_TEXT:  # no word, so no neighbour's word either
                rows[number, 1:] = 0.0
                continue
            rows[number, _OWN.index(_CHAR)] = self._table[char_places(text)].sum(axis=0)
            kinds = list(kind_places(text, self._lexicon))
            if kinds:
                rows[number, _OWN.index(_KIND)] = self._table[kinds].sum(axis=0)
        return rows.reshape(len(texts), -1)


def _hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    return np.array(
        [word_hash(EDGE_WORD if text == EDGE_TEXT else text) for text in texts], dtype=np.uint64
    )


def _scales(squares: NDArray[np.float32]) -> NDArray[np.float32]:
    """Say by what each group of each sentence is multiplied to get its length."""
    return np.asarray(_WEIGHTS / np.maximum(np.sqrt(squares), _SHORTEST))


def _begun(number: int, hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return stirred(np.uint64(number), hashes)


def _ended(
    begun: NDArray[np.uint64], hashes: NDArray[np.uint64], shift: int, left: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Mix in the word so many further on, and give places; nowhere beyond the sentence."""
    places = np.full(len(hashes), _NOWHERE, dtype=np.int64)
    last = len(hashes) - shift
    if last > 0:
        places[:last] = stirred(begun[:last], hashes[shift:]) & np.uint64(SIZE - 1)
    places[left <= shift] = _NOWHERE
    return places


def _places(
    number: int,
    columns: Sequence[NDArray[np.uint64]],
    shifts: Sequence[int],
    left: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Mix words that stand so far on from each position."""
    begun = _begun(number, columns[0])
    for column, shift in zip(columns[1:-1], shifts[1:-1], strict=True):
        last = max(len(begun) - shift, 0)
        begun[:last] = stirred(begun[:last], column[shift:])
    return _ended(begun, columns[-1], shifts[-1], left)


def _kind_pair(kinds: NDArray[np.int64], gap: int, left: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the pairs of kinds that stand so far apart."""
    pairs = np.full(len(kinds), _MANY_KINDS * _MANY_KINDS, dtype=np.int64)
    last = max(len(kinds) - gap, 0)
    pairs[:last] = kinds[:last] * _MANY_KINDS + kinds[gap:]
    pairs[left <= gap] = _MANY_KINDS * _MANY_KINDS
    return pairs


def _beside(
    words: NDArray[np.uint64], kinds: NDArray[np.int64], left: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    """Mix a word with a kind beside it, and one with two of the other around it."""
    hashes, none = KIND_HASHES[kinds], kinds == NO_KIND
    after, second = np.zeros_like(none), np.zeros_like(none)
    after[:-1], second[:-2] = none[1:], none[2:]
    shapes = (
        ((words, hashes), after),
        ((hashes, words), none),
        ((words, hashes, words), after),
        ((hashes, words, hashes), none | second),
    )
    found = []
    for number, (columns, unwanted) in enumerate(shapes):
        places = _places(salt("beside", number), columns, range(len(columns)), left)
        places[unwanted] = _NOWHERE
        found.append(places)
    return found


def _share(
    fetched: _Fetched,
    laid: _Laid,
    label: NDArray[np.int64],
    scale: NDArray[np.float32],
    total: NDArray[np.float64],
) -> None:
    """Share out what features add over the words they cover, in place."""
    _, places, table, at, widths = fetched
    here = slice(None) if at is None else at
    # One flat index is fetched much sooner than a row and a column.
    flat = places * table.shape[1] + label[here, None]
    adds = table.ravel().take(flat) * (scale[here, None] / np.asarray(widths, dtype=np.float32))
    for shift in range(max(widths)):
        covering = [column for column, width in enumerate(widths) if width > shift]
        more = adds[:, covering].sum(axis=1)
        if at is None:  # none of these reaches beyond its sentence, where its table has zeros
            total[shift:] += more[: len(more) - shift]
        else:
            inside = laid.left[at] > shift
            total[at[inside] + shift] += more[inside]

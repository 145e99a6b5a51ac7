"""Words as numbers: each word of a language once, and what is known of it looked up in one step.

Most words of a text were met before, so what a word is, which letters it has and what it adds to
a score is worked out once per word and kept in arrays. A sentence is then a row of numbers.
"""

from __future__ import annotations

import re
from threading import Lock
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import numpy as np

from .features import TOKEN, plain_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from .lexicon import Lexicon

_Number = TypeVar("_Number", bound=np.generic)

#: The number, and the text, of what stands before the first and after the last word.
EDGE, EDGE_TEXT = 0, "\n"

_PIECE = re.compile(rf"{TOKEN.pattern}|{EDGE_TEXT}")
_MOST = 1 << 16  # forms of words; a longer memory is begun anew
_FIRST_ROWS = 1 << 12


class Row(NamedTuple):
    """Sentences laid out in one row of words, an edge before and after each.

    Attributes:
        words: What the numbers stand for.
        ids: The number of each word or edge, shape (n,).
        starts: Where each sentence's first edge stands, shape (sentences,).
    """

    words: Words
    ids: NDArray[np.int64]
    starts: NDArray[np.int64]

    def part(self, first: int, last: int) -> Row:
        """Give the sentences from first up to last."""
        start = self.starts[first]
        stop = self.starts[last] if last < len(self.starts) else len(self.ids)
        return Row(self.words, self.ids[start:stop], self.starts[first:last] - start)

    def pick(self, sentences: Sequence[int]) -> Row:
        """Give some sentences, in the order asked for."""
        firsts = self.starts[np.asarray(sentences, dtype=np.int64)]
        lengths = np.append(self.starts[1:], len(self.ids)) - self.starts
        many = lengths[np.asarray(sentences, dtype=np.int64)]
        starts = np.cumsum(many) - many
        at = np.arange(many.sum()) + np.repeat(firsts - starts, many)
        return Row(self.words, self.ids[at], starts)


class _Numbers(dict[str, int]):
    """The number of each form of a word; a form not met before is given one."""

    def __init__(self, words: Words) -> None:
        super().__init__({EDGE_TEXT: EDGE})
        self._words = words

    def __missing__(self, form: str) -> int:
        return self._words.add(form)


class Words:
    """The words met so far, in the order they came; it only grows."""

    def __init__(self) -> None:
        """Begin with the edge alone."""
        self.texts = [EDGE_TEXT]
        self.growing = Lock()
        self._numbers = _Numbers(self)
        self._known: dict[str, int] = {}

    @property
    def full(self) -> bool:
        """Tell whether it is time to begin anew."""
        return len(self._numbers) > _MOST

    def add(self, form: str) -> int:
        """Give the number of a form of a word that was not met before."""
        text = plain_word(form)
        with self.growing:
            number = self._known.get(text)
            if number is None:
                number = self._known[text] = len(self.texts)
                self.texts.append(text)
            if text != "0":  # there is no end to numbers
                self._numbers[form] = number
        return number

    def lay(self, sentences: Sequence[str]) -> Row:
        """Cut sentences into words, and lay these out in a row."""
        joined = "\n\n".join(sentences)
        if joined.count("\n") != 2 * (len(sentences) - 1):
            joined = "\n\n".join([sentence.replace("\n", " ") for sentence in sentences])
        found = _PIECE.findall(f"\n{joined}\n")
        ids = np.fromiter(map(self._numbers.__getitem__, found), np.int64, len(found))
        return Row(self, ids, np.flatnonzero(ids == EDGE)[::2])


class Facts(Generic[_Number]):
    """What is known of each word: one row of an array per word, filled as words come."""

    def __init__(self, find: Callable[[Sequence[str]], NDArray[_Number]]) -> None:
        """Keep what a function finds.

        Args:
            find: Takes texts of words, gives one row for each; :data:`EDGE_TEXT` is the edge.
        """
        self._find = find
        self._held: tuple[Words, NDArray[_Number], int] | None = None
        self._filling = Lock()

    def of(self, words: Words) -> NDArray[_Number]:
        """Give the array for all words met so far; it may be longer."""
        held = self._held
        if held is None or held[0] is not words or held[2] < len(words.texts):
            with self._filling:
                held = self._held = self._filled(words)
        return held[1]

    def _filled(self, words: Words) -> tuple[Words, NDArray[_Number], int]:
        many, done = len(words.texts), 0
        rows: NDArray[_Number] | None = None
        if self._held is not None and self._held[0] is words:
            _, rows, done = self._held
        if done >= many and rows is not None:
            return words, rows, done
        found = self._find(words.texts[done:many])
        if rows is None or len(rows) < many:
            size = max(_FIRST_ROWS, 1 << many.bit_length())
            longer = np.zeros((size, *found.shape[1:]), dtype=found.dtype)
            if rows is not None:
                longer[:done] = rows[:done]
            rows = longer
        rows[done:many] = found
        return words, rows, many


_current: dict[Lexicon, Words] = {}  # replaced, never emptied: who holds an old one keeps it


def current(lexicon: Lexicon) -> Words:
    """Give the words to lay the next sentences out with; one memory per lexicon."""
    words = _current.get(lexicon)
    if words is None or words.full:
        words = _current[lexicon] = Words()
    return words

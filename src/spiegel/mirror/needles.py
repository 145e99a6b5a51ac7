"""Which sentences a rule could hold for, told by their words before any pattern is tried.

From a rule's pattern follow letters that must stand in a sentence: "had" or "hadden", and
"lijntje". Whether a word has them is found once per word, so that nearly all sentences are passed
over without trying the pattern. What cannot be worked out asks nothing, and the pattern is tried.
"""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from .words import EDGE_TEXT, Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from .language import Rule
    from .words import Row

    #: Letters of which one must stand in one of a sentence's words.
    Needles = frozenset[str]

_KEPT = 3  # needles asked of a turn of phrase: the most telling ones
_BITS = 64
_WITHIN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
#: Signs that may stand inside a number, of which the words keep nothing; and what is no word.
_LOST = frozenset(".,:/-_ ")


class Sieve:
    """What a language's rules ask of the words of a sentence."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Work out the needles of each rule; rules that say "never" come last."""
        self.rules = sorted(rules, key=lambda rule: rule.effect)
        turns = [turns_of(rule.pattern.pattern) for rule in self.rules]
        every = {needles for rule in turns for turn in rule for needles in turn}
        self._bits = {needles: bit for bit, needles in enumerate(sorted(every, key=sorted))}
        self._width = len(self._bits) // _BITS + 1
        asked = [self._mask(self._bits[each] for each in turn) for rule in turns for turn in rule]
        self._asked = np.array(asked, dtype=np.uint64).reshape(-1, self._width)
        self._rule = [number for number, rule in enumerate(turns) for _ in rule]
        self._facts = Facts(self._find)

    def candidates(self, row: Row) -> list[list[int]]:
        """Give, for each rule, the sentences in which its pattern is worth trying."""
        bits = self._facts.of(row.words).take(row.ids, axis=0)
        there = np.bitwise_or.reduceat(bits, row.starts)
        hits = np.ones((len(there), len(self._asked)), dtype=np.bool_)
        for column, asked in zip(there.T, self._asked.T, strict=True):
            hits &= (column[:, None] & asked) == asked
        found: list[set[int]] = [set() for _ in self.rules]
        for sentence, turn in zip(*(each.tolist() for each in hits.nonzero()), strict=True):
            found[self._rule[turn]].add(sentence)
        return [sorted(sentences) for sentences in found]

    def _mask(self, bits: Iterable[int]) -> NDArray[np.uint64]:
        mask = np.zeros(self._width, dtype=np.uint64)
        for bit in bits:
            mask[bit // _BITS] |= np.uint64(1 << bit % _BITS)
        return mask

    def _find(self, texts: Sequence[str]) -> NDArray[np.uint64]:
        rows = np.zeros((len(texts), self._width), dtype=np.uint64)
        for number, text in enumerate(texts):
            if text != EDGE_TEXT:
                rows[number] = self._mask(
                    bit
                    for needles, bit in self._bits.items()
                    if any(needle in text for needle in needles)
                )
        return rows


@lru_cache(maxsize=16)
def sieve(rules: tuple[Rule, ...]) -> Sieve:
    """Give the sieve of some rules, made once."""
    return Sieve(rules)


def turns_of(pattern: str) -> list[list[Needles]]:
    """Work out what a pattern asks of the words of a sentence.

    Args:
        pattern: A regular expression for lower-case text with straight apostrophes.

    Returns:
        Per alternative of the pattern the needles that are all needed; none asks nothing.
    """
    try:
        tree = importlib.import_module("re._parser").parse(pattern)
    except (ImportError, AttributeError):  # no promise is made of it: the patterns are all tried
        return [[]]
    if tree.state.flags & re.IGNORECASE:
        return [[]]
    items = [item for item in tree if str(item[0]) != "AT"]
    if len(items) == 1 and str(items[0][0]) == "BRANCH":
        return [_needed(branch) for branch in items[0][1][1]]
    return [_needed(tree)]


def _needed(items: Iterable[tuple[Any, Any]]) -> list[Needles]:
    """Give the needles that whatever matches these items has, the most telling first."""
    found: list[Needles] = []
    letters = ""
    for code, value in items:
        if str(code) == "LITERAL":
            letters += chr(value)
            continue
        found += _within(letters)
        letters = ""
        found += _needed_of(str(code), value)
    found += _within(letters)
    telling = sorted(set(found), key=lambda each: (-min(map(len, each)), len(each), sorted(each)))
    return telling[:_KEPT]


def _needed_of(code: str, value: Any) -> list[Needles]:
    if code == "BRANCH":
        return _either([_needed(branch) for branch in value[1]])
    if code == "SUBPATTERN" and not value[1]:
        return _needed(value[3])
    if code in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and value[0] > 0:
        return _needed(value[2])
    if code == "IN" and all(str(each) == "LITERAL" for each, _ in value):
        signs = frozenset(chr(each) for _, each in value)
        if not signs & _LOST and not any(sign.isdecimal() for sign in signs):
            return [signs]
    return []


def _either(branches: list[list[Needles]]) -> list[Needles]:
    """Join what alternatives need: the best of each, the second best of each, and so on."""
    if not all(branches):
        return []
    most = max(map(len, branches))
    return [
        frozenset().union(*(each[min(rank, len(each) - 1)] for each in branches))
        for rank in range(most)
    ]


def _within(letters: str) -> list[Needles]:
    """Give the parts of some letters that stand inside one word each."""
    return [frozenset([part]) for part in _WITHIN.findall(letters)]

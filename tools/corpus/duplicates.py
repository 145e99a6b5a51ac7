"""Sentences that say almost the same in almost the same words.

Two sentences are near-duplicates when they share most of their runs of three words: the
resemblance of Broder (1997, "On the resemblance and containment of documents"), counted exactly.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Resemblance from which the later sentence is rejected.
TOO_LIKE = 0.4
#: A sentence with fewer runs of three words is too short to judge.
_FEWEST = 2
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Duplicate:
    """A sentence that is too like an earlier one."""

    where: str
    text: str
    earlier_where: str
    earlier_text: str
    resemblance: float


def near_duplicates(sentences: Iterable[tuple[str, str]]) -> Iterator[Duplicate]:
    """Find sentences that are too like an earlier one.

    Args:
        sentences: Where each stands, and its text.

    Yields:
        Each later sentence of a pair, once, beside the earlier one most like it.
    """
    seen: list[tuple[str, str, int]] = []
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for where, text in sentences:
        runs = _runs(text)
        if len(runs) < _FEWEST:
            continue
        shared = Counter(index for run in runs for index in holders.get(run, ()))
        likeness = {
            index: many / (len(runs) + seen[index][2] - many) for index, many in shared.items()
        }
        best = max(likeness, key=lambda index: likeness[index], default=None)
        if best is not None and likeness[best] >= TOO_LIKE:
            yield Duplicate(where, text, seen[best][0], seen[best][1], likeness[best])
        for run in runs:
            holders[run].append(len(seen))
        seen.append((where, text, len(runs)))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return {tuple(words[place : place + 3]) for place in range(len(words) - 2)}

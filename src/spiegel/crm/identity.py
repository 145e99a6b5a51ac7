"""Which deal a row is: its id, or without one a key that a person chose.

Rows are never merged silently. Without ids a person is shown what each key would merge; the first
row with a key is the deal, and the others are rejected with its line.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .values import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from .rows import DealRow

#: Keys that are offered, the most particular last; only those whose columns the file has.
KEYS = (
    ("name",),
    ("name", "account"),
    ("name", "account", "created_on"),
    ("name", "account", "owner", "created_on"),
)
#: What a key may be made of.
KEY_FIELDS = ("name", "account", "product", "owner", "owner_email", "created_on")
_MAX_KEY = 80
_EXAMPLES = 3
_SALESFORCE_15 = re.compile(r"00[0-9A-Za-z]{13}")
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


@dataclass(frozen=True)
class KeyOption:
    """A key that could tell deals apart, and what it would merge.

    Attributes:
        fields: The fields it is made of.
        merged: How many rows would be taken for a deal that came before.
        examples: Lines of rows that would be one deal: the first, and the next.
    """

    fields: tuple[str, ...]
    merged: int
    examples: tuple[tuple[int, int], ...]

    def to_dict(self) -> dict[str, object]:
        """Give it as JSON-ready values."""
        examples = [list(pair) for pair in self.examples]
        return {"fields": list(self.fields), "merged": self.merged, "examples": examples}


class KeyCounter:
    """Counts, while deals go by, what each possible key would merge.

    Args:
        fields: The fields that the file has columns for.
    """

    def __init__(self, fields: Iterable[str]) -> None:
        have = set(fields)
        keys = {tuple(name for name in key if name in have) for key in KEYS}
        named = [key for key in keys if key and key != ("created_on",)]
        self._counts = [_Alike(key) for key in sorted(named, key=lambda key: (len(key), key))]
        self._equal = _Alike(())

    def add(self, deal: DealRow) -> None:
        """Count one deal under every key."""
        for count in self._counts:
            told = (getattr(deal, name) for name in count.fields)
            mark = hash(tuple(fold(part) if isinstance(part, str) else part for part in told))
            count.add(mark, deal.line)
        self._equal.add(_mark(deal), deal.line)

    @property
    def equal(self) -> KeyOption:
        """Rows that equal an earlier one in every column."""
        return self._equal.option()

    def options(self) -> tuple[KeyOption, ...]:
        """Give the keys, the one that merges least first."""
        found = [count.option() for count in self._counts]
        return tuple(sorted(found, key=lambda option: (option.merged, len(option.fields))))


class _Alike:
    """Counts rows with the same mark; keeps eight bytes a row for it, so a long file fits."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self.fields = fields
        self._marks = array("q")
        self._lines = array("q")

    def add(self, mark: int, line: int) -> None:
        self._marks.append(mark)
        self._lines.append(line)

    def option(self) -> KeyOption:
        import numpy as np  # noqa: PLC0415  (only files without ids need it, and it takes 0.1 s)

        marks, lines = np.asarray(self._marks), np.asarray(self._lines)
        order = np.argsort(marks, kind="stable")
        new = np.ones(len(order), dtype=bool)
        new[1:] = marks[order][1:] != marks[order][:-1]
        firsts = order[new][np.cumsum(new) - 1]  # for each row, the first one with its mark
        repeated, originals = order[~new], firsts[~new]
        shown = np.argsort(repeated)[:_EXAMPLES]
        examples = tuple(
            (int(lines[originals[place]]), int(lines[repeated[place]])) for place in shown
        )
        return KeyOption(self.fields, len(repeated), examples)


def _mark(deal: DealRow) -> int:
    """Give a number that is the same for rows that are the same in every column."""
    told = (getattr(deal, name) for name in deal.__slots__ if name not in {"line", "extra"})
    return hash((*told, *deal.extra.items()))


def key_of(fields: tuple[str, ...], texts: Mapping[str, str], dates: Mapping[str, date]) -> str:
    """Make an id from a key: readable, and the same for the same deal in the next export.

    Args:
        fields: What the key is made of.
        texts: Field to text of one row.
        dates: Field to date of the same row.
    """
    parts = [
        str(dates.get(name, "")) if name == "created_on" else fold(texts.get(name, ""))
        for name in fields
    ]
    key = "key:" + "|".join(parts)
    if len(key) <= _MAX_KEY:
        return key
    return key[: _MAX_KEY - 17] + "~" + hashlib.sha256(key.encode()).hexdigest()[:16]


def salesforce_id(text: str) -> str:
    """Write a Salesforce id of 15 characters as the one of 18 that means the same record.

    Three characters at the end tell which of the others are capitals, so that programs that do
    not tell ``a`` from ``A`` can still tell records apart.
    """
    if not _SALESFORCE_15.fullmatch(text):
        return text
    check = ""
    for start in (0, 5, 10):
        part = text[start : start + 5]
        bits = sum(1 << place for place, letter in enumerate(part) if "A" <= letter <= "Z")
        check += _CHECK[bits]
    return text + check

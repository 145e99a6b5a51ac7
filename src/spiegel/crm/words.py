"""Words that files use whatever system they come from: months, footers, signs, yes and no.

They are data (``words.json``), with one entry per language; the code knows none of them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from spiegel.errors import DataError

_KEYS = {"footers", "months", "true", "false", "currency_signs", "empty_typed", "zero_dates"}


@dataclass(frozen=True)
class Words:
    """What ``words.json`` holds.

    Attributes:
        footers: Patterns of a first cell that closes a report.
        months: Month name or abbreviation in small letters to its number.
        flags: Small-letter texts of yes and no.
        signs: Sign or word to currency code, longest first; ``""`` for one that several share.
        empty_typed: Small-letter texts that are nothing in a column of dates or amounts.
        zero_dates: Texts that programs write for no date.
    """

    footers: tuple[re.Pattern[str], ...]
    months: dict[str, int]
    flags: dict[str, bool]
    signs: dict[str, str]
    empty_typed: frozenset[str]
    zero_dates: frozenset[str]


@cache
def words() -> Words:
    """Give the words.

    Raises:
        DataError: when ``words.json`` is damaged.
    """
    raw: Any = json.loads((resources.files(__package__) / "words.json").read_text("utf-8"))
    if not isinstance(raw, dict) or set(raw) != _KEYS:
        raise DataError("words-file", "crm/words.json does not have the keys it must have.")
    signs = raw["currency_signs"]
    return Words(
        footers=tuple(re.compile(pattern, re.IGNORECASE) for pattern in raw["footers"]),
        months=raw["months"],
        flags=dict.fromkeys(raw["true"], True) | dict.fromkeys(raw["false"], False),
        signs={sign: signs[sign] for sign in sorted(signs, key=len, reverse=True)},
        empty_typed=frozenset(raw["empty_typed"]),
        zero_dates=frozenset(raw["zero_dates"]),
    )

"""Amounts of money and days of the year in folded text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from .language import Language

_DIGITS = r"\d{1,3}(?:[.,' ]\d{3})+(?:,\d\d?)?(?!\d)|\d+(?:[.,]\d+)?"
_YEAR = re.compile(r"(?<![\w.,/-])20[2-5]\d(?![\w,/-]|\.\d)")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money and where it stands."""

    value: float
    start: int
    end: int


def amounts(folded: str, language: Language) -> Iterator[Amount]:
    """Find amounts of money: with a currency, with a word for thousand, or large and round."""
    for found in _money(language).finditer(folded):
        value = _number(found["digits"])
        if found["scale"] in ("m", "mln", *language.million):
            value *= 1_000_000
        elif found["scale"]:
            value *= 1_000
        bare = not (found["before"] or found["scale"] or found["after"])
        if bare and (value < 1_000 or 1990 <= value <= 2100):
            continue
        yield Amount(value, found.start(), found.end())


@cache
def _money(language: Language) -> re.Pattern[str]:
    scale = "|".join(["k", "m", "mln", *language.thousand, *language.million])
    return re.compile(
        rf"(?P<before>(?:€|£|\$|eur|euro)\s*)?(?<![\w.,/-])(?P<digits>{_DIGITS})"
        rf"(?:\s*(?P<scale>{scale})(?!\w))?(?P<after>\s*(?:€|£|\$|,-|euros?|eur|pounds?|dollars?)(?!\w))?"
        r"(?![\w/%-]|[.:]\d)"
    )


def _number(digits: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:[.,' ]\d{3})+(?:,\d\d?)?", digits):
        whole = re.sub(r",\d\d?$", "", digits)
        return float(re.sub(r"\D", "", whole))
    return float(digits.replace(",", "."))


def days(folded: str, said: date, language: Language) -> Iterator[tuple[date, int, int]]:
    """Find days written as day and month, or as a month, within the year to come.

    Args:
        folded: The text, folded.
        said: When it was said.
        language: Its language.

    Yields:
        The day (the last of a month or its half where only that is given), start and end.
    """
    for found in _YEAR.finditer(folded):
        if int(found.group()) > said.year:
            yield said.replace(year=int(found.group()), month=1, day=1), found.start(), found.end()
    for found in _days(language).finditer(folded):
        name = found.lastgroup
        if name is None:
            continue
        month = int(name[2:])
        given = found.group(f"d{'ab'[name[0] == 'b']}{month}")
        if not given and len(found.group()) <= 3 and not _after(folded, found.start(), language):
            continue
        day = int(given or 28)
        try:
            there = said.replace(month=month, day=day)
        except ValueError:
            continue
        if (said - there).days > 31:
            there = there.replace(year=there.year + 1, day=min(there.day, 28))
        yield there, found.start(), found.end()


def _after(folded: str, place: int, language: Language) -> bool:
    before = folded[:place].rstrip(" -")
    return any(re.search(rf"\b{word}$", before) for word in language.before_month)


@cache
def _days(language: Language) -> re.Pattern[str]:
    ordinal = r"(?:st|nd|rd|th|e|ste|de)?"
    rows = []
    for number, month in enumerate(language.months, 1):
        rows.append(
            rf"(?P<a_{number}>(?:(?P<da{number}>\d{{1,2}}){ordinal}\s+(?:of\s+)?)?(?:{month})(?![\w]))"
        )
        rows.append(rf"(?P<b_{number}>(?:{month})\s+(?P<db{number}>\d{{1,2}}){ordinal}(?![\w]))")
    # A month followed by a day is tried before a month alone.
    rows.sort(key=lambda row: "P<b_" not in row)
    return re.compile(rf"(?<!\w)(?:{'|'.join(rows)})")

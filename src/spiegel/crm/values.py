"""Amounts, flags and names as people and programs write them.

``1.234`` is a thousand or one and a bit. One value cannot tell, so the sign before the decimals is
decided per file from all its values: two digits after the last sign can only be decimals.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from .words import words

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Dutch for "and no cents": 1.250,-
_NO_CENTS = re.compile(r"[.,][-–—]+$")
#: What Salesforce adds in an organisation with several currencies: EUR 1.000,00 (USD 1.080,00)
_CONVERTED = re.compile(r"(?<=\d)\([A-Z]{3}[\d.,]+\)$")
_EXPONENT = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(([A-Z]{3})\)")
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
#: The most usual ways to write a sum, per decimal sign: read without further ado.
_PLAIN = {sign: re.compile(rf"[0-9]{{1,12}}(?:[{sign}][0-9]{{1,2}})?") for sign in ",."}
_CENTS = re.compile(r"[0-9]+([.,])[0-9]{1,2}")
_DIGITS = re.compile(r"\d[\d.,]*|[.,]\d+")


#: So many texts are remembered at once while a file is gone through.
_REMEMBERED = 50_000


class Number(str):
    """A number as a workbook holds it: with a point, whatever the file's texts do."""

    __slots__ = ()


class Amount(NamedTuple):
    """A sum of money; the currency is ``""`` where the value does not name one."""

    value: Decimal
    currency: str = ""


@dataclass(frozen=True)
class Decision:
    """What was decided for a whole file, and by how much.

    Attributes:
        choice: ``"dmy"``, ``"mdy"`` or ``"ymd"`` for dates; ``"."`` or ``","`` for amounts.
        decided_by: How many values can only be read this way.
        against: How many can only be read the other way; those rows are rejected.
        either: How many can be read both ways, and follow the choice.
        asked: Whether a person chose it.
        example: A value that can be read both ways, else one that decided; ``""`` for none.
    """

    choice: str
    decided_by: int
    against: int
    either: int
    asked: bool = False
    example: str = field(default="", compare=False)

    @property
    def is_sure(self) -> bool:
        """Whether nothing is left to guess: values decided, a person did, or none is open."""
        return self.asked or self.decided_by > 0 or self.either == 0


def fold(text: str) -> str:
    """Reduce a name to what it is compared by: letters and digits, plain and lower case."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


class SignEvidence:
    """Counts, over all amounts of a file, which sign they show before the decimals.

    Where nothing decides (only values like ``1.234``), the sign is taken to group thousands:
    money with exactly three decimals is rare.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._known: dict[str, str] = {}

    def add(self, text: str) -> None:
        """Count one text; what is no amount is passed over."""
        if isinstance(text, Number):
            return
        plain = _CENTS.fullmatch(text)
        sign = plain[1] if plain else self._known.get(text)
        if sign is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            sign = self._known[text] = _sign_of(text)
        self._examples.setdefault(sign, text)
        self._counts[sign] += 1

    def decide(self, chosen: str | None = None) -> Decision:
        """Give the sign of the file.

        Args:
            chosen: A person's choice, ``"."`` or ``","``, which then stands.
        """
        counts = self._counts
        comma, point = counts[","], counts["."]
        if comma or point:
            likely = "," if comma > point else "."
        else:
            likely = "," if counts["either ."] > counts["either ,"] else "."
        choice = chosen or likely
        for_it, against = (comma, point) if choice == "," else (point, comma)
        either = counts["either ,"] + counts["either ."]
        shown = ("either .", "either ,", choice)
        example = next((self._examples[name] for name in shown if name in self._examples), "")
        return Decision(choice, for_it, against, either, chosen is not None, example)


def decide_decimal_sign(values: Iterable[str], chosen: str | None = None) -> Decision:
    """Decide whether a file writes decimals after a comma or a point, from all its amounts.

    Args:
        values: Every text in its amount column; those that are no amounts are passed over.
        chosen: A person's choice, ``"."`` or ``","``, which then stands.
    """
    evidence = SignEvidence()
    for text in values:
        evidence.add(text)
    return evidence.decide(chosen)


def _sign_of(text: str) -> str:
    """Name the decimal sign a value shows: ``,`` or ``.``, ``either …``, or ``none``."""
    digits = _DIGITS.search(_without_spaces(text))
    if not digits:
        return "none"
    number = digits[0].rstrip(".,")
    last = max(number.rfind(","), number.rfind("."))
    if last < 0:
        return "none"
    sign = number[last]
    other = "." if sign == "," else ","
    if other in number:
        return sign
    if number.count(sign) > 1:
        return other
    before, after = number[:last], number[last + 1 :]
    if len(after) == 3 and 0 < len(before) <= 3 and not before.startswith("0"):
        return f"either {sign}"
    return sign


def parse_amount(text: str, decimal_sign: str) -> Amount:
    """Read a sum of money with its sign or code, grouping, and brackets or minus for less than 0.

    Args:
        text: Such as ``€ 1.234,50``, ``€ 1.250,-``, ``$22,700.00``, ``USD 0.00`` or ``(12,50)``.
        decimal_sign: ``","`` or ``"."``.

    Raises:
        ValueError: when it is no amount with that decimal sign.
    """
    if isinstance(text, Number):
        return Amount(Decimal(text))
    if _PLAIN[decimal_sign].fullmatch(text):
        return Amount(Decimal(text.replace(",", ".")))
    currency, bare = _currency(_CONVERTED.sub("", _without_spaces(text)))
    bare = _NO_CENTS.sub("", bare)
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()") if negative else bare
    if bare.endswith(("-", "−")) or bare.startswith(("-", "−")):
        negative, bare = True, bare.strip("-−")
    bare = bare.removeprefix("+").removesuffix(decimal_sign)
    value = _number(bare, decimal_sign)
    return Amount(-value if negative else value, currency)


def _without_spaces(text: str) -> str:
    return "".join(text.split()).replace("'", "").replace("’", "")


def _currency(bare: str) -> tuple[str, str]:
    """Take the sign or code off an amount."""
    if bare[:1].isdigit() and bare[-1:].isdigit():
        return "", bare
    found = _CODE.search(bare)
    code = found[0] if found else ""
    bare = bare.replace(code, "") if code else bare
    for sign, named in words().signs.items():
        if sign in bare:
            return code or named, bare.replace(sign, "")
    lower = bare.strip("0123456789.,-()").upper()
    if not code and lower in words().signs.values() and lower:
        return lower, bare.replace(lower.lower(), "")
    return code, bare


@lru_cache(maxsize=1_000)
def parse_currency(text: str) -> str:
    """Read a currency as its three-letter code: ``eur``, ``€``, ``Euro (EUR)`` are ``EUR``.

    Raises:
        ValueError: when it is neither a code nor a known sign.
    """
    code = words().signs.get(text) or words().signs.get(text.casefold())
    if not code:
        inside = _IN_BRACKETS.search(text)
        code = inside[1] if inside else text.upper()
    if not _CODE.fullmatch(code):
        raise ValueError(f"not a currency: {text}")
    return code


def parse_flag(text: str) -> bool | None:
    """Read yes or no in any of the known languages; None for anything else."""
    return words().flags.get(text.casefold())


def is_rounded_id(text: str) -> bool:
    """Whether a spreadsheet has rounded a long number: ``1,23457E+11`` is no id any more."""
    return bool(_EXPONENT.fullmatch(text))


def _number(bare: str, decimal_sign: str) -> Decimal:
    grouping = "." if decimal_sign == "," else ","
    whole, _, decimals = bare.partition(decimal_sign)
    if grouping in whole:
        first, *groups = whole.split(grouping)
        if not 1 <= len(first) <= 3 or not _grouped(groups):
            raise ValueError(f"not an amount: {bare}")
        whole = first + "".join(groups)
    digits = whole + decimals
    if not digits.isascii() or not digits.isdigit():
        raise ValueError(f"not an amount: {bare}")
    return Decimal(f"{whole or '0'}.{decimals or '0'}") if decimals else Decimal(whole)


def _grouped(groups: list[str]) -> bool:
    """Whether digits are grouped by three, or by two before the last three as in India."""
    inner = {len(group) for group in groups[:-1]}
    return len(groups[-1]) == 3 and inner in (set(), {3}, {2})

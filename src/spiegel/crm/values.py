"""Dates and amounts as people and programs write them.

``03-05-2026`` is 3 May in one file and 5 March in another; ``1.234`` is a thousand or one and a
bit. One value cannot tell, so the order and the sign are decided per file from all its values:
a 13 can only be a day, two digits after the last sign can only be decimals.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Years outside this range are slips of the keyboard or of a program (0024, 1900, 9999).
YEARS = range(1970, 2101)

_TIME = r"(?:,?[T ]\s*\d{1,2}[:.]\d{2}.*)?"
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME)
_PLAIN = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME)
#: Dutch for "and no cents": 1.250,-
_NO_CENTS = re.compile(r"[.,][-–—]+$")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_DIGITS = re.compile(r"\d[\d.,]*|[.,]\d+")


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
    """

    choice: str
    decided_by: int
    against: int
    either: int
    asked: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether nothing is left to guess: values decided, a person did, or none is open."""
        return self.asked or self.decided_by > 0 or self.either == 0


def fold(text: str) -> str:
    """Reduce a name to what it is compared by: letters and digits, plain and lower case."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def decide_date_order(values: Iterable[str], chosen: str | None = None) -> Decision:
    """Decide in which order a file writes day and month, from all its dates.

    Args:
        values: Every text in its date columns; those that are no dates are passed over.
        chosen: A person's choice, ``"dmy"`` or ``"mdy"``, which then stands.
    """
    counts: Counter[str] = Counter()
    for text in values:
        counts[_order_of(text)] += 1
    day_first, month_first, either = counts["dmy"], counts["mdy"], counts["either"]
    if chosen is None and not (day_first or month_first or either):
        return Decision("ymd", counts["ymd"], 0, 0)
    choice = chosen or ("mdy" if month_first > day_first else "dmy")
    for_it, against = (day_first, month_first) if choice == "dmy" else (month_first, day_first)
    return Decision(choice, for_it, against, either, asked=chosen is not None)


def _order_of(text: str) -> str:
    if _ISO.fullmatch(text):
        return "ymd"
    found = _PLAIN.fullmatch(text)
    if not found:
        return "none"
    first, second = int(found[1]), int(found[3])
    if first > 12 and second > 12:
        return "none"
    if first == second:
        return "same"
    if first > 12:
        return "dmy"
    return "mdy" if second > 12 else "either"


def parse_date(text: str, order: str) -> date:
    """Read a date; a time after it is dropped, the calendar day stands as written.

    Args:
        text: Such as ``2026-05-03``, ``2026-05-03T09:30:00Z``, ``3-5-2026``, ``05/03/26 9:30 AM``.
        order: ``"dmy"`` or ``"mdy"`` for texts that do not begin with the year.

    Raises:
        ValueError: when it is no date, or its year is outside :data:`YEARS`.
    """
    found = _ISO.fullmatch(text)
    if found:
        year, month, day = int(found[1]), int(found[3]), int(found[4])
    else:
        found = _PLAIN.fullmatch(text)
        if not found:
            raise ValueError(f"not a date: {text}")
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if len(found[4]) == 2:
            year += 2000
        day, month = (second, first) if order == "mdy" else (first, second)
    if year not in YEARS:
        raise ValueError(f"not a date: {text}")
    return date(year, month, day)


def decide_decimal_sign(values: Iterable[str], chosen: str | None = None) -> Decision:
    """Decide whether a file writes decimals after a comma or a point, from all its amounts.

    Where nothing decides (only values like ``1.234``), the sign is taken to group thousands:
    money with exactly three decimals is rare.

    Args:
        values: Every text in its amount column; those that are no amounts are passed over.
        chosen: A person's choice, ``"."`` or ``","``, which then stands.
    """
    counts = Counter(_sign_of(text) for text in values)
    comma, point = counts[","], counts["."]
    either = counts["either ,"] + counts["either ."]
    if comma or point:
        likely = "," if comma > point else "."
    else:
        likely = "," if counts["either ."] > counts["either ,"] else "."
    choice = chosen or likely
    for_it, against = (comma, point) if choice == "," else (point, comma)
    return Decision(choice, for_it, against, either, asked=chosen is not None)


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
    currency, bare = _currency(_without_spaces(text))
    bare = _NO_CENTS.sub("", bare)
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()") if negative else bare
    if bare.endswith("-") or bare.startswith(("-", "−")):
        negative, bare = True, bare.strip("-−")
    bare = bare.removeprefix("+").removesuffix(decimal_sign)
    value = _number(bare, decimal_sign)
    return Amount(-value if negative else value, currency)


def _without_spaces(text: str) -> str:
    return "".join(text.split()).replace("'", "").replace("’", "")


def _currency(bare: str) -> tuple[str, str]:
    for sign, code in _SIGNS.items():
        if sign in bare:
            return code, bare.replace(sign, "").replace("US", "")
    found = _CODE.search(bare)
    if found:
        return found[0], bare.replace(found[0], "")
    return "", bare


def parse_currency(text: str) -> str:
    """Read a currency as its three-letter code: ``eur``, ``€`` and ``Euro`` are ``EUR``.

    Raises:
        ValueError: when it is neither a code nor a known sign.
    """
    code = _SIGNS.get(text) or ("EUR" if text.casefold() in {"euro", "euros"} else text.upper())
    if not _CODE.fullmatch(code):
        raise ValueError(f"not a currency: {text}")
    return code


def _number(bare: str, decimal_sign: str) -> Decimal:
    grouping = "." if decimal_sign == "," else ","
    whole, _, decimals = bare.partition(decimal_sign)
    if grouping in whole:
        first, *groups = whole.split(grouping)
        if not 1 <= len(first) <= 3 or any(len(group) != 3 for group in groups):
            raise ValueError(f"not an amount: {bare}")
        whole = first + "".join(groups)
    digits = whole + decimals
    if not digits.isascii() or not digits.isdigit():
        raise ValueError(f"not an amount: {bare}")
    return Decimal(f"{whole or '0'}.{decimals or '0'}") if decimals else Decimal(whole)

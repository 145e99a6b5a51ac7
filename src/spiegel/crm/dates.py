"""Dates as people and programs write them.

``03-05-2026`` is 3 May in one file and 5 March in another. One value cannot tell, so the order is
decided per file from all its values: a 13 can only be a day. What needs no order (a date that
begins with its year, one with the month as a word, Excel's serial numbers) is read as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from .values import Decision
from .words import words

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Years outside this range are slips of the keyboard or of a program (0024, 1900, 9999).
YEARS = range(1970, 2101)

_TIME = (
    r"(?:(?:,?[T ]\s*|,?\s+(?:at|om|um|à)\s+)(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?\s*(?:[A-Z]{2,5}|\(.*\))?)?"
)
_DAY_NAME = r"(?:[^\W\d_]{2,10}\.?,?\s+)?"
_MONTH = r"(?P<month>[^\W\d_]{3,9})"
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME)
_PLAIN = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME)
_DAY_WORD = re.compile(
    _DAY_NAME + r"(?P<day>\d{1,2})(?:st|nd|rd|th|e|\.)?[\s/-]*(?:of\s+)?" + _MONTH
    + r"\.?,?[\s/-]+(?P<year>\d{4}|\d{2})" + _TIME
)  # fmt: skip
_WORD_DAY = re.compile(
    _DAY_NAME + _MONTH + r"\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})" + _TIME
)
_COMPACT = re.compile(r"(?:19|20)\d{6}")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_EPOCH = re.compile(r"\d{10}|\d{13}")
_EXCEL_EPOCH = date(1899, 12, 30)
#: So many texts are remembered at once while a file is gone through.
_REMEMBERED = 50_000


class UnlikelyYearError(ValueError):
    """A date whose year is outside :data:`YEARS`."""

    def __init__(self, text: str, year: int) -> None:
        super().__init__(f"not a date: {text}")
        self.year = year


class DateEvidence:
    """Counts, over all dates of a file, in which order they can be read."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._known: dict[str, str] = {}

    def add(self, text: str) -> None:
        """Count one text; what is no date is passed over."""
        order = self._known.get(text)
        if order is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            order = self._known[text] = _order_of(text)
            self._examples.setdefault(order, text)
        self._counts[order] += 1
        if order == "either" and text[-2:].upper() == "PM":
            self._counts["half days"] += 1

    def decide(self, chosen: str | None = None) -> Decision:
        """Give the order of the file.

        Args:
            chosen: A person's choice, ``"dmy"`` or ``"mdy"``, which then stands.
        """
        counts = self._counts
        day_first, month_first, either = counts["dmy"], counts["mdy"], counts["either"]
        if not (day_first or month_first):
            day_first, month_first = counts["day word"], counts["word day"]
        if chosen is None and not (day_first or month_first or either or counts["same"]):
            return Decision("ymd", counts["ymd"], 0, 0)
        # Where nothing tells: who writes 3 PM for the afternoon mostly writes the month first.
        likely = month_first > day_first or (not day_first and counts["half days"] > 0)
        choice = chosen or ("mdy" if likely else "dmy")
        for_it, against = (day_first, month_first) if choice == "dmy" else (month_first, day_first)
        example = self._examples.get("either") or self._examples.get(choice, "")
        return Decision(choice, for_it, against, either, chosen is not None, example)


def decide_date_order(values: Iterable[str], chosen: str | None = None) -> Decision:
    """Decide in which order a file writes day and month, from all its dates.

    Args:
        values: Every text in its date columns; those that are no dates are passed over.
        chosen: A person's choice, ``"dmy"`` or ``"mdy"``, which then stands.
    """
    evidence = DateEvidence()
    for text in values:
        evidence.add(text)
    return evidence.decide(chosen)


def _order_of(text: str) -> str:
    if _ISO.fullmatch(text):
        return "ymd"
    found = _PLAIN.fullmatch(text)
    if not found:
        return "ymd" if _by_number(text) else _word_order(text)
    first, second = int(found[1]), int(found[3])
    if first > 12 and second > 12:
        return "none"
    if first == second:
        return "same"
    if first > 12 or found[2] == ".":
        return "dmy" if second <= 12 else "none"
    return "mdy" if second > 12 else "either"


def _word_order(text: str) -> str:
    for pattern, order in ((_DAY_WORD, "day word"), (_WORD_DAY, "word day")):
        found = pattern.fullmatch(text)
        if found and found["month"].casefold() in words().months:
            return order
    return "none"


def parse_date(text: str, order: str) -> date:
    """Read a date; a time after it is dropped, the calendar day stands as written.

    Args:
        text: Such as ``2026-05-03``, ``2026-05-03T09:30:00Z``, ``3-5-2026``, ``05/03/26 9:30 AM``,
            ``3 mei 2026``, ``May 3, 2026``, ``46145`` (Excel) or ``1777766400000`` (milliseconds).
        order: ``"dmy"`` or ``"mdy"`` for texts that do not begin with the year.

    Raises:
        ValueError: when it is no date; :class:`UnlikelyYearError` when its year is outside
            :data:`YEARS`.
    """
    return parse_moment(text, order).date()


def parse_moment(text: str, order: str) -> datetime:
    """Read a date with its time, where it has one; midnight where it has none.

    The moment has a zone only where the text names one.

    Args:
        text: As for :func:`parse_date`.
        order: ``"dmy"`` or ``"mdy"``.

    Raises:
        ValueError: as :func:`parse_date`.
    """
    numbered = _by_number(text) if text.isdigit() or _SERIAL.fullmatch(text) else None
    if numbered:
        return _likely(text, numbered)
    for pattern in (_ISO, _PLAIN, _DAY_WORD, _WORD_DAY):
        found = pattern.fullmatch(text)
        if found:
            day = _day(pattern, found, order)
            if day is not None:
                return _likely(text, datetime.combine(day, _clock(found), _zone(found["zone"])))
    raise ValueError(f"not a date: {text}")


def _day(pattern: re.Pattern[str], found: re.Match[str], order: str) -> date | None:
    if pattern is _ISO:
        return _date(found, int(found[1]), int(found[3]), int(found[4]))
    if pattern is _PLAIN:
        first, second = int(found[1]), int(found[3])
        day, month = (second, first) if order == "mdy" and found[2] != "." else (first, second)
        return _date(found, _year(found[4]), month, day)
    number = words().months.get(found["month"].casefold())
    return (number and _date(found, _year(found["year"]), number, int(found["day"]))) or None


def _date(found: re.Match[str], year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise UnlikelyYearError(found[0], year)
    return date(year, month, day)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < 70 else 1900)


def _clock(found: re.Match[str]) -> time:
    if found["hour"] is None:
        return time()
    hour = int(found["hour"])
    half = (found["half"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, int(found["minute"]), int(found["second"] or 0))


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in {"Z", "UTC", "GMT"}:
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-away if text[0] == "-" else away)


def _by_number(text: str) -> datetime | None:
    """Read Excel's serial days, seconds or milliseconds since 1970, and 20260503."""
    if not text[:1].isdigit() or not text.isascii():
        return None
    if _SERIAL.fullmatch(text):
        days = float(text.replace(",", "."))
        midnight = datetime.combine(_EXCEL_EPOCH, time())
        return midnight + timedelta(days=int(days), seconds=round(days % 1 * 86_400))
    if _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC)
    if _COMPACT.fullmatch(text):
        try:
            return datetime.combine(date(int(text[:4]), int(text[4:6]), int(text[6:])), time())
        except ValueError:
            return None
    return None


def _likely(text: str, moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise UnlikelyYearError(text, moment.year)
    return moment

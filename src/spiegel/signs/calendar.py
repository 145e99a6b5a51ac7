"""Working days: without weekends and the public holidays of the Netherlands and Belgium."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

#: Month and day of holidays that stay where they are. 5 May is left out: most people work.
_FIXED = {
    "NL": ((1, 1), (12, 25), (12, 26)),
    "BE": ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)),
}
#: Days from Easter Sunday. Good Friday counts in the Netherlands: offices are often closed.
_MOVING = {"NL": (-2, 0, 1, 39, 49, 50), "BE": (0, 1, 39, 49, 50)}
COUNTRIES = tuple(_FIXED)


@cache
def easter(year: int) -> date:
    """Give Easter Sunday of a year (the anonymous Gregorian computation, Meeus 1991)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    left = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * left) // 451
    month, day = divmod(h + left - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int, countries: tuple[str, ...] = COUNTRIES) -> frozenset[date]:
    """Give the public holidays of a year, of any of the countries.

    Args:
        year: The year.
        countries: ``"NL"`` and ``"BE"``, or one of them.
    """
    days: set[date] = set()
    for country in countries:
        days |= {date(year, month, day) for month, day in _FIXED[country]}
        days |= {easter(year) + timedelta(days=shift) for shift in _MOVING[country]}
        if country == "NL":
            king = date(year, 4, 27)
            days.add(king if king.weekday() != 6 else date(year, 4, 26))
    return frozenset(days)


def is_working_day(day: date, countries: tuple[str, ...] = COUNTRIES) -> bool:
    """Tell whether an office is open: no weekend and no holiday in any of the countries."""
    return day.weekday() < 5 and day not in holidays(day.year, countries)


def working_days(start: date, end: date, countries: tuple[str, ...] = COUNTRIES) -> int:
    """Count the working days after a day, up to and with another; 0 when it is not later."""
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    count = weeks * 5
    count += sum((start + timedelta(days=shift)).weekday() < 5 for shift in range(1, rest + 1))
    return count - sum(
        day.weekday() < 5 and start < day <= end
        for year in range(start.year, end.year + 1)
        for day in holidays(year, countries)
    )

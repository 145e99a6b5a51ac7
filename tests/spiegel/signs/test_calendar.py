"""Working days in the Netherlands and Belgium."""

from __future__ import annotations

from datetime import date

import pytest

from spiegel.signs.calendar import easter, holidays, is_working_day, working_days


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2000, 4, 23), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)],
)
def test_easter(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


@pytest.mark.parametrize(
    ("day", "countries"),
    [
        (date(2026, 4, 6), ("NL", "BE")),
        (date(2026, 5, 14), ("NL",)),
        (date(2026, 5, 25), ("BE",)),
        (date(2026, 4, 27), ("NL",)),
        (date(2025, 4, 26), ("NL",)),
        (date(2026, 7, 21), ("BE",)),
        (date(2026, 12, 26), ("NL",)),
    ],
)
def test_holidays(day: date, countries: tuple[str, ...]) -> None:
    assert day in holidays(day.year, countries)


def test_a_holiday_of_the_other_country_is_a_working_day() -> None:
    assert is_working_day(date(2026, 7, 21), ("NL",))
    assert not is_working_day(date(2026, 7, 21))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), 0),
        (date(2026, 3, 6), date(2026, 3, 9), 1),
        (date(2026, 3, 2), date(2026, 3, 16), 10),
        (date(2026, 4, 2), date(2026, 4, 7), 1),
        (date(2026, 12, 24), date(2027, 1, 4), 5),
        (date(2026, 3, 9), date(2026, 3, 2), 0),
    ],
)
def test_working_days(start: date, end: date, expected: int) -> None:
    assert working_days(start, end) == expected


def test_working_days_agree_with_counting_one_by_one() -> None:
    start = date(2026, 1, 1)
    for days in range(0, 800, 13):
        end = date.fromordinal(start.toordinal() + days)
        counted = sum(
            is_working_day(date.fromordinal(start.toordinal() + one)) for one in range(1, days + 1)
        )
        assert working_days(start, end) == counted

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiegel.practice import anchor_day, due_day, new_memory, review, shift

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
days = st.dates(min_value=dt.date(2026, 1, 1), max_value=dt.date(2027, 1, 1))


def day(number: int) -> dt.date:
    return dt.date(2026, 7, 1) + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (dt.UTC, dt.date(2026, 11, 25)),
        (AMSTERDAM, dt.date(2026, 11, 26)),
        (ZoneInfo("Pacific/Auckland"), dt.date(2026, 11, 26)),
        (ZoneInfo("America/Los_Angeles"), dt.date(2026, 11, 25)),
    ],
)
def test_the_day_is_that_of_the_place(zone: dt.tzinfo, expected: dt.date) -> None:
    late = dt.datetime(2026, 11, 24, 23, 30, tzinfo=dt.UTC)

    assert due_day(new_memory(late), zone) == expected


@pytest.mark.parametrize("hour", [0, 12, 23])
@pytest.mark.parametrize("date", [dt.date(2026, 3, 28), dt.date(2026, 10, 24)])
def test_the_hour_and_summer_time_do_not_move_the_day(date: dt.date, hour: int) -> None:
    now = dt.datetime(date.year, date.month, date.day, hour, 40, tzinfo=AMSTERDAM)
    memory = review(new_memory(now), 3, now)

    assert anchor_day(memory, AMSTERDAM) == date
    assert due_day(memory, AMSTERDAM) == date + dt.timedelta(days=2)


@pytest.mark.parametrize(
    ("due", "since", "expected"),
    [
        (day(9), day(0), day(9)),  # before the holiday
        (day(10), day(0), day(15)),  # on its first day
        (day(12), day(0), day(17)),
        (day(14), day(0), day(19)),  # on its last day
        (day(30), day(0), day(35)),  # after it
        (day(11), day(10), day(16)),  # recalled on its first day: all of it counts
        (day(13), day(12), day(16)),  # drawn during it: what is left of it counts
        (day(15), day(14), day(16)),  # drawn on its last day
        (day(30), day(20), day(30)),  # drawn after it
    ],
)
def test_a_holiday_of_five_days(due: dt.date, since: dt.date, expected: dt.date) -> None:
    assert shift(due, since, [(day(10), day(14))]) == expected


def test_two_holidays_add_up_in_the_order_of_the_calendar() -> None:
    holds = [(day(20), day(21)), (day(10), day(14))]

    assert shift(day(16), day(0), holds) == day(23)


@given(due=days, wait=st.integers(1, 90), first=days, length=st.integers(1, 60))
def test_a_due_day_never_moves_back_nor_into_the_holiday(
    due: dt.date, wait: int, first: dt.date, length: int
) -> None:
    last = first + dt.timedelta(days=length - 1)
    moved = shift(due, due - dt.timedelta(days=wait), [(first, last)])

    assert due <= moved <= due + dt.timedelta(days=length)
    assert not first <= moved <= last

from __future__ import annotations

import builtins
import copy
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiegel.errors import DataError, InputError
from spiegel.practice import LONGEST_DAYS, interval, new_memory, outlook, review
from spiegel.practice.memory import _scheduler

NOW = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
ratings = st.integers(min_value=1, max_value=4)
moments = st.datetimes(
    min_value=dt.datetime(2020, 1, 1),  # noqa: DTZ001  (hypothesis adds the zone)
    max_value=dt.datetime(2040, 1, 1),  # noqa: DTZ001  (hypothesis adds the zone)
    timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=9))]),
)


def due(memory: Any) -> dt.datetime:
    return dt.datetime.fromisoformat(memory["due"])


def test_a_new_lesson_comes_back_after_a_day() -> None:
    memory = new_memory(NOW)

    assert due(memory) == NOW + dt.timedelta(days=1)
    assert interval(memory) == 1


@pytest.mark.parametrize(("rating", "days"), [(1, 1), (2, 1), (3, 2), (4, 8)])
def test_the_first_recall_sets_the_first_interval(rating: int, days: int) -> None:
    memory = review(new_memory(NOW), rating, NOW + dt.timedelta(days=1))

    assert interval(memory) == days


def test_a_well_recalled_lesson_stays_away_ever_longer() -> None:
    memory, days = new_memory(NOW), []
    for _turn in range(6):
        memory = review(memory, 3, due(memory))
        days.append(interval(memory))

    assert days == [2, 11, 46, 90, 90, 90]


def test_a_lesson_that_did_not_come_back_returns_sooner() -> None:
    memory = new_memory(NOW)
    for _turn in range(3):
        memory = review(memory, 3, due(memory))

    assert interval(review(memory, 1, due(memory))) < interval(memory)


def test_the_memory_that_was_given_is_left_alone() -> None:
    memory = new_memory(NOW)
    before = copy.deepcopy(memory)

    review(memory, 3, NOW)

    assert memory == before


def test_the_outlook_is_what_each_rating_would_bring() -> None:
    memory = new_memory(NOW)

    assert outlook(memory, NOW) == {rating: review(memory, rating, NOW) for rating in (1, 2, 3, 4)}


@given(start=moments, turns=st.lists(st.tuples(ratings, st.integers(0, 400)), max_size=8))
def test_a_lesson_always_comes_back_a_day_or_more_later_and_within_the_cap(
    start: dt.datetime, turns: list[tuple[int, int]]
) -> None:
    memory, now = new_memory(start), start
    for rating, days in turns:
        now += dt.timedelta(days=days)
        memory = review(memory, rating, now)
        wait = due(memory) - now.astimezone(dt.UTC)
        assert dt.timedelta(days=1) <= wait <= dt.timedelta(days=LONGEST_DAYS)
        assert interval(memory) == wait.days


@given(now=moments, first=ratings, days=st.integers(1, 200))
def test_a_better_recall_never_comes_back_sooner(now: dt.datetime, first: int, days: int) -> None:
    memory = review(new_memory(now), first, now)
    found = outlook(memory, now + dt.timedelta(days=days))

    assert sorted(interval(found[rating]) for rating in (1, 2, 3, 4)) == [
        interval(found[rating]) for rating in (1, 2, 3, 4)
    ]


def test_a_clock_set_back_does_no_harm() -> None:
    memory = review(new_memory(NOW), 3, NOW)
    earlier = NOW - dt.timedelta(days=3)

    assert due(review(memory, 3, earlier)) > earlier


@pytest.mark.parametrize("rating", [0, 5, -1])
def test_an_unknown_rating_is_refused(rating: int) -> None:
    with pytest.raises(InputError) as caught:
        review(new_memory(NOW), rating, NOW)

    assert caught.value.code == "unknown-rating"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        new_memory(NOW.replace(tzinfo=None))

    assert caught.value.code == "naive-time"


@pytest.mark.parametrize("damage", [{"state": 9}, {"due": "soon"}, {"state": 2}])
def test_a_damaged_memory_is_named(damage: dict[str, Any]) -> None:
    memory = {**new_memory(NOW), **damage}

    with pytest.raises(DataError) as caught:
        review(memory, 3, NOW)  # type: ignore[arg-type]  # damaged on purpose

    assert caught.value.code == "damaged-memory"


def test_without_the_library_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def without_fsrs(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "fsrs":
            raise ImportError(name)
        return load(name, *args, **kwargs)

    _scheduler.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without_fsrs)
    with pytest.raises(DataError) as caught:
        review(new_memory(NOW), 3, NOW)

    assert caught.value.code == "fsrs-missing"

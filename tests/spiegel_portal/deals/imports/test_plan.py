"""Rows are read ahead in a second thread: in order, none left out, errors where they happen."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from spiegel.crm import DealRow, Rejection
from spiegel_portal.deals.imports.plan import read_ahead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spiegel_portal.deals.imports.plan import Entry


def rejected(line: int) -> tuple[DealRow | Rejection, tuple[str, ...]]:
    return Rejection(line, "no-stage", "No stage.", {}, ()), ()


def parts(number: int, *, breaks: bool = False) -> Iterator[list[Entry]]:
    for start in range(0, number * 10, 10):
        assert threading.current_thread() is not threading.main_thread()
        yield [rejected(start + place) for place in range(10)]
    if breaks:
        raise ValueError("unreadable")


def test_every_part_comes_in_its_order() -> None:
    lines = [entry.line for part in read_ahead(parts(7)) for entry, _ in part]
    assert lines == list(range(70))


def test_an_error_comes_after_the_parts_before_it() -> None:
    taken = []
    with pytest.raises(ValueError, match="unreadable"):
        taken += [len(part) for part in read_ahead(parts(2, breaks=True))]
    ahead = read_ahead(parts(2, breaks=True))
    assert (len(next(ahead)), len(next(ahead))) == (10, 10)


def test_who_stops_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    ahead = read_ahead(parts(5))
    next(ahead)
    ahead.close()
    assert threading.active_count() <= before

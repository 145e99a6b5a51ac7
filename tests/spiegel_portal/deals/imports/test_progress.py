"""How far an import is, told while its transaction is open."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from tests.spiegel_portal.deals.imports.helpers import NOW, upload

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.imports import applying, plan, progress
from spiegel_portal.deals.models import Deal, Import

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import House

ROWS = 40
FILE = "ID,Name,Stage\n" + "".join(f"{number},Kiln,Won\n" for number in range(ROWS))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """The percentages that a page would have shown after each part of ten rows."""
    figures: list[int] = []
    beside = tmp_path / "db.progress" if connection.vendor == "sqlite" else None
    monkeypatch.setattr(progress, "_file", lambda _run: beside)
    ticks = count(1)
    monkeypatch.setattr(progress.time, "monotonic", lambda: float(next(ticks)))
    monkeypatch.setattr(plan, "AT_ONCE", 10)
    monkeypatch.setattr(applying, "AT_ONCE", 10)
    real = progress.Progress._tell

    def tell(self: progress.Progress, done: int) -> None:
        real(self, done)
        shown = Import(total=ROWS, done=done) if beside is None else Import(total=ROWS)
        figures.append(progress.percent_of(import_run=shown))

    monkeypatch.setattr(progress.Progress, "_tell", tell)
    return figures


def applied(house: House) -> Import:
    run = upload(house.organisation, house.administrator, FILE)
    Import.objects.update(state=Import.State.QUEUED)
    return applying.apply_import(import_id=run.pk, now=NOW)


def test_every_part_written_moves_it(scoped: House, told: list[int]) -> None:
    run = applied(scoped)
    assert (run.state, Deal.objects.count()) == (Import.State.APPLIED, ROWS)
    assert told == [25, 50, 75, 100]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="indexes come last on SQLite alone")
def test_indexes_that_come_last_are_part_of_it(
    scoped: House, told: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "_MANY", ROWS)
    applied(scoped)
    assert (told[:4], told[-1]) == ([20, 40, 60, 80], 100)
    assert told == sorted(told)
    assert len(told) > 8


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite tells it in a file")
@pytest.mark.django_db(transaction=True)
def test_others_see_it_before_the_deals(house: House) -> None:
    with organisation_scope(house.organisation):
        run = upload(house.organisation, house.administrator, FILE)
        Import.objects.update(state=Import.State.APPLYING)
        with progress.Progress(run) as watch:
            watch.note(10)
        assert progress.percent_of(import_run=Import.objects.get()) == 25

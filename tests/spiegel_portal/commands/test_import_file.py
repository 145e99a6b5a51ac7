"""`spiegel import` brings in deals, and what happened to them, as the import page does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from spiegel.errors import InputError
from spiegel_portal.commands.import_file import main
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.models import Deal, DealEvent

if TYPE_CHECKING:
    from tests.conftest import House

DATA = Path(__file__).parents[2] / "data" / "crm"


def brought_in(
    house: House, name: str, capsys: pytest.CaptureFixture[str], *words: str
) -> dict[str, Any]:
    """What the command says of a file, as JSON."""
    options = ["--organisation", house.organisation.slug, "--json", *words]
    assert main([str(DATA / name), *options]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_deals_and_then_their_history(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    deals = brought_in(house, "salesforce_report.csv", capsys)
    assert (deals["kind"], deals["deals"], deals["result"]["new"]) == ("deals", 3, 3)
    history = brought_in(house, "salesforce_history.csv", capsys)
    assert (history["kind"], history["events"]) == ("events", 6)
    assert history["result"] == {"new": 5, "known": 1, "deals": 1, "rejected": 0}
    with organisation_scope(house.organisation):
        won = Deal.objects.get(external_id="006bm00000LKJNNAA5")
        moved = DealEvent.objects.filter(deal=won, kind="date").order_by("at")
        assert [event.data["to"] for event in moved] == ["2026-03-31", "2026-03-13"]


def test_a_dry_run_writes_nothing(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    found = brought_in(house, "zoho.csv", capsys, "--dry-run")
    assert (found["system"], found["result"]["new"]) == ("zoho", 3)
    with organisation_scope(house.organisation):
        assert Deal.objects.count() == 0


def test_it_can_be_read(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    brought_in(house, "sales_pipeline.csv", capsys)
    options = ["--organisation", house.organisation.slug]
    assert main([str(DATA / "activities_nl.csv"), *options]) == 0
    said = capsys.readouterr()
    assert "events    call 1, mail 1, task 1" in said.out
    assert "done      2 new, 0 known, 1 rejected" in said.out
    assert "There is no deal “Nobody knows this deal” here." in said.err


def test_a_file_of_events_without_deals_is_refused(house: House) -> None:
    options = ["--organisation", house.organisation.slug]
    with pytest.raises(InputError) as refused:
        main([str(DATA / "activities_nl.csv"), *options])
    assert refused.value.code == "no-events"

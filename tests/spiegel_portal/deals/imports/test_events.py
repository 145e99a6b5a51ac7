"""What happened to deals comes on their timelines: once, joined by id or name, and off again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.factories import make_deal
from tests.spiegel_portal.deals.imports.helpers import NOW, bring_in, upload

from spiegel_portal.common.errors import Refused
from spiegel_portal.deals.imports.choices import Choices
from spiegel_portal.deals.imports.domain import problem_of, start_import, start_undo
from spiegel_portal.deals.models import Deal, DealEvent, Import, ImportRejection

if TYPE_CHECKING:
    from tests.conftest import House

DATA = Path(__file__).parents[3] / "data" / "crm"
CALLS = (
    "Deal;Soort;Datum;Onderwerp;Door\n"
    "Molen;Telefoongesprek;13-01-2026 10:00;Nabellen;Anna\n"
    "Molen;Taak;14-01-2026;Offerte maken;\nNiemand;E-mail;14-01-2026;x;\n"
)


def timeline(deal: Deal) -> list[tuple[str, str, str]]:
    """A deal's events, oldest first: kind, what it became or was about, and when."""
    return [
        (event.kind, event.data.get("to") or event.text, event.at.isoformat()[:16])
        for event in deal.events.order_by("at", "kind")
    ]


def test_activities_come_on_the_timeline_by_the_name_of_the_deal(scoped: House) -> None:
    deal = make_deal(scoped.organisation, scoped.owner, name="Molen")
    run = bring_in(scoped.organisation, scoped.administrator, CALLS)
    assert run.report == {"new": 2, "known": 0, "deals": 1, "rejected": 1}
    told = DealEvent.objects.filter(imported_by=run).order_by("at")
    assert [(event.kind, event.text, event.data) for event in told] == [
        ("call", "Nabellen", {"by": "Anna"}),
        ("note", "Offerte maken", {"type": "task"}),
    ]
    (row,) = ImportRejection.objects.all()
    assert (row.line, row.code, row.data) == (4, "no-such-deal", {"deal": "Niemand"})
    deal.refresh_from_db()
    assert deal.last_event_at >= told[1].at


def test_the_same_file_again_tells_nothing_new(scoped: House) -> None:
    make_deal(scoped.organisation, scoped.owner, name="Molen")
    bring_in(scoped.organisation, scoped.administrator, CALLS)
    again = bring_in(scoped.organisation, scoped.administrator, CALLS)
    assert again.report == {"new": 0, "known": 2, "deals": 0, "rejected": 1}


def test_taking_it_back_leaves_what_people_wrote(scoped: House) -> None:
    deal = make_deal(scoped.organisation, scoped.owner, name="Molen")
    before = (deal.last_event_at, timeline(deal))
    DealEvent.objects.create(
        organisation=scoped.organisation, deal=deal, kind="note", at=before[0], text="Mine.",
        author=scoped.owner,
    )  # fmt: skip
    run = bring_in(scoped.organisation, scoped.administrator, CALLS)
    start_undo(import_run=run, actor=scoped.administrator)
    run.refresh_from_db()
    assert (run.state, run.report["undone"]["events"]) == (Import.State.UNDONE, 2)
    deal.refresh_from_db()
    assert [event.text for event in deal.events.exclude(text="")] == ["Mine."]
    assert deal.last_event_at == before[0]


def test_a_history_makes_stages_dates_and_amounts(scoped: House) -> None:
    deals = (
        "Id,Name,StageName,Amount,CloseDate,CreatedDate\n"
        "006bm00000LKJNN,Mill,Closed Won,12500,2026-03-13,2026-01-31\n"
    )
    bring_in(scoped.organisation, scoped.administrator, deals)
    run = bring_in(
        scoped.organisation, scoped.administrator, (DATA / "salesforce_history.csv").read_bytes()
    )
    assert run.report == {"new": 5, "known": 1, "deals": 1, "rejected": 0}
    told = timeline(Deal.objects.get())
    assert sorted(told, key=lambda entry: (entry[2], entry[0])) == [
        ("stage", "Prospecting", "2026-01-31T09:00"),
        ("created", "", "2026-01-31T11:00"),
        ("date", "2026-03-31", "2026-02-20T09:00"),
        ("stage", "Negotiation/Review", "2026-02-20T09:00"),
        ("stage", "Closed Won", "2026-03-13T11:00"),
        ("amount", "12500", "2026-03-13T16:30"),
        ("date", "2026-03-13", "2026-03-13T16:30"),
    ]
    assert [kind for kind, _, _ in told].count("stage") == 3  # the win is told once


def test_columns_with_the_days_of_stages_are_told_for_new_and_known_deals(scoped: House) -> None:
    data = (DATA / "hubspot_nl.csv").read_bytes()
    run = bring_in(scoped.organisation, scoped.administrator, data)
    assert (run.report["new"], run.report["history"]) == (3, 4)
    mill = Deal.objects.get(external_id="101")
    stages = [to for kind, to, _ in timeline(mill) if kind == "stage"]
    assert stages == ["Afspraak gepland", "Contract verzonden", "Gesloten - gewonnen"]
    again = bring_in(scoped.organisation, scoped.administrator, data)
    assert (again.report["unchanged"], again.report["history"]) == (3, 0)
    start_undo(import_run=run, actor=scoped.administrator)
    assert Deal.objects.count() == 0


def test_a_seller_tells_of_their_own_deals_only(scoped: House) -> None:
    make_deal(scoped.organisation, scoped.colleague, name="Molen")
    run = upload(scoped.organisation, scoped.owner, CALLS)
    assert [row["code"] for row in run.understanding["rejections"]] == [
        "not-yours", "not-yours", "no-such-deal",
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        start_import(import_run=run)
    assert refused.value.code == "no-events"


def test_a_name_that_several_deals_have_is_not_guessed(scoped: House) -> None:
    for _ in range(2):
        make_deal(scoped.organisation, scoped.owner, name="Molen")
    run = upload(scoped.organisation, scoped.administrator, CALLS)
    assert {row["code"] for row in run.understanding["rejections"]} == {
        "deal-ambiguous", "no-such-deal",
    }  # fmt: skip


def test_a_file_that_names_no_deal_cannot_start(scoped: House) -> None:
    run = upload(
        scoped.organisation,
        scoped.administrator,
        "Task Owner,Subject,Due Date\nA,Call,2026-01-02\n",
    )
    problem = problem_of(import_run=run)
    assert problem is not None
    assert problem.code == "column-missing"


def test_an_unknown_kind_comes_in_as_what_a_person_says(scoped: House) -> None:
    make_deal(scoped.organisation, scoped.owner, name="Molen")
    text = "Deal;Soort;Datum;Onderwerp\nMolen;Koffie;13-01-2026;Bij de klant\n"
    run = upload(scoped.organisation, scoped.administrator, text)
    assert run.understanding["asked_kinds"] == [{"name": "Koffie", "events": 1}]
    choices = Choices(event_kinds={"Koffie": "meeting"})
    run = bring_in(scoped.organisation, scoped.administrator, text, choices)
    event = DealEvent.objects.get(imported_by=run)
    assert (event.kind, event.text) == ("meeting", "Bij de klant")
    assert event.at < datetime(2026, 1, 14, tzinfo=UTC) < NOW


def test_undoing_the_deals_says_that_a_later_file_told_of_them(scoped: House) -> None:
    run = bring_in(scoped.organisation, scoped.administrator, "ID,Name,Stage\n1,Molen,Won\n")
    bring_in(scoped.organisation, scoped.administrator, CALLS)
    start_undo(import_run=run, actor=scoped.administrator)
    run.refresh_from_db()
    assert run.report["undone"]["kept"] == {"later-import": 1}

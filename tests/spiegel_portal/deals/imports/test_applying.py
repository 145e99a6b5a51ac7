"""What an import does to the deals: new, updated, unchanged; whole or not at all; once."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.factories import make_deal
from tests.spiegel_portal.deals.imports.helpers import NOW, SAMPLE, bring_in, started, upload

from spiegel.errors import InputError
from spiegel_portal.common.errors import Refused
from spiegel_portal.common.models import AuditEntry
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.domain import edit_deal
from spiegel_portal.deals.imports.applying import apply_import
from spiegel_portal.deals.imports.choices import Choices
from spiegel_portal.deals.imports.domain import choose, discard_import, start_import
from spiegel_portal.deals.models import (
    Deal,
    DealEvent,
    Import,
    ImportFile,
    ImportRejection,
    Stage,
    StageType,
)
from spiegel_portal.people.models import Organisation

if TYPE_CHECKING:
    from tests.conftest import House

SHARED = Path(os.environ.get("SPIEGEL_SHARED", Path(__file__).parents[5] / "shared"))
REAL = SHARED / "data" / "maven_crm" / "sales_pipeline.csv"

HEADER = (
    "ID,Name,Customer,Stage,Owner,Amount,Created on,Expected close date,Closed on,Lost reason\n"
)
MILL = "1,Kiln,Mill,Proposal,Owner,100,2026-09-01,2026-12-01,,\n"
BARN = "2,Roof,Barn,Lost,Nobody Known,50,2026-08-01,,2026-10-01,Price\n"


def counts(run: Import) -> dict[str, int]:
    return {name: run.report[name] for name in ("new", "updated", "unchanged", "rejected")}


def timeline(deal: Deal) -> list[tuple[str, str, dict[str, str]]]:
    events = DealEvent.objects.filter(deal=deal).order_by("at", "kind")
    return [(event.kind, f"{event.at:%Y-%m-%d}", event.data) for event in events]


def test_rows_become_deals_with_their_past_on_the_timeline(scoped: House) -> None:
    run = bring_in(scoped.organisation, scoped.administrator, HEADER + MILL + BARN)
    assert (run.state, counts(run)) == (
        Import.State.APPLIED,
        {"new": 2, "updated": 0, "unchanged": 0, "rejected": 0},
    )
    mill, barn = Deal.objects.order_by("external_id")
    assert (mill.name, mill.account, mill.stage.name, mill.stage_type) == (
        "Kiln", "Mill", "Proposal", StageType.OPEN,
    )  # fmt: skip
    assert (mill.owner, mill.amount, mill.currency) == (scoped.owner, Decimal(100), "EUR")
    assert (mill.source, mill.search_text, mill.imported_by) == ("generic", "mill · kiln · 1", run)
    assert (barn.owner, barn.owner_name, barn.crm_reason) == (None, "Nobody Known", "Price")
    assert (barn.stage_type, barn.closed_on, barn.stage_since) == (
        StageType.LOST, date(2026, 10, 1), date(2026, 10, 1),
    )  # fmt: skip
    assert timeline(mill) == [("created", "2026-09-01", {})]
    assert timeline(barn) == [
        ("created", "2026-08-01", {}),
        ("stage", "2026-10-01", {"to": "Lost"}),
    ]
    assert f"{barn.last_event_at:%Y-%m-%d}" == "2026-10-01"


def test_the_same_file_again_changes_nothing(scoped: House) -> None:
    first = bring_in(scoped.organisation, scoped.administrator, SAMPLE.read_bytes())
    before = list(Deal.objects.order_by("pk").values())
    again = bring_in(scoped.organisation, scoped.administrator, SAMPLE.read_bytes())
    assert counts(first) == {"new": 6, "updated": 0, "unchanged": 0, "rejected": 0}
    assert counts(again) == {"new": 0, "updated": 0, "unchanged": 6, "rejected": 0}
    assert list(Deal.objects.order_by("pk").values()) == before
    assert DealEvent.objects.filter(imported_by=again).count() == 0


def test_a_later_export_updates_and_tells_the_timeline(scoped: House) -> None:
    bring_in(scoped.organisation, scoped.administrator, HEADER + MILL + BARN)
    changed = "1,Kiln,Mill,Lost,Owner,80.50,2026-09-01,2027-02-01,2026-11-20,Budget\n"
    run = bring_in(scoped.organisation, scoped.administrator, HEADER + changed + BARN)
    mill = Deal.objects.get(external_id="1")
    assert counts(run) == {"new": 0, "updated": 1, "unchanged": 1, "rejected": 0}
    assert (mill.stage_type, mill.amount, mill.crm_reason) == ("lost", Decimal("80.50"), "Budget")
    assert (mill.stage_since, mill.version) == (date(2026, 11, 20), 2)
    assert timeline(mill) == [
        ("created", "2026-09-01", {}),
        ("stage", "2026-11-20", {"from": "Proposal", "to": "Lost"}),
        ("amount", "2026-11-24", {"from": "100.00", "to": "80.50"}),
        ("date", "2026-11-24", {"from": "2026-12-01", "to": "2027-02-01"}),
    ]
    assert mill.last_event_at == NOW


def test_a_moved_close_date_is_an_event(scoped: House) -> None:
    bring_in(scoped.organisation, scoped.administrator, HEADER + MILL)
    moved = MILL.replace("2026-12-01", "2027-01-15")
    bring_in(scoped.organisation, scoped.administrator, HEADER + moved)
    events = DealEvent.objects.filter(kind=DealEvent.Kind.DATE)
    assert [event.data for event in events] == [{"from": "2026-12-01", "to": "2027-01-15"}]


def test_what_a_person_typed_is_kept(scoped: House) -> None:
    bring_in(scoped.organisation, scoped.administrator, HEADER + MILL)
    deal = Deal.objects.get()
    edit_deal(deal=deal, actor=scoped.owner, values={"amount": Decimal(7)}, base_version=1, now=NOW)
    run = bring_in(scoped.organisation, scoped.administrator, HEADER + MILL.replace("Mill", "M"))
    deal.refresh_from_db()
    assert (deal.amount, deal.account, run.report["kept"]) == (Decimal(7), "M", 1)


def test_a_column_the_file_does_not_have_leaves_its_field_alone(scoped: House) -> None:
    bring_in(scoped.organisation, scoped.administrator, HEADER + MILL)
    bring_in(scoped.organisation, scoped.administrator, "ID,Name,Stage\n1,Kiln,Proposal\n")
    deal = Deal.objects.get()
    assert (deal.account, deal.amount, deal.owner_name) == ("Mill", Decimal(100), "Owner")


def test_a_deal_that_ends_keeps_the_date_it_was_expected(scoped: House) -> None:
    header = "ID,Name,Stage,Close date\n"
    bring_in(scoped.organisation, scoped.administrator, header + "1,Kiln,Proposal,2026-12-01\n")
    bring_in(scoped.organisation, scoped.administrator, header + "1,Kiln,Won,2026-11-03\n")
    deal = Deal.objects.get()
    assert (deal.expected_close_on, deal.closed_on) == (date(2026, 12, 1), date(2026, 11, 3))


def test_rows_that_are_no_deals_are_reported_with_their_line(scoped: House) -> None:
    rows = MILL + "1,Again,Mill,Won,,,,,,\n" + "3,Late,Mill,Won,,,,,soon,\n"
    run = bring_in(scoped.organisation, scoped.administrator, HEADER + rows)
    assert counts(run) == {"new": 1, "updated": 0, "unchanged": 0, "rejected": 2}
    rejected = ImportRejection.objects.all()
    assert [(row.line, row.code, row.row[0]) for row in rejected] == [
        (3, "id-twice", "1"),
        (4, "date-unreadable", "3"),
    ]


def test_the_same_id_of_another_system_is_another_deal(scoped: House) -> None:
    bring_in(scoped.organisation, scoped.administrator, "ID,Name,Stage\n1,Kiln,Won\n")
    bring_in(
        scoped.organisation,
        scoped.administrator,
        "Record ID,Deal Name,Deal Stage\n1,Oven,Closed won\n",
    )
    assert list(Deal.objects.order_by("source").values_list("source", "name")) == [
        ("generic", "Kiln"),
        ("hubspot", "Oven"),
    ]


def test_owners_are_matched_by_name_or_address_where_only_one_fits(scoped: House) -> None:
    scoped.colleague.name = scoped.manager.name = "Same Name"
    scoped.colleague.save()
    scoped.manager.save()
    rows = "ID,Name,Stage,Owner,Owner email\n" + "".join(
        f"{number},Kiln,Won,{owner},{address}\n"
        for number, (owner, address) in enumerate(
            [("ówner", ""), ("Same Name", ""), ("Same Name", "colleague@test.example"), ("", "")]
        )
    )
    bring_in(scoped.organisation, scoped.administrator, rows)
    owners = [deal.owner for deal in Deal.objects.order_by("external_id")]
    assert owners == [scoped.owner, None, scoped.colleague, None]


def test_a_seller_brings_in_only_their_own_deals(scoped: House) -> None:
    bring_in(
        scoped.organisation,
        scoped.administrator,
        HEADER + BARN.replace("Nobody Known", "Colleague"),
    )
    rows = MILL + BARN.replace("Nobody Known", "Owner") + BARN.replace("2,", "3,", 1)
    run = bring_in(scoped.organisation, scoped.owner, HEADER + rows)
    assert counts(run) == {"new": 1, "updated": 0, "unchanged": 0, "rejected": 1}
    assert run.report["others"] == 1
    assert ImportRejection.objects.get().code == "not-yours"
    assert Deal.objects.get(external_id="2").owner == scoped.colleague


def test_a_seller_whose_file_names_no_owner_has_all_of_it(scoped: House) -> None:
    bring_in(scoped.organisation, scoped.owner, "ID,Name,Stage\n1,Kiln,Won\n")
    assert Deal.objects.get().owner == scoped.owner


def test_a_seller_whose_name_is_not_in_the_file_is_asked(scoped: House) -> None:
    run = upload(scoped.organisation, scoped.owner, HEADER + BARN)
    with pytest.raises(Refused) as refused:
        start_import(import_run=run)
    assert refused.value.code == "owners-unknown"
    choose(import_run=run, choices=Choices(owner_mode="mine"))
    start_import(import_run=run)
    assert Deal.objects.get().owner == scoped.owner


def test_one_person_s_own_organisation_takes_all_deals_as_theirs(scoped: House) -> None:
    Organisation.objects.filter(pk=scoped.organisation.pk).update(kind=Organisation.Kind.SOLO)
    scoped.organisation.refresh_from_db()
    bring_in(scoped.organisation, scoped.owner, HEADER + BARN)
    assert Deal.objects.get().owner == scoped.owner


def test_a_manager_says_which_member_a_name_stands_for(scoped: House) -> None:
    choices = Choices(owners={"Nobody Known": str(scoped.colleague.pk)})
    bring_in(scoped.organisation, scoped.manager, HEADER + BARN, choices)
    assert Deal.objects.get().owner == scoped.colleague


def test_a_seller_cannot_give_deals_to_somebody_else(scoped: House) -> None:
    choices = Choices(owner_mode="column", owners={"Nobody Known": str(scoped.colleague.pk)})
    run = bring_in(scoped.organisation, scoped.owner, HEADER + BARN, choices)
    assert (Deal.objects.count(), run.report["others"]) == (0, 1)


def test_new_stages_get_their_types_and_known_ones_keep_theirs(scoped: House) -> None:
    Stage.objects.create(organisation=scoped.organisation, name="Blue", type=StageType.PARKED)
    rows = "ID,Name,Stage\n1,Kiln,Blue\n2,Oven,Green\n"
    choices = Choices(stage_types={"Blue": "won", "Green": "no_decision"})
    bring_in(scoped.organisation, scoped.administrator, rows, choices)
    found = Deal.objects.order_by("external_id").values_list("stage__name", "stage_type")
    assert list(found) == [("Blue", "parked"), ("Green", "no_decision")]


def test_an_unknown_stage_must_be_explained_before_it_starts(scoped: House) -> None:
    run = upload(scoped.organisation, scoped.administrator, "ID,Name,Stage\n1,Kiln,Blue\n")
    with pytest.raises(Refused) as refused:
        start_import(import_run=run)
    assert refused.value.code == "stages-unknown"
    choose(import_run=run, choices=Choices(stage_types={"Blue": "open"}))
    start_import(import_run=run)
    assert Deal.objects.get().stage_type == "open"


def test_a_file_without_ids_does_not_come_in_twice(scoped: House) -> None:
    text = "Name,Stage\nKiln,Won\nKiln,Won\n"
    started(scoped.organisation, scoped.administrator, text)
    again = upload(scoped.organisation, scoped.administrator, text)
    with pytest.raises(Refused) as refused:
        start_import(import_run=again)
    assert (refused.value.code, Deal.objects.count()) == ("same-file", 2)


def test_applying_twice_has_one_effect_and_the_file_goes(scoped: House) -> None:
    run = bring_in(scoped.organisation, scoped.administrator, HEADER + MILL)
    apply_import(import_id=run.pk, now=NOW)
    assert (Deal.objects.count(), DealEvent.objects.count(), ImportFile.objects.count()) == (
        1,
        1,
        0,
    )
    assert list(AuditEntry.objects.values_list("action", "subject")) == [
        ("import.applied", "deals.csv")
    ]


def test_a_second_click_starts_nothing_twice(scoped: House) -> None:
    run = started(scoped.organisation, scoped.administrator, HEADER + MILL)
    start_import(import_run=run)
    assert (Deal.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_an_import_whose_file_is_gone_fails_and_can_be_thrown_away(scoped: House) -> None:
    run = upload(scoped.organisation, scoped.administrator, HEADER + MILL)
    ImportFile.objects.all().delete()
    start_import(import_run=run)
    run.refresh_from_db()
    assert (run.state, run.report["code"]) == (Import.State.FAILED, "file-gone")
    discard_import(import_run=run)
    assert Import.objects.count() == 0


def test_an_import_that_was_applied_cannot_be_changed_or_thrown_away(scoped: House) -> None:
    run = bring_in(scoped.organisation, scoped.administrator, HEADER + MILL)
    with pytest.raises(Refused):
        choose(import_run=run, choices=Choices())
    with pytest.raises(Refused):
        discard_import(import_run=run)


def test_an_impossible_choice_changes_nothing(scoped: House) -> None:
    run = upload(scoped.organisation, scoped.administrator, HEADER + MILL)
    with pytest.raises(InputError):
        choose(import_run=run, choices=Choices(mapping={"name": "Name", "product": "Name"}))
    assert Import.objects.get().choices == Choices().to_json()


def test_texts_that_are_too_long_are_shortened_and_counted(scoped: House) -> None:
    run = bring_in(scoped.organisation, scoped.administrator, f"ID,Name,Stage\n1,{'x' * 250},Won\n")
    assert (len(Deal.objects.get().name), run.report["shortened"]) == (200, 1)


def test_another_organisation_s_deals_are_never_touched(scoped: House) -> None:
    make_deal(scoped.other_organisation, scoped.stranger, source="generic", external_id="1")
    bring_in(scoped.organisation, scoped.administrator, HEADER + MILL)
    with organisation_scope(scoped.other_organisation):
        assert list(Deal.objects.values_list("name", "version")) == [("Mill House", 1)]


@pytest.mark.skipif(not REAL.exists(), reason="the real file is not on this machine")
def test_the_real_sales_pipeline_goes_in_and_again_without_a_change(scoped: House) -> None:
    first = bring_in(scoped.organisation, scoped.administrator, REAL.read_bytes())
    again = bring_in(scoped.organisation, scoped.administrator, REAL.read_bytes())
    assert counts(first) == {"new": 8800, "updated": 0, "unchanged": 0, "rejected": 0}
    assert counts(again) == {"new": 0, "updated": 0, "unchanged": 8800, "rejected": 0}
    by_stage = {
        name: Deal.objects.filter(stage__name=name).count()
        for name in ("Won", "Lost", "Engaging", "Prospecting")
    }
    assert by_stage == {"Won": 4238, "Lost": 2473, "Engaging": 1589, "Prospecting": 500}


def test_numbers_of_a_workbook_come_in_as_texts_and_amounts(scoped: House) -> None:
    from tests.spiegel.crm.test_workbook import workbook

    rows = [
        ("ID", "Name", "Account", "Stage", "Owner", "Amount", "Note"),
        (7, 2026, 42, "Won", 1010, 12.5, 3),
    ]
    run = bring_in(scoped.organisation, scoped.administrator, workbook(("Deals", rows)))
    assert counts(run)["new"] == 1
    deal = Deal.objects.get()
    assert (deal.external_id, deal.name, deal.account, deal.owner_name, str(deal.amount)) == (
        "7", "2026", "42", "1010", "12.50",
    )  # fmt: skip


def test_a_stage_that_lost_its_meaning_stops_the_import(scoped: House) -> None:
    run = upload(
        scoped.organisation, scoped.administrator, HEADER + MILL.replace("Proposal", "Zonk"),
        Choices(stage_types={"Zonk": "open"}),
    )  # fmt: skip
    Import.objects.update(state=Import.State.QUEUED, choices=Choices().to_json())
    run = apply_import(import_id=run.pk, now=NOW)
    assert (run.state, run.report["code"]) == (Import.State.FAILED, "questions-open")
    assert Deal.objects.count() == 0

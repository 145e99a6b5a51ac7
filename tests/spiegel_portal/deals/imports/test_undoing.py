"""Taking an import back: all it did, except where somebody has worked since."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from tests.spiegel_portal.deals.imports.helpers import NOW, SAMPLE, bring_in

from spiegel_portal.common.models import AuditEntry
from spiegel_portal.deals.domain import add_event, edit_deal
from spiegel_portal.deals.imports.domain import start_undo
from spiegel_portal.deals.imports.undoing import undo_import
from spiegel_portal.deals.models import Deal, DealEvent, Import, Stage
from spiegel_portal.debriefs.domain import start_debrief
from spiegel_portal.debriefs.models import Lesson, Plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import House

HEADER = "ID,Name,Stage,Amount\n"


def undone(run: Import, house: House) -> dict[str, object]:
    start_undo(import_run=run, actor=house.administrator)
    run.refresh_from_db()
    assert run.state == Import.State.UNDONE
    report: dict[str, object] = run.report["undone"]
    return report


def test_an_import_is_taken_back_whole(scoped: House) -> None:
    run = bring_in(scoped.organisation, scoped.administrator, SAMPLE.read_bytes())
    assert undone(run, scoped) == {
        "removed": 6, "restored": 0, "fields_kept": 0, "kept": {}, "kept_deals": [],
    }  # fmt: skip
    left = [model.objects.count() for model in (Deal, DealEvent, Stage)]
    assert left == [0, 0, 0]
    assert [entry.action for entry in AuditEntry.objects.order_by("at")] == [
        "import.applied",
        "import.undone",
    ]


def test_undoing_twice_has_one_effect(scoped: House) -> None:
    run = bring_in(scoped.organisation, scoped.administrator, SAMPLE.read_bytes())
    undone(run, scoped)
    bring_in(scoped.organisation, scoped.administrator, SAMPLE.read_bytes())
    start_undo(import_run=run, actor=scoped.administrator)
    undo_import(import_id=run.pk, now=NOW)
    assert Deal.objects.count() == 6


def _noted(deal: Deal, house: House) -> None:
    add_event(deal=deal, actor=house.owner, kind="note", text="Called.", at=NOW)


def _edited(deal: Deal, house: House) -> None:
    edit_deal(deal=deal, actor=house.owner, values={"product": "Roof"}, base_version=1, now=NOW)


def _looked_back_on(deal: Deal, house: House) -> None:
    start_debrief(deal=deal, author=house.owner)


def _planned_on(deal: Deal, house: House) -> None:
    own = {"organisation": house.organisation, "author": house.owner}
    lesson = Lesson.objects.create(text="Ask who decides.", **own)
    Plan.objects.create(
        lesson=lesson, deal=deal, if_text="a", then_text="b", ask_on=NOW.date(), **own
    )


@pytest.mark.parametrize("work", [_noted, _edited, _looked_back_on, _planned_on])
def test_a_deal_somebody_worked_on_stays(
    scoped: House, work: Callable[[Deal, House], None]
) -> None:
    run = bring_in(scoped.organisation, scoped.administrator, HEADER + "1,A,Won,1\n2,B,Won,1\n")
    deal = Deal.objects.get(external_id="1")
    work(deal, scoped)
    assert undone(run, scoped) == {
        "removed": 1,
        "restored": 0,
        "fields_kept": 0,
        "kept": {"worked-on": 1},
        "kept_deals": [{"id": str(deal.pk), "name": "A", "reason": "worked-on"}],
    }
    assert list(Deal.objects.values_list("pk", flat=True)) == [deal.pk]


def test_updated_fields_come_back(scoped: House) -> None:
    bring_in(scoped.organisation, scoped.administrator, HEADER + "1,A,Proposal,1\n")
    before = Deal.objects.values("name", "stage", "stage_type", "stage_since", "amount",
                                 "last_event_at", "search_text").get()  # fmt: skip
    run = bring_in(scoped.organisation, scoped.administrator, HEADER + "1,B,Won,2\n")
    assert Deal.objects.get().stage_type == "won"
    assert undone(run, scoped)["restored"] == 1
    after = Deal.objects.values(*before).get()
    assert after == before
    assert DealEvent.objects.filter(imported_by=run).count() == 0


def test_a_field_changed_since_stays_and_is_counted(scoped: House) -> None:
    bring_in(scoped.organisation, scoped.administrator, HEADER + "1,A,Proposal,1\n")
    run = bring_in(scoped.organisation, scoped.administrator, HEADER + "1,B,Proposal,2\n")
    deal = Deal.objects.get()
    edit_deal(deal=deal, actor=scoped.owner, values={"amount": Decimal(3)}, base_version=2, now=NOW)
    report = undone(run, scoped)
    deal.refresh_from_db()
    assert (deal.name, deal.amount) == ("A", Decimal(3))
    assert (report["restored"], report["fields_kept"], report["kept"]) == (
        1, 1, {"changed-since": 1},
    )  # fmt: skip


def test_a_deal_a_later_import_changed_stays(scoped: House) -> None:
    first = bring_in(scoped.organisation, scoped.administrator, HEADER + "1,A,Proposal,1\n")
    bring_in(scoped.organisation, scoped.administrator, HEADER + "1,B,Proposal,1\n")
    assert undone(first, scoped)["kept"] == {"later-import": 1}
    assert Deal.objects.get().name == "B"

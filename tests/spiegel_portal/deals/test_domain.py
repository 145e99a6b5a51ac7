from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from spiegel_portal.common.errors import Conflict, Refused
from spiegel_portal.deals import domain
from spiegel_portal.deals.models import Deal, DealEvent
from spiegel_portal.deals.stages import ensure_stages

if TYPE_CHECKING:
    from tests.conftest import House

NOW = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)


def make(house: House, **values: Any) -> Deal:
    stages = ensure_stages(organisation=house.organisation)
    given = {"account": "Café Élan", "name": "Contract", "stage": stages[0], **values}
    return domain.create_deal(
        organisation=house.organisation, actor=house.owner, values=given, now=NOW
    )


def told(deal: Deal) -> list[tuple[str, dict[str, str]]]:
    return [
        (event.kind, event.data) for event in DealEvent.objects.filter(deal=deal).order_by("at")
    ]


def test_first_stages_are_in_the_organisations_language(scoped: House) -> None:
    stages = ensure_stages(organisation=scoped.organisation)
    assert [stage.name for stage in stages][:2] == ["First contact", "Need is clear"]
    assert ensure_stages(organisation=scoped.organisation) == stages


def test_a_new_deal_is_its_makers_and_on_the_timeline(scoped: House) -> None:
    deal = make(scoped)
    assert (deal.owner, deal.stage_type, deal.created_on) == (scoped.owner, "open", NOW.date())
    assert deal.search_text == "cafe elan · contract"
    assert told(deal) == [("created", {"to": "First contact"})]


def test_changes_are_told_and_kept_from_imports(scoped: House) -> None:
    deal = make(scoped, amount=Decimal(100))
    later = NOW.replace(day=12)
    stages = ensure_stages(organisation=scoped.organisation)
    changed = domain.edit_deal(
        deal=deal,
        actor=scoped.owner,
        values={"amount": Decimal(90), "stage": stages[5], "expected_close_on": date(2026, 12, 1)},
        base_version=1,
        now=later,
    )
    assert (changed.version, changed.stage_type, changed.closed_on) == (2, "lost", later.date())
    assert sorted(told(deal)[1:]) == [
        ("amount", {"from": "100.00", "to": "90"}),
        ("date", {"from": "", "to": "2026-12-01"}),
        ("stage", {"from": "First contact", "to": "Lost"}),
    ]
    assert {"amount", "stage", "expected_close_on"} <= set(changed.typed_fields)


def test_saving_the_same_changes_nothing(scoped: House) -> None:
    deal = make(scoped)
    same = domain.edit_deal(
        deal=deal, actor=scoped.owner, values={"name": "Contract"}, base_version=1, now=NOW
    )
    assert (same.version, len(told(deal))) == (1, 1)


def test_an_edit_from_an_old_page_is_a_conflict_and_saves_nothing(scoped: House) -> None:
    deal = make(scoped)
    domain.edit_deal(deal=deal, actor=scoped.owner, values={"name": "A"}, base_version=1, now=NOW)
    with pytest.raises(Conflict):
        domain.edit_deal(
            deal=deal, actor=scoped.owner, values={"name": "B"}, base_version=1, now=NOW
        )
    assert Deal.objects.get().name == "A"


def test_a_note_of_today_moves_the_deal_up_and_an_old_one_does_not(scoped: House) -> None:
    deal = make(scoped)
    domain.add_event(deal=deal, actor=scoped.owner, kind="call", text="x", at=NOW.replace(day=1))
    assert Deal.objects.get().last_event_at == NOW
    domain.add_event(deal=deal, actor=scoped.owner, kind="call", text="y", at=NOW.replace(day=20))
    assert Deal.objects.get().last_event_at == NOW.replace(day=20)


def test_only_a_typed_deal_nobody_looked_back_on_can_be_removed(scoped: House) -> None:
    deal = make(scoped)
    with pytest.raises(Refused, match="deal-looked-back"):
        domain.delete_deal(deal=deal, looked_back=True)
    deal.source = "crm"
    with pytest.raises(Refused, match="deal-imported"):
        domain.delete_deal(deal=deal, looked_back=False)
    deal.source = ""
    domain.delete_deal(deal=deal, looked_back=False)
    assert list(Deal.objects.all()) == []

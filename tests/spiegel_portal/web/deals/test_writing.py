"""Adding, editing and removing a deal by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from tests.factories import make_deal

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.models import Deal
from spiegel_portal.deals.stages import ensure_stages
from spiegel_portal.debriefs.models import Debrief

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client
    from tests.conftest import House


def stage(house: House, kind: str) -> str:
    with organisation_scope(house.organisation):
        stages = ensure_stages(organisation=house.organisation)
    return str(next(one.pk for one in stages if one.type == kind))


def given(house: House, kind: str = "open", **fields: str) -> dict[str, str]:
    return {"account": "Mill", "name": "Contract", "stage": stage(house, kind), **fields}


def add(client: Client, fields: dict[str, str]) -> HttpResponse:
    return client.post(reverse("deal_add"), fields)


def only(house: House) -> Deal:
    with organisation_scope(house.organisation):
        deal: Deal = Deal.objects.select_related("stage", "owner").get()
        return deal


def test_two_fields_are_enough(owner_client: Client, house: House) -> None:
    answer = add(owner_client, given(house))
    deal = only(house)
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("deal_detail", args=[deal.pk]),
    )
    assert (deal.owner, deal.account, deal.amount) == (house.owner, "Mill", None)


@pytest.mark.parametrize("typed", ["12.500,50", "€ 12.500,50", "12,500.50", "12500,50"])
def test_amounts_in_both_notations(owner_client: Client, house: House, typed: str) -> None:
    add(owner_client, given(house, amount=typed))
    assert only(house).amount == Decimal("12500.50")


def test_a_wrong_amount_is_said_and_nothing_is_lost(owner_client: Client, house: House) -> None:
    answer = add(owner_client, given(house, amount="1.2345", next_step="Call on Monday"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "“1.2345” is not an amount; write it like 12500 or 12,500.50." in text
    assert 'value="Call on Monday"' in text
    assert 'value="1.2345"' in text


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("open", {"closed_on": "2026-01-05"},
         "Only a deal that ended has this day: choose such a stage, or leave it empty."),
        ("lost", {"closed_on": "2999-01-05"},
         "This day is still to come; a deal closes when it ends."),
        ("lost", {"closed_on": "2026-01-05", "created_on": "2026-01-06"},
         "This is before the day the deal began."),
    ],
)  # fmt: skip
def test_days_that_cannot_be(
    owner_client: Client, house: House, kind: str, fields: dict[str, str], said: str
) -> None:
    answer = add(owner_client, given(house, kind, **fields))
    assert answer.context["form"].errors == {"closed_on": [said]}


def test_a_stage_of_another_organisation_is_refused(owner_client: Client, house: House) -> None:
    theirs = make_deal(house.other_organisation, house.stranger)
    answer = add(owner_client, given(house, stage=str(theirs.stage_id)))
    assert list(answer.context["form"].errors) == ["stage"]


def edit(client: Client, deal: Deal, **fields: Any) -> HttpResponse:
    address = reverse("deal_edit", args=[deal.pk])
    form = client.get(address).context["form"]
    shown = {field.name: field.value() for field in form}
    sent = {name: "" if value is None else str(value) for name, value in shown.items()}
    return client.post(address, {**sent, **fields})


def test_saving_the_form_as_it_stands_changes_nothing(owner_client: Client, house: House) -> None:
    for language in ("en", "nl"):
        house.owner.language = language
        house.owner.save()
        deal = make_deal(
            house.organisation,
            house.owner,
            name=language,
            amount=Decimal("1234567.50"),
            expected_close_on=date(2026, 3, 4),
            created_on=date(2026, 1, 2),
        )
        assert edit(owner_client, deal).status_code == 302
        with organisation_scope(house.organisation):
            assert Deal.objects.get(pk=deal.pk).version == 1


def test_a_lost_deal_that_opens_again_has_no_closing_day(
    owner_client: Client, house: House
) -> None:
    add(owner_client, given(house, "lost", closed_on="2026-01-05"))
    assert only(house).closed_on == date(2026, 1, 5)
    assert edit(owner_client, only(house), stage=stage(house, "open")).status_code == 302
    assert (only(house).stage_type, only(house).closed_on) == ("open", None)


def test_a_change_made_meanwhile_is_shown_and_nothing_is_lost(
    owner_client: Client, house: House
) -> None:
    add(owner_client, given(house, amount="100"))
    deal = only(house)
    edit(owner_client, deal, amount="90")
    answer = edit(owner_client, deal, amount="80", version="1")
    assert answer.status_code == 409
    assert answer.context["conflict"] == [("Amount", Decimal(90))]
    assert answer.context["form"]["amount"].value() == "80"
    again = {field.name: field.value() or "" for field in answer.context["form"]}
    assert owner_client.post(reverse("deal_edit", args=[deal.pk]), again).status_code == 302
    assert only(house).amount == Decimal(80)


def test_a_manager_edits_a_deal_of_the_team(client: Client, house: House) -> None:
    client.force_login(house.owner)
    add(client, given(house))
    client.force_login(house.manager)
    assert edit(client, only(house), name="Renewal").status_code == 302
    assert (only(house).name, only(house).owner) == ("Renewal", house.owner)


def test_a_deal_typed_by_mistake_is_removed_after_asking(
    owner_client: Client, house: House
) -> None:
    add(owner_client, given(house))
    address = reverse("deal_delete", args=[only(house).pk])
    assert owner_client.get(address).status_code == 200
    assert owner_client.post(address)["Location"] == reverse("deal_list")
    with organisation_scope(house.organisation):
        assert Deal.objects.count() == 0


def test_a_deal_somebody_looked_back_on_stays(owner_client: Client, house: House) -> None:
    add(owner_client, given(house, "lost"))
    with organisation_scope(house.organisation):
        Debrief.objects.create(
            organisation=house.organisation, author=house.owner, deal=only(house), outcome="lost"
        )
    answer = owner_client.post(reverse("deal_delete", args=[only(house).pk]))
    assert answer.status_code == 422
    assert "Somebody looked back on this deal, so it stays." in answer.content.decode()

"""A deal's page: its facts, its timeline, and what its seller learned on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.factories import make_deal

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.models import Deal, DealEvent
from spiegel_portal.debriefs.models import Debrief, Lesson, Plan

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from tests.conftest import House

NOTE = {"text": "They asked for a date.", "kind": "call", "on": ""}


def tell(house: House, deal: Deal, kind: str = "note", **fields: object) -> None:
    with organisation_scope(house.organisation):
        DealEvent.objects.create(
            organisation=house.organisation,
            deal=deal,
            kind=kind,
            at=fields.pop("at", datetime(2026, 11, 2, 9, 0, tzinfo=UTC)),
            author=house.owner,
            **fields,
        )


def look_back(house: House, deal: Deal, *, finished: bool) -> Debrief:
    with organisation_scope(house.organisation):
        debrief: Debrief = Debrief.objects.create(
            organisation=house.organisation,
            author=house.owner,
            deal=deal,
            deal_name=deal.name,
            outcome="lost",
            finished_at=datetime(2026, 11, 3, tzinfo=UTC) if finished else None,
        )
        lesson = Lesson.objects.create(
            organisation=house.organisation, author=house.owner, debrief=debrief, text="Ask who."
        )
        Plan.objects.create(
            organisation=house.organisation,
            author=house.owner,
            lesson=lesson,
            deal=deal,
            if_text="no name is given",
            then_text="I ask who signs",
            ask_on=date(2026, 12, 1),
        )
        return debrief


def text_of(client: Client, deal: Deal) -> str:
    response = client.get(reverse("deal_detail", args=[deal.pk]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_changes_stand_in_the_readers_notation(owner_client: Client, house: House) -> None:
    deal = make_deal(house.organisation, house.owner)
    tell(house, deal, "date", data={"from": "2026-03-01", "to": "2026-04-15"})
    tell(house, deal, "amount", data={"from": "12500.00", "to": ""})
    tell(house, deal, "stage", data={"from": "", "to": "Proposal"})
    tell(house, deal, "date", data={"from": "no day", "to": "2026-04-15"})
    text = text_of(owner_client, deal)
    assert "<p>1 March 2026 → 15 April 2026</p>" in text
    assert "<p>€12,500 → –</p>" in text
    assert "<p>Proposal</p>" in text
    assert "<p>no day → 15 April 2026</p>" in text
    house.owner.language = "nl"
    house.owner.save()
    text = text_of(owner_client, deal)
    assert "<p>1 maart 2026 → 15 april 2026</p>" in text
    assert "<p>€ 12.500 → –</p>" in text


def test_a_stage_entered_today_is_no_zero_days_old(owner_client: Client, house: House) -> None:
    today = timezone.localdate()
    deal = make_deal(house.organisation, house.owner, stage_since=today)
    assert "since today" in text_of(owner_client, deal)
    with organisation_scope(house.organisation):
        Deal.objects.update(stage_since=today - timedelta(days=1))
    assert "for 1 day<" in text_of(owner_client, deal)


def test_how_often_the_close_moved_is_counted(owner_client: Client, house: House) -> None:
    deal = make_deal(house.organisation, house.owner, expected_close_on=date(2026, 12, 1))
    tell(house, deal, "date", data={"from": "", "to": "2026-10-01"})
    tell(house, deal, "date", data={"from": "2026-10-01", "to": "2026-11-01"})
    tell(house, deal, "date", data={"from": "2026-11-01", "to": "2026-12-01"})
    assert "moved 2 times" in text_of(owner_client, deal)


def test_a_long_note_is_folded_away(owner_client: Client, house: House) -> None:
    deal = make_deal(house.organisation, house.owner)
    tell(house, deal, text="word " * 200)
    assert text_of(owner_client, deal).count('<details class="more">') == 1


def test_a_note_goes_on_the_timeline(owner_client: Client, house: House) -> None:
    deal = make_deal(house.organisation, house.owner)
    address = reverse("deal_event_add", args=[deal.pk])
    answer = owner_client.post(address, {**NOTE, "on": "2026-11-05"}, follow=True)
    assert answer.redirect_chain == [(reverse("deal_detail", args=[deal.pk]), 302)]
    with organisation_scope(house.organisation):
        event = DealEvent.objects.get(deal=deal)
    assert (event.kind, event.text, event.author) == ("call", NOTE["text"], house.owner)
    assert event.at == datetime(2026, 11, 5, 11, 0, tzinfo=UTC)  # noon in Amsterdam


def test_a_wrong_note_keeps_what_was_typed(owner_client: Client, house: House) -> None:
    deal = make_deal(house.organisation, house.owner)
    address = reverse("deal_event_add", args=[deal.pk])
    answer = owner_client.post(address, {**NOTE, "on": "soon"})
    assert answer.status_code == 422
    assert NOTE["text"] in answer.content.decode()


@pytest.mark.parametrize("person", ["colleague", "administrator", "coach", "stranger"])
def test_not_yours_is_not_there(client: Client, house: House, person: str) -> None:
    deal = make_deal(house.organisation, house.owner)
    client.force_login(getattr(house, person))
    member = person != "coach"
    for name in ("deal_detail", "deal_edit", "deal_delete"):
        answer = client.get(reverse(name, args=[deal.pk]))
        assert answer.status_code == (404 if member else 302)
    answer = client.post(reverse("deal_event_add", args=[deal.pk]), NOTE)
    assert answer.status_code == (404 if member else 302)
    with organisation_scope(house.organisation):
        assert DealEvent.objects.count() == 0


def test_lesson_and_plan_are_for_their_author_alone(client: Client, house: House) -> None:
    deal = make_deal(house.organisation, house.owner, stage_type="lost")
    debrief = look_back(house, deal, finished=True)
    client.force_login(house.owner)
    text = text_of(client, deal)
    assert "Ask who." in text
    assert "I ask who signs" in text
    assert f'href="{reverse("debrief_detail", args=[debrief.pk])}">Read your debrief' in text
    client.force_login(house.manager)
    text = text_of(client, deal)
    assert "Ask who." not in text
    assert "I ask who signs" not in text
    assert "debriefs/" not in text.replace(reverse("debrief_list") + '"', "")


def test_the_way_to_the_debrief(owner_client: Client, house: House) -> None:
    deal = make_deal(house.organisation, house.owner, stage_type="lost")
    start = reverse("debrief_start", args=[deal.pk])
    assert f'href="{start}">Look back on this deal' in text_of(owner_client, deal)
    look_back(house, deal, finished=False)
    assert f'href="{start}">Go on with your debrief' in text_of(owner_client, deal)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_timeline(
    owner_client: Client,
    house: House,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    deal = make_deal(house.organisation, house.owner, stage_type="lost")
    look_back(house, deal, finished=True)
    for number in range(rows):
        tell(house, deal, text=f"{number}")
    # session, person, membership, deal, events, debrief, lesson, plans
    with django_assert_num_queries(8):
        text_of(owner_client, deal)

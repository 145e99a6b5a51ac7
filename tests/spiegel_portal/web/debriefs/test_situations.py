"""The three situations: left and resumed at any point, ending in three lessons and three plans."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.factories import make_deal

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.debriefs.domain import save_texts
from spiegel_portal.debriefs.models import Lesson, Plan, Situation, SituationSeries

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from tests.conftest import House

OVERVIEW = "/situations/"
WHOLE = {"lesson_text": "A lesson", "plan_if": "a sign", "plan_then": "ask"}


def begin(client: Client) -> None:
    client.post(OVERVIEW)


def step(position: int) -> str:
    return f"{OVERVIEW}{position}/"


def send(client: Client, position: int, **texts: str) -> HttpResponse:
    """What a browser sends of the page as it stands, with these fields filled in."""
    context = client.get(step(position)).context
    desk = context["desk"]
    fields = [field for section in context["sections"] for field in section.fields]
    form = {field.ask.name: field.value for field in fields}
    return client.post(
        step(position),
        {
            **form,
            "client": desk.client,
            "base_version": desk.item.version,
            "was": desk.fingerprints(),
            **texts,
        },
    )


def test_nothing_begins_by_looking(owner_client: Client, house: House) -> None:
    assert owner_client.get(OVERVIEW).status_code == 200
    assert owner_client.get(step(1))["Location"] == OVERVIEW
    with organisation_scope(house.organisation):
        assert not SituationSeries.objects.exists()


def test_beginning_twice_is_one_beginning(owner_client: Client, house: House) -> None:
    for _twice in range(2):
        assert owner_client.post(OVERVIEW)["Location"] == step(1)
    with organisation_scope(house.organisation):
        assert [s.position for s in Situation.objects.all()] == [1, 2, 3]


def test_leaving_and_resuming_on_another_device(owner_client: Client, client: Client) -> None:
    begin(owner_client)
    answer = send(owner_client, 2, happened="They left", held_responsible="customer", do="leave")
    assert answer["Location"] == OVERVIEW
    page = client.get(step(2)).content.decode()
    assert "They left</textarea>" in page
    assert 'value="customer" form="writing" data-autosave checked' in page


def test_the_way_through_ends_in_three_of_each(owner_client: Client, house: House) -> None:
    begin(owner_client)
    onward = [step(2), step(3), OVERVIEW]
    for position in (1, 2, 3):
        answer = send(
            owner_client,
            position,
            happened="They left",
            held_responsible=["customer", "competition", "management"][position - 1],
            lesson_text=f"Lesson {position}",
            plan_if="a sign",
            plan_then="ask",
            do="finish",
        )
        assert answer["Location"] == onward[position - 1]
    page = owner_client.get(OVERVIEW).content.decode()
    assert [f"Lesson {n}" in page for n in (1, 2, 3)] == [True] * 3
    assert "Three lessons, and they are yours" in page
    assert "All three pointed to the same party" not in page
    with organisation_scope(house.organisation):
        assert (Lesson.objects.count(), Plan.objects.count()) == (3, 3)


def test_the_last_one_finished_need_not_be_the_third(owner_client: Client) -> None:
    begin(owner_client)
    for position, onward in ((3, step(1)), (1, step(2)), (2, OVERVIEW)):
        assert send(owner_client, position, **WHOLE, do="finish")["Location"] == onward


def test_three_times_the_same_party_is_allowed_and_noticed(owner_client: Client) -> None:
    begin(owner_client)
    for position in (1, 2, 3):
        send(owner_client, position, held_responsible="customer")
    assert "All three point to the same party" in owner_client.get(step(1)).content.decode()
    for position in (1, 2, 3):
        send(owner_client, position, **WHOLE, do="finish")
    assert "All three pointed to the same party" in owner_client.get(OVERVIEW).content.decode()


def test_three_new_ones_leave_the_old_lessons(owner_client: Client, house: House) -> None:
    begin(owner_client)
    for position in (1, 2, 3):
        send(owner_client, position, **WHOLE, do="finish")
    begin(owner_client)
    assert "A lesson" not in owner_client.get(step(1)).content.decode()
    with organisation_scope(house.organisation):
        assert (SituationSeries.objects.count(), Lesson.objects.count()) == (2, 3)


def test_a_lesson_is_needed_to_go_on(owner_client: Client) -> None:
    begin(owner_client)
    answer = send(owner_client, 1, happened="They left", do="finish")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "They left</textarea>" in page
    assert '<div class="error-summary" role="alert" tabindex="-1" autofocus>' in page


def test_a_plan_is_needed_to_go_on(owner_client: Client, house: House) -> None:
    begin(owner_client)
    answer = send(owner_client, 1, lesson_text="A lesson", do="finish")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert '<a href="#field-plan_if">The plan is still empty' in page
    assert "A lesson</textarea>" in page
    with organisation_scope(house.organisation):
        assert not Lesson.objects.exists()


def test_a_situation_may_belong_to_a_deal_that_ended(owner_client: Client, house: House) -> None:
    begin(owner_client)
    lost = make_deal(house.organisation, house.owner, name="Long gone", stage_type="lost")
    answer = send(owner_client, 1, find_deal="long", do="find")
    assert answer["Location"] == f"{step(1)}?find_deal=long#ask-happened"
    found = owner_client.get(step(1), {"find_deal": "long"}).context["sections"][0].fields[1]
    assert [deal.name for deal in found.deals] == ["Long gone"]
    send(owner_client, 1, deal=str(lost.pk))
    with organisation_scope(house.organisation):
        assert Situation.objects.get(position=1).deal == lost


def test_two_devices_in_one_situation(owner_client: Client, house: House) -> None:
    begin(owner_client)
    save = f"{step(1)}save/"
    for page, text, status in (("a", "One", 200), ("b", "Two", 409)):
        body = {"client": page, "base_version": 1, "texts": {"blame": text}}
        answer = owner_client.post(save, json.dumps(body), content_type="application/json")
        assert answer.status_code == status
    page = owner_client.get(step(1)).content.decode()
    assert "One</textarea>" in page
    assert '<blockquote class="prose">Two</blockquote>' in page
    with organisation_scope(house.organisation):
        situation = Situation.objects.get(position=1)
    other = next(iter(answer.json()["conflicts"]))["other"]
    answer = send(owner_client, 1, settle=f"{other}:blame:both")
    with organisation_scope(house.organisation):
        situation.refresh_from_db()
    assert situation.blame == "One\n\nTwo"


@pytest.mark.parametrize("position", [0, 4])
def test_there_are_three(owner_client: Client, position: int) -> None:
    begin(owner_client)
    assert owner_client.get(step(position)).status_code == 404


def test_everybody_has_their_own(owner_client: Client, client: Client, house: House) -> None:
    begin(owner_client)
    send(owner_client, 1, happened="They left")
    for person in (house.colleague, house.manager, house.administrator, house.stranger):
        client.force_login(person)
        assert client.get(step(1))["Location"] == OVERVIEW
        begin(client)
        assert "They left" not in client.get(step(1)).content.decode()


def test_what_was_typed_is_shown_as_text(owner_client: Client, house: House) -> None:
    attack = "<script>alert(1)</script>"
    begin(owner_client)
    for position in (1, 2, 3):
        send(owner_client, position, lesson_text=attack, plan_if=attack, plan_then=attack)
        assert "<script>alert" not in owner_client.get(step(position)).content.decode()
        send(owner_client, position, do="finish")
    assert "<script>alert" not in owner_client.get(OVERVIEW).content.decode()


def test_queries_of_the_pages(
    owner_client: Client, house: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        owner_client.get(OVERVIEW)
    begin(owner_client)
    with organisation_scope(house.organisation):
        for situation in Situation.objects.all():
            save_texts(
                item=situation,
                author=house.owner,
                client="a",
                base_version=1,
                texts={"lesson_text": "A lesson", "plan_if": "a", "plan_then": "b"},
            )
    with django_assert_num_queries(8):
        owner_client.get(step(1))
    for position in (1, 2, 3):
        send(owner_client, position, do="finish")
    with django_assert_num_queries(6):
        owner_client.get(OVERVIEW)


def test_the_pages_in_dutch(owner_client: Client, house: House) -> None:
    house.owner.language = "nl"
    house.owner.save()
    assert "Begin met de eerste" in owner_client.get(OVERVIEW).content.decode()
    begin(owner_client)
    page = owner_client.get(step(1)).content.decode()
    assert "Wie hield ik verantwoordelijk?" in page
    assert "Mijn eigen leiding of bedrijf" in page

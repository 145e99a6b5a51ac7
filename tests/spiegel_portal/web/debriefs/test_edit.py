"""The page on which a debrief is written, with and without JavaScript."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from tests.factories import make_deal

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.debriefs.domain import save_texts, start_debrief
from spiegel_portal.debriefs.models import MAX_TEXT, Debrief, Lesson, OtherVersion, Plan

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from tests.conftest import House


@pytest.fixture
def debrief(house: House) -> Debrief:
    deal = make_deal(house.organisation, house.owner, stage_type="lost", stated_reason="Too dear")
    with organisation_scope(house.organisation):
        return start_debrief(deal=deal, author=house.owner)


def address(debrief: Debrief) -> str:
    return reverse("debrief_edit", args=[debrief.pk])


def autosave(
    client: Client, debrief: Debrief, page: str, base: int, texts: dict[str, str], **more: Any
) -> HttpResponse:
    body = {"client": page, "base_version": base, "texts": texts, **more}
    return client.post(
        reverse("debrief_save", args=[debrief.pk]),
        json.dumps(body),
        content_type="application/json",
    )


def form_of(client: Client, debrief: Debrief) -> dict[str, str]:
    """What a browser would send of the page as it stands."""
    context = client.get(address(debrief)).context
    desk = context["desk"]
    fields = [field for section in context["sections"] for field in section.fields]
    texts = {field.ask.name: field.value for field in [*fields, *context["reasons"]]}
    return {
        "client": desk.client,
        "base_version": str(desk.item.version),
        "was": desk.fingerprints(),
        **texts,
    }


def stored(house: House, debrief: Debrief) -> Debrief:
    with organisation_scope(house.organisation):
        found: Debrief = Debrief.objects.get(pk=debrief.pk)
    return found


def test_a_look_back_starts_with_one_button(owner_client: Client, house: House) -> None:
    deal = make_deal(house.organisation, house.owner, stage_type="lost")
    start = reverse("debrief_start", args=[deal.pk])
    assert owner_client.get(start).status_code == 200
    with organisation_scope(house.organisation):
        assert not Debrief.objects.exists()
    answer = owner_client.post(start)
    with organisation_scope(house.organisation):
        debrief = Debrief.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, address(debrief))
    assert owner_client.post(start)["Location"] == address(debrief)
    assert owner_client.get(start)["Location"] == address(debrief)


def test_a_deal_of_somebody_else_cannot_be_looked_back_on(client: Client, house: House) -> None:
    deal = make_deal(house.organisation, house.owner)
    for person in (house.colleague, house.manager, house.administrator, house.stranger):
        client.force_login(person)
        assert client.post(reverse("debrief_start", args=[deal.pk])).status_code == 404


def test_the_form_keeps_what_is_typed_and_comes_back(
    owner_client: Client, house: House, debrief: Debrief
) -> None:
    form = form_of(owner_client, debrief)
    answer = owner_client.post(address(debrief), {**form, "agreed": "A date\r\nin May"})
    assert answer["Location"] == address(debrief)
    assert stored(house, debrief).agreed == "A date\nin May"


def test_a_form_overwrites_nothing_it_did_not_touch(
    owner_client: Client, house: House, debrief: Debrief
) -> None:
    form = form_of(owner_client, debrief)
    autosave(owner_client, debrief, "phone", 1, {"happened": "From the phone"})
    answer = owner_client.post(address(debrief), {**form, "agreed": "From the desk"})
    assert answer.status_code == 302
    kept = stored(house, debrief)
    assert (kept.agreed, kept.happened) == ("From the desk", "From the phone")


def test_a_form_in_conflict_shows_both_texts_and_a_choice(
    owner_client: Client, house: House, debrief: Debrief
) -> None:
    form = form_of(owner_client, debrief)
    autosave(owner_client, debrief, "phone", 1, {"agreed": "From the phone"})
    answer = owner_client.post(address(debrief), {**form, "agreed": "From the desk"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "From the phone</textarea>" in page
    assert '<blockquote class="prose">From the desk</blockquote>' in page
    with organisation_scope(house.organisation):
        other = OtherVersion.objects.get()
    for choice, text in (("kept", "From the phone"), ("both", "From the phone\n\nFrom the desk")):
        with organisation_scope(house.organisation):
            other.save()
        again = form_of(owner_client, debrief)
        settle = {**again, "settle": f"{other.pk}:agreed:{choice}"}
        assert owner_client.post(address(debrief), settle).status_code == 302
        assert stored(house, debrief).agreed == text
        with organisation_scope(house.organisation):
            assert not OtherVersion.objects.exists()


def test_taking_the_other_text(owner_client: Client, house: House, debrief: Debrief) -> None:
    autosave(owner_client, debrief, "phone", 1, {"agreed": "From the phone"})
    answer = autosave(owner_client, debrief, "desk", 1, {"agreed": "From the desk"})
    other = answer.json()["conflicts"][0]["other"]
    form = {**form_of(owner_client, debrief), "settle": f"{other}:agreed:other"}
    owner_client.post(address(debrief), form)
    assert stored(house, debrief).agreed == "From the desk"


@pytest.mark.parametrize("settle", ["x", "x:agreed:kept", f"{'0' * 32}:author:kept"])
def test_a_choice_that_was_not_offered_is_not_there(
    owner_client: Client, debrief: Debrief, settle: str
) -> None:
    answer = owner_client.post(
        address(debrief), {**form_of(owner_client, debrief), "settle": settle}
    )
    assert answer.status_code == 404


def test_too_long_a_text_is_shown_again_and_the_rest_is_saved(
    owner_client: Client, house: House, debrief: Debrief
) -> None:
    long = "a" * (MAX_TEXT + 1)
    form = {**form_of(owner_client, debrief), "agreed": long, "happened": "Kept"}
    answer = owner_client.post(address(debrief), form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count(long) == 1
    assert page.count("20001 characters and there is room for 20000") == 2
    assert stored(house, debrief).happened == "Kept"


def test_every_field_takes_twenty_thousand_characters(
    owner_client: Client, house: House, debrief: Debrief
) -> None:
    long = "é" * MAX_TEXT
    form = form_of(owner_client, debrief)
    prose = ("agreed", "happened", "differed", "own_part", "stated_reason", "own_reason")
    answer = owner_client.post(address(debrief), {**form, **dict.fromkeys(prose, long)})
    assert answer.status_code == 302
    kept = stored(house, debrief)
    assert [getattr(kept, name) == long for name in prose] == [True] * 6
    assert owner_client.get(address(debrief)).status_code == 200


def test_finishing_leads_to_the_debrief_with_its_lesson(
    owner_client: Client, house: House, debrief: Debrief
) -> None:
    live = make_deal(house.organisation, house.owner, name="Live")
    form = {
        **form_of(owner_client, debrief),
        "lesson_text": "Next time I ask who signs",
        "plan_if": "one person decides",
        "plan_then": "ask who signs",
        "plan_deal": str(live.pk),
        "do": "finish",
    }
    for _twice in range(2):
        answer = owner_client.post(address(debrief), form)
        assert answer["Location"] == reverse("debrief_detail", args=[debrief.pk])
    with organisation_scope(house.organisation):
        assert [(plan.deal, str(plan.lesson)) for plan in Plan.objects.all()] == [
            (live, "Next time I ask who signs")
        ]


def test_finishing_without_a_lesson_says_so_and_keeps_everything(
    owner_client: Client, house: House, debrief: Debrief
) -> None:
    form = {**form_of(owner_client, debrief), "agreed": "A date", "do": "finish"}
    answer = owner_client.post(address(debrief), form)
    assert answer.status_code == 422
    assert '<a href="#field-lesson_text">The lesson is still empty' in answer.content.decode()
    assert stored(house, debrief).agreed == "A date"
    with organisation_scope(house.organisation):
        assert not Lesson.objects.exists()


def test_the_prompts_follow_the_outcome(
    owner_client: Client, house: House, debrief: Debrief
) -> None:
    assert (
        "What did I do, assume or not ask there?"
        in owner_client.get(address(debrief)).content.decode()
    )
    owner_client.post(address(debrief), {**form_of(owner_client, debrief), "outcome": "won"})
    page = owner_client.get(address(debrief)).content.decode()
    assert "What did I do there that worked?" in page


def test_an_unknown_outcome_is_refused(
    owner_client: Client, house: House, debrief: Debrief
) -> None:
    form = {**form_of(owner_client, debrief), "outcome": "draw"}
    assert owner_client.post(address(debrief), form).status_code == 422
    assert stored(house, debrief).outcome == "lost"


def test_deals_are_found_without_javascript(
    owner_client: Client, house: House, debrief: Debrief
) -> None:
    make_deal(house.organisation, house.owner, name="Northern Lights")
    make_deal(house.organisation, house.owner, name="Other")
    form = {**form_of(owner_client, debrief), "find_plan_deal": "north", "do": "find"}
    answer = owner_client.post(address(debrief), form)
    assert answer["Location"] == f"{address(debrief)}?find_plan_deal=north#ask-plan"
    page = owner_client.get(answer["Location"].partition("#")[0]).context
    plan = page["sections"][5].fields[0]
    assert [deal.name for deal in plan.deals] == ["Northern Lights"]


def test_deals_found_while_typing_are_ones_own_and_open(owner_client: Client, house: House) -> None:
    make_deal(house.organisation, house.owner, name="Mine")
    make_deal(house.organisation, house.owner, name="Mine, lost", stage_type="lost")
    make_deal(house.organisation, house.colleague, name="Mine too, says a colleague")
    make_deal(house.other_organisation, house.stranger, name="Mine elsewhere")
    find = reverse("plan_deals", args=["plan_deal"])
    found = owner_client.get(find, {"find_plan_deal": "mine"})
    assert [deal.name for deal in found.context["deals"]] == ["Mine"]


def test_autosave_answers_with_the_new_version(owner_client: Client, debrief: Debrief) -> None:
    answer = autosave(owner_client, debrief, "a", 1, {"agreed": "A date"})
    assert (answer.status_code, answer.json()) == (200, {"version": 2, "changed": {}})
    answer = autosave(owner_client, debrief, "b", 1, {"happened": "Silence"})
    assert answer.json() == {"version": 3, "changed": {"agreed": "A date"}}


def test_autosave_in_conflict_gives_both_texts(
    owner_client: Client, house: House, debrief: Debrief
) -> None:
    autosave(owner_client, debrief, "a", 1, {"agreed": "First"})
    answer = autosave(owner_client, debrief, "b", 1, {"agreed": "Second", "happened": "Silence"})
    assert answer.status_code == 409
    with organisation_scope(house.organisation):
        other = OtherVersion.objects.get()
    assert answer.json() == {
        "version": 3,
        "changed": {},
        "conflicts": [{"field": "agreed", "kept": "First", "other": str(other.pk)}],
    }
    assert stored(house, debrief).happened == "Silence"
    settled = autosave(owner_client, debrief, "b", 3, {"agreed": "Both"}, settle=str(other.pk))
    assert (settled.status_code, stored(house, debrief).agreed) == (200, "Both")


def test_autosave_refuses_too_long_a_text_in_a_sentence(
    owner_client: Client, debrief: Debrief
) -> None:
    answer = autosave(owner_client, debrief, "a", 1, {"agreed": "a" * (MAX_TEXT + 1)})
    assert answer.status_code == 422
    assert answer.json()["refused"]["agreed"].startswith("This text has 20001 characters")


def test_autosave_refuses_far_too_much_at_once(owner_client: Client, debrief: Debrief) -> None:
    answer = autosave(owner_client, debrief, "a", 1, {"agreed": "a" * 3_000_000})
    assert (answer.status_code, answer.json()) == (
        422,
        {
            "refused": {
                "": "This is too much text to save at once: shorten it. It is still on your page."
            }
        },
    )


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"texts": 1}', '{"texts": {}, "base_version": 1}', '"x"', "\\ud800"]
)
def test_autosave_answers_nonsense_with_a_sentence(
    owner_client: Client, debrief: Debrief, body: str
) -> None:
    answer = owner_client.post(
        reverse("debrief_save", args=[debrief.pk]), body, content_type="application/json"
    )
    assert (answer.status_code, answer.json()) == (
        400,
        {"refused": {"": "This page sent something that cannot be read."}},
    )


def test_what_was_typed_is_shown_as_text(owner_client: Client, debrief: Debrief) -> None:
    attack = '</textarea><script>alert("x")</script>'
    autosave(owner_client, debrief, "a", 1, {"agreed": attack, "plan_if": attack})
    autosave(owner_client, debrief, "b", 1, {"agreed": attack + "!"})
    page = owner_client.get(address(debrief)).content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;/textarea&gt;&lt;script&gt;") == 3


def test_a_text_that_begins_with_an_empty_line_keeps_it(
    owner_client: Client, debrief: Debrief
) -> None:
    autosave(owner_client, debrief, "a", 1, {"agreed": "\nSecond line"})
    assert "\n\nSecond line</textarea>" in owner_client.get(address(debrief)).content.decode()


@pytest.mark.parametrize("events", [1, 3])
def test_queries_of_the_page(
    owner_client: Client,
    house: House,
    debrief: Debrief,
    django_assert_num_queries: DjangoAssertNumQueries,
    events: int,
) -> None:
    from tests.factories import make_event

    assert debrief.deal is not None
    for number in range(events):
        make_event(debrief.deal, text=f"Note {number}")
        make_deal(house.organisation, house.owner, name=f"Open {number}")
    with organisation_scope(house.organisation):
        save_texts(
            item=debrief, author=house.owner, client="a", base_version=1, texts={"agreed": "x"}
        )
    with django_assert_num_queries(8):
        owner_client.get(address(debrief))


def test_the_page_in_dutch(owner_client: Client, house: House, debrief: Debrief) -> None:
    house.owner.language = "nl"
    house.owner.save()
    page = owner_client.get(address(debrief)).content.decode()
    assert "Wat spraken we af, en wie zegde wat toe?" in page

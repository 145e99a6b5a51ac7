"""Reading debriefs and lessons back, and what came of the plans. All of it the author's alone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.factories import make_deal

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.debriefs.domain import finish_debrief, save_texts, start_debrief
from spiegel_portal.debriefs.models import Debrief, Lesson, Plan

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from tests.conftest import House

OUTWARD = "We lost because the customer only looks at the price and never keeps a promise."
TEXTS = {
    "agreed": "A date in May",
    "own_part": OUTWARD,
    "gain_money": "40,000",
    "own_reason": "I asked too late",
    "stated_reason": "Too dear",
    "lesson_situation": "When one person decides",
    "lesson_text": "I ask who else signs",
    "plan_if": "nobody else was named",
    "plan_then": "ask who signs",
}


def make_debrief(house: House, name: str = "Mill House", *, finished: bool = True) -> Debrief:
    deal = make_deal(
        house.organisation,
        house.owner,
        name=name,
        account="",
        stage_type="lost",
        crm_reason="Price",
    )
    with organisation_scope(house.organisation):
        debrief = start_debrief(deal=deal, author=house.owner)
        save_texts(item=debrief, author=house.owner, client="a", base_version=1, texts=TEXTS)
        if finished:
            finish_debrief(debrief=debrief, author=house.owner)
        debrief.refresh_from_db()
    return debrief


def only_plan(house: House) -> Plan:
    with organisation_scope(house.organisation):
        plan: Plan = Plan.objects.get()
    return plan


def text_of(client: Client, name: str, *args: object, **query: str) -> str:
    return str(client.get(reverse(name, args=args), query).content.decode())


def test_the_list_has_drafts_first_and_filters_by_outcome(
    owner_client: Client, house: House
) -> None:
    make_debrief(house, "Finished")
    draft = make_debrief(house, "Draft", finished=False)
    listed = owner_client.get(reverse("debrief_list")).context["page"]
    assert [debrief.deal_name for debrief in listed] == ["Draft", "Finished"]
    with organisation_scope(house.organisation):
        Debrief.objects.filter(pk=draft.pk).update(outcome="won")
    listed = owner_client.get(reverse("debrief_list"), {"outcome": "won"}).context["page"]
    assert [debrief.deal_name for debrief in listed] == ["Draft"]


def test_the_list_names_deals_worth_a_look_back(owner_client: Client, house: House) -> None:
    assert "No debriefs yet" in text_of(owner_client, "debrief_list")
    make_deal(house.organisation, house.owner, name="Lost one", account="", stage_type="lost")
    assert "Look back on Lost one" in text_of(owner_client, "debrief_list")


def test_the_list_has_pages(owner_client: Client, house: House) -> None:
    for number in range(21):
        make_debrief(house, f"Deal {number}", finished=False)
    first = owner_client.get(reverse("debrief_list"))
    assert len(first.context["page"]) == 20
    assert 'href="?page=2"' in first.content.decode()
    second = owner_client.get(reverse("debrief_list"), {"page": "2", "outcome": "lost"})
    assert [debrief.deal_name for debrief in second.context["page"]] == ["Deal 0"]
    assert 'href="?outcome=lost&amp;page=1"' in second.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_lists(
    owner_client: Client,
    house: House,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    for number in range(rows):
        make_debrief(house, f"Deal {number}")
    for name, queries in (("debrief_list", 8), ("lesson_list", 6)):
        with django_assert_num_queries(queries):
            owner_client.get(reverse(name))


def test_a_finished_debrief_reads_back_whole(owner_client: Client, house: House) -> None:
    page = text_of(owner_client, "debrief_detail", make_debrief(house).pk)
    wanted = ["A date in May", "I ask who else signs", "nobody else was named", "Too dear", "Price"]
    assert [text in page for text in wanted] == [True] * 5
    assert 'class="m ' not in page


def test_an_unfinished_one_opens_for_writing(owner_client: Client, house: House) -> None:
    draft = make_debrief(house, finished=False)
    answer = owner_client.get(reverse("debrief_detail", args=[draft.pk]))
    assert answer["Location"] == reverse("debrief_edit", args=[draft.pk])


def test_the_mirror_on_request(owner_client: Client, house: House) -> None:
    debrief = make_debrief(house)
    page = text_of(owner_client, "debrief_detail", debrief.pk, marks="")
    assert "Put with the customer" in page
    answer = {"sentence": OUTWARD, "label": "customer", "answer": "not_so"}
    back = reverse("debrief_detail", args=[debrief.pk]) + "?marks"
    response = owner_client.post(
        reverse("mark_answer"), answer, headers={"referer": f"http://testserver{back}"}
    )
    assert response["Location"] == f"http://testserver{back}"
    assert "Put with the customer" not in text_of(
        owner_client, "debrief_detail", debrief.pk, marks=""
    )


def test_what_was_typed_is_shown_as_text(owner_client: Client, house: House) -> None:
    debrief = make_debrief(house)
    attack = "<script>alert(1)</script>"
    with organisation_scope(house.organisation):
        fields = [*TEXTS, "happened", "differed", "gain_time", "gain_relationship", "deal_name"]
        Debrief.objects.update(**dict.fromkeys(fields, attack))
        Lesson.objects.update(situation=attack, text=attack)
        Plan.objects.update(if_text=attack, then_text=attack)
        lesson, plan = Lesson.objects.get(), Plan.objects.get()
    pages = [
        text_of(owner_client, "debrief_detail", debrief.pk, marks=""),
        text_of(owner_client, "debrief_delete", debrief.pk),
        text_of(owner_client, "debrief_list"),
        text_of(owner_client, "lesson_list"),
        text_of(owner_client, "lesson_detail", lesson.pk),
        text_of(owner_client, "plan_answer", plan.pk),
    ]
    assert ["<script>alert" in page for page in pages] == [False] * 6
    assert ["&lt;script&gt;" in page for page in pages] == [True] * 6


def test_a_text_file_to_keep(owner_client: Client, house: House) -> None:
    debrief = make_debrief(house, "Mill & House")
    answer = owner_client.get(reverse("debrief_export", args=[debrief.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="mill-house.md"'
    day = timezone.localtime(debrief.finished_at).strftime("%-d %B %Y")
    assert answer.content.decode() == (
        f"# Mill & House\n\nLost, {day}\n\n## The lesson: start doing\n\n"
        "When one person decides\n\nI ask who else signs\n\n"
        "If nobody else was named, then I ask who signs\n\n"
        "## What we agreed would happen\n\nA date in May\n\n"
        f"## My own part\n\n{OUTWARD}\n\n"
        "## Money\n\n40,000\n\n"
        "## What the customer gave as the reason\n\nToo dear\n\n"
        "## The reason in the CRM\n\nPrice\n\n"
        "## My own conclusion\n\nI asked too late\n"
    )


def test_going_on_writing_and_finishing_again(owner_client: Client, house: House) -> None:
    debrief = make_debrief(house)
    answer = owner_client.post(reverse("debrief_reopen", args=[debrief.pk]))
    assert answer["Location"] == reverse("debrief_edit", args=[debrief.pk])
    assert "Finish again" in text_of(owner_client, "debrief_edit", debrief.pk)


def test_the_buyers_reason_is_added_later(owner_client: Client, house: House) -> None:
    debrief = make_debrief(house)
    address = reverse("debrief_confirm_reason", args=[debrief.pk])
    owner_client.post(address, {"buyer_reason": "They wanted one supplier"})
    assert "They wanted one supplier" in text_of(owner_client, "debrief_detail", debrief.pk)
    too_long = owner_client.post(address, {"buyer_reason": "x" * 20_001})
    assert too_long.status_code == 422
    assert too_long.content.decode().count("x" * 20_001) == 1


def test_deleting_asks_first(owner_client: Client, house: House) -> None:
    debrief = make_debrief(house)
    address = reverse("debrief_delete", args=[debrief.pk])
    assert owner_client.get(address).status_code == 200
    assert owner_client.post(address)["Location"] == reverse("debrief_list")
    with organisation_scope(house.organisation):
        assert (Debrief.objects.count(), Lesson.objects.count()) == (0, 1)


def test_rewording_a_lesson(owner_client: Client, house: House) -> None:
    make_debrief(house)
    with organisation_scope(house.organisation):
        lesson = Lesson.objects.get()
    address = reverse("lesson_detail", args=[lesson.pk])
    empty = owner_client.post(address, {"text": " ", "situation": "Kept", "direction": "stop"})
    assert (empty.status_code, "Kept</textarea>" in empty.content.decode()) == (422, True)
    answer = owner_client.post(address, {"text": "Ask first", "situation": ""})
    assert answer["Location"] == address
    with organisation_scope(house.organisation):
        lesson.refresh_from_db()
    assert (lesson.text, lesson.situation, lesson.direction) == ("Ask first", "", "start")


def test_a_lesson_put_aside_stands_apart(owner_client: Client, house: House) -> None:
    make_debrief(house)
    with organisation_scope(house.organisation):
        lesson = Lesson.objects.get()
    assert "I ask who else signs" in text_of(owner_client, "lesson_list")
    owner_client.post(reverse("lesson_retire", args=[lesson.pk]))
    assert list(owner_client.get(reverse("lesson_list")).context["page"]) == []
    assert "I ask who else signs" in text_of(owner_client, "lesson_list", retired="")
    assert "Put aside on" in text_of(owner_client, "lesson_detail", lesson.pk)


@pytest.mark.parametrize(
    ("answer", "state"), [("did", "done"), ("did_not", "open"), ("drop", "dropped")]
)
def test_answering_a_plan(owner_client: Client, house: House, answer: str, state: str) -> None:
    make_debrief(house)
    plan = only_plan(house)
    address = reverse("plan_answer", args=[plan.pk])
    response = owner_client.post(address, {"answer": answer, "note": "It went well"})
    assert response["Location"] == reverse("today")
    assert only_plan(house).state == state


def test_a_plan_is_asked_again_on_the_day_chosen(owner_client: Client, house: House) -> None:
    make_debrief(house)
    day = timezone.localdate() + dt.timedelta(days=3)
    address = reverse("plan_answer", args=[only_plan(house).pk])
    owner_client.post(address, {"answer": "not_yet", "again_on": day.isoformat()})
    assert only_plan(house).ask_on == day
    owner_client.post(address, {"answer": "not_yet", "again_on": "31 February"})
    assert only_plan(house).ask_on == timezone.localdate() + dt.timedelta(days=7)


def test_an_answer_that_cannot_be_taken_keeps_the_note(owner_client: Client, house: House) -> None:
    make_debrief(house)
    address = reverse("plan_answer", args=[only_plan(house).pk])
    answer = owner_client.post(address, {"answer": "did", "note": "x" * 301})
    assert answer.status_code == 422
    assert f'value="{"x" * 301}"' in answer.content.decode()


def test_nobody_else_reads_any_of_it(client: Client, house: House) -> None:
    debrief = make_debrief(house)
    with organisation_scope(house.organisation):
        lesson, plan = Lesson.objects.get(), Plan.objects.get()
    gets = [
        reverse("debrief_detail", args=[debrief.pk]),
        reverse("debrief_edit", args=[debrief.pk]),
        reverse("debrief_export", args=[debrief.pk]),
        reverse("debrief_delete", args=[debrief.pk]),
        reverse("lesson_detail", args=[lesson.pk]),
        reverse("plan_answer", args=[plan.pk]),
    ]
    posts = [
        reverse("debrief_save", args=[debrief.pk]),
        reverse("debrief_reopen", args=[debrief.pk]),
        reverse("debrief_confirm_reason", args=[debrief.pk]),
        reverse("lesson_retire", args=[lesson.pk]),
        *gets[1:2],
        *gets[3:],
    ]
    for person in (house.colleague, house.manager, house.administrator, house.stranger):
        client.force_login(person)
        assert {client.get(address).status_code for address in gets} == {404}
        assert {client.post(address).status_code for address in posts} == {404}
        for name in ("debrief_list", "lesson_list"):
            page = text_of(client, name)
            assert ("Mill House" in page, "I ask who else signs" in page) == (False, False)
    client.force_login(house.coach)
    assert {client.get(address).status_code for address in gets} == {302}
    client.logout()
    assert {client.get(address)["Location"].partition("?")[0] for address in gets} == {
        reverse("account_login")
    }


def test_lists_and_lessons_in_dutch(owner_client: Client, house: House) -> None:
    house.owner.language = "nl"
    house.owner.save()
    debrief = make_debrief(house)
    page = text_of(owner_client, "debrief_detail", debrief.pk)
    assert "De les: gaan doen" in page
    assert "Redenen naast elkaar" in page
    assert "Weggelegd" in text_of(owner_client, "lesson_list")

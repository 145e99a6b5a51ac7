"""What the mirror learnt, in words, for its author; and forgetting it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from tests.factories import PASSWORD, make_debrief

from spiegel.mirror.personal import MOST_DOWN, MOST_UP
from spiegel_portal.common.tenancy import across_organisations, organisation_scope
from spiegel_portal.debriefs.domain import answer_mark
from spiegel_portal.debriefs.models import MarkAnswer
from spiegel_portal.web.views.debriefs.my_mirror import change

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from tests.conftest import House

    from spiegel_portal.people.models import User

OWN = "I never asked who else had to sign the order."


def answer(house: House, who: User, answer: str, number: int = 0) -> None:
    with organisation_scope(house.organisation):
        answer_mark(
            organisation=house.organisation, author=who, label="own", answer=answer,
            sentence=f"{number}. {OWN}", words="never asked who",
        )  # fmt: skip


def page(client: Client) -> str:
    return str(client.get(reverse("my_mirror")).content.decode())


def test_without_answers_it_says_what_to_do(owner_client: Client) -> None:
    assert "Your mirror is still like everybody" in page(owner_client)


def test_it_tells_in_words_what_was_learnt(owner_client: Client, house: House) -> None:
    for number in range(4):
        answer(house, house.owner, "not_so", number)
    answer(house, house.owner, "yes", 9)
    answer(house, house.colleague, "yes")
    [row] = owner_client.get(reverse("my_mirror")).context["rows"]
    assert (row["label"], row["answers"].yes, row["answers"].not_so) == ("own", 1, 4)
    text = page(owner_client)
    assert "Marked a little less often. 1 turn of phrase stays silent." in text
    assert "never asked" not in text


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (0.0, "Nothing you would notice yet."),
        (0.2, "Marked a little less often."),
        (0.9, "Marked less often."),
        (MOST_UP, "Marked only where the mirror is very sure."),
        (-0.2, "Marked a little sooner."),
        (-0.4, "Marked sooner."),
        (-MOST_DOWN, "Marked as soon as it can be."),
    ],
)
def test_a_shift_in_words(shift: float, words: str) -> None:
    assert change(shift) == words


def test_forgetting_brings_marks_back(owner_client: Client, house: House) -> None:
    data = {"sentence": OWN, "label": "own", "answer": "not_so"}
    owner_client.post(reverse("mark_answer"), data)
    answer(house, house.colleague, "yes")
    asked = reverse("debrief_mirror")
    assert "m-own" not in owner_client.post(asked, {"text": OWN}).content.decode()
    said = owner_client.post(reverse("my_mirror_forget"), follow=True)
    assert "1 answer forgotten." in said.content.decode()
    assert "m-own" in owner_client.post(asked, {"text": OWN}).content.decode()
    with organisation_scope(house.organisation):
        assert MarkAnswer.objects.get().author == house.colleague


def test_yes_stays_with_its_mark(owner_client: Client, house: House) -> None:
    asked = reverse("debrief_mirror")
    before = owner_client.post(asked, {"text": OWN}).content.decode()
    assert ('value="yes"' in before, "data-said hidden" in before) == (True, True)
    data = {"sentence": OWN, "label": "own", "answer": "yes", "words": "never asked"}
    owner_client.post(reverse("mark_answer"), data)
    after = owner_client.post(asked, {"text": OWN}).content.decode()
    assert ('value="yes"' in after, "data-said>You said yes" in after) == (False, True)
    assert 'value="not_so"' in after


def test_without_script_an_answer_comes_back_to_the_page(
    owner_client: Client, house: House
) -> None:
    debrief = make_debrief(house.owner, house.organisation)
    back = f"http://testserver{reverse('debrief_detail', args=[debrief.pk])}?marks"
    data = {"sentence": debrief.own_part, "label": "own", "answer": "yes", "words": "never asked"}
    answered = owner_client.post(reverse("mark_answer"), data, headers={"referer": back})
    assert answered["Location"] == back
    text = owner_client.get(back).content.decode()
    assert ("Noted, for your mirror alone." in text, "data-said>You said yes" in text) == (
        True,
        True,
    )


def test_answers_go_along_with_ones_data_and_are_erased(client: Client, house: House) -> None:
    answer(house, house.owner, "yes")
    answer(house, house.colleague, "not_so")
    client.force_login(house.owner)
    found = json.loads(client.get("/my-data/export/json/").content)
    [row] = found["debriefs.MarkAnswer (author)"]
    assert (row["label"], row["answer"], len(row["phrase_hash"])) == ("own", "yes", 64)
    client.post("/my-data/erase/", {"proof": PASSWORD})
    with across_organisations("whole-installation"):
        assert [left.author for left in MarkAnswer.objects.all()] == [house.colleague]


@pytest.mark.parametrize("many", [1, 3])
def test_queries(
    owner_client: Client,
    house: House,
    django_assert_num_queries: DjangoAssertNumQueries,
    many: int,
) -> None:
    for number in range(many):
        answer(house, house.owner, "not_so", number)
    # session, person, membership, answers, language model, whether one refused it
    with django_assert_num_queries(6):
        owner_client.get(reverse("my_mirror"))
    with django_assert_num_queries(5):
        owner_client.post(reverse("debrief_mirror"), {"text": OWN})

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from tests.factories import make_card

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.practice.models import Card, Hold, Review

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from django.test import Client
    from tests.conftest import House

DAY = dt.timedelta(days=1)


def due_card(house: House, days: int = 1, **fields: str) -> Card:
    now = timezone.now() - (days + 1) * DAY
    return make_card(house.owner, house.organisation, now=now, **fields)


def page(client: Client, name: str = "practice", data: dict[str, Any] | None = None) -> str:
    return client.get(reverse(name), data).content.decode()


def post(client: Client, card: Card, **fields: object) -> Any:
    return client.post(reverse("practice"), {"card": card.pk, "turn": card.turns, **fields})


def reviews(house: House) -> list[tuple[int, str]]:
    with organisation_scope(house.organisation):
        return list(Review.objects.values_list("rating", "recalled"))


def test_the_situation_comes_first_and_the_lesson_is_not_there(
    owner_client: Client, house: House
) -> None:
    due_card(house, situation="A first talk with a buyer", text="Ask who signs")

    found = page(owner_client)

    assert "A first talk with a buyer" in found
    assert "Ask who signs" not in found


def test_showing_the_lesson_keeps_what_was_typed_beside_it(
    owner_client: Client, house: House
) -> None:
    card = due_card(house, text="Ask who signs")

    found = post(owner_client, card, step="show", recalled="Ask <who>").content.decode()

    assert "Ask who signs" in found
    assert '<p class="prose">Ask &lt;who&gt;</p>' in found
    assert re.findall(r'name="rating" value="(\d)" data-key="(\d)"', found) == [
        ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"),
    ]  # fmt: skip
    assert reviews(house) == []


def test_each_grade_says_when_the_lesson_returns(owner_client: Client, house: House) -> None:
    card = due_card(house)

    found = post(owner_client, card, step="show").content.decode()

    today = timezone.localdate()
    assert re.findall(r"back on (\w+ \d+ \w+)", found) == [
        date_format(today + days * DAY, "D j F") for days in (1, 1, 2, 8)
    ]


def test_grading_goes_on_to_the_next_card_and_then_it_is_done(
    owner_client: Client, house: House
) -> None:
    for name in ("first", "second", "third"):
        card = due_card(house, days={"first": 9, "second": 8, "third": 7}[name], situation=name)

    for name in ("first", "second"):
        assert f">{name}</h2>" in page(owner_client)
        with organisation_scope(house.organisation):
            card = Card.objects.get(lesson__situation=name)
        response = post(owner_client, card, step="grade", rating=3, recalled="so")
        assert (response.status_code, response["Location"]) == (302, reverse("practice"))

    assert "Done for today" in page(owner_client)
    assert ">third</h2>" in page(owner_client, data={"more": ""})
    assert reviews(house) == [(3, "so"), (3, "so")]


def test_a_double_click_counts_once(owner_client: Client, house: House) -> None:
    card = due_card(house)

    first = post(owner_client, card, step="grade", rating=4)
    second = post(owner_client, card, step="grade", rating=1)

    assert [first.status_code, second.status_code] == [302, 302]
    assert reviews(house) == [(4, "")]


@pytest.mark.parametrize("wrong", [{"rating": ""}, {"rating": "9"}, {"turn": "7"}, {"turn": "x"}])
def test_a_wrong_grade_loses_nothing(
    owner_client: Client, house: House, wrong: dict[str, str]
) -> None:
    card = due_card(house)

    response = post(
        owner_client, card, **{"step": "grade", "rating": "3", "recalled": "Mine", **wrong}
    )

    assert response.status_code == 422
    assert '<p class="prose">Mine</p>' in response.content.decode()
    assert reviews(house) == []


@pytest.mark.parametrize("key", ["", "not-a-key", "0a5b2a3e-5a5e-4b0c-9d5e-111111111111"])
def test_a_card_that_is_not_there_is_not_found(owner_client: Client, key: str) -> None:
    assert owner_client.post(reverse("practice"), {"card": key}).status_code == 404


@pytest.mark.parametrize("role", ["colleague", "manager", "administrator", "stranger"])
def test_nobody_else_turns_or_grades_my_card(client: Client, house: House, role: str) -> None:
    card = due_card(house, situation="heron", text="badger")
    client.force_login(getattr(house, role))

    for step in ("show", "grade"):
        assert post(client, card, step=step, rating=3).status_code == 404
    for name in ("practice", "practice_cards"):
        found = page(client, name)
        assert ("heron" in found, "badger" in found) == (False, False)
    assert reviews(house) == []


def test_without_lessons_it_says_how_to_get_one(owner_client: Client) -> None:
    assert "No lessons to practise yet" in page(owner_client)


def test_the_list_tells_when_each_card_returns(owner_client: Client, house: House) -> None:
    due_card(house, situation="now due")
    now = timezone.now()
    make_card(house.owner, house.organisation, now=now, situation="comes tomorrow")

    found = page(owner_client, "practice_cards")

    assert re.findall(r'<p class="meta">(.+) · (.+)</p>', found) == [
        ("Its turn has come", "now due"),
        (date_format(timezone.localdate() + DAY, "l j F Y"), "comes tomorrow"),
    ]


@pytest.mark.parametrize("cards", [1, 3])
def test_the_number_of_queries_does_not_grow(
    owner_client: Client,
    house: House,
    django_assert_num_queries: Callable[[int], Any],
    cards: int,
) -> None:
    for days in range(cards):
        due_card(house, days=days + 1)

    for name in ("practice", "practice_cards"):
        with django_assert_num_queries(6):
            page(owner_client, name)


def hold(client: Client, first: dt.date, last: dt.date) -> Any:
    return client.post(reverse("hold"), {"first": first.isoformat(), "last": last.isoformat()})


def holds(house: House) -> list[Hold]:
    with organisation_scope(house.organisation):
        return list(Hold.objects.all())


def test_a_holiday_hides_the_cards_until_it_is_ended(owner_client: Client, house: House) -> None:
    due_card(house, situation="heron")
    today = timezone.localdate()

    response = hold(owner_client, today, today + 6 * DAY)

    assert (response.status_code, response["Location"]) == (302, reverse("hold"))
    assert "You are on holiday" in page(owner_client)
    [found] = holds(house)
    owner_client.post(reverse("hold_end", args=[found.pk]))
    assert "heron" in page(owner_client)


def test_overlapping_holidays_are_refused_in_one_sentence(
    owner_client: Client, house: House
) -> None:
    today = timezone.localdate()
    hold(owner_client, today, today + 6 * DAY)

    response = hold(owner_client, today + 6 * DAY, today + 8 * DAY)

    assert response.status_code == 422
    sentence = "There is a holiday in these days already: end that one, or choose other days."
    assert f"<li>{sentence}</li>" in response.content.decode()
    assert (today + 8 * DAY).isoformat() in response.content.decode()
    assert len(holds(house)) == 1


@pytest.mark.parametrize("role", ["colleague", "manager", "administrator", "stranger"])
def test_nobody_else_ends_my_holiday(
    client: Client, owner_client: Client, house: House, role: str
) -> None:
    today = timezone.localdate()
    hold(owner_client, today, today + 6 * DAY)
    [found] = holds(house)
    client.force_login(getattr(house, role))

    assert client.post(reverse("hold_end", args=[found.pk])).status_code == 404
    assert len(holds(house)) == 1


def test_it_speaks_dutch(owner_client: Client, house: House) -> None:
    house.owner.language = "nl"
    house.owner.save()
    card = due_card(house)

    assert "Wat was je les?" in page(owner_client)
    assert "Kwam niet terug" in post(owner_client, card, step="show").content.decode()

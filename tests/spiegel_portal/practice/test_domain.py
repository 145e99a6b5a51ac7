from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.http import Http404
from django.utils import timezone
from tests.factories import make_card, make_lesson

from spiegel_portal.common.errors import Refused
from spiegel_portal.debriefs import domain as debriefs
from spiegel_portal.practice import domain, queries
from spiegel_portal.practice.models import Card, Hold, Review

if TYPE_CHECKING:
    from tests.conftest import House

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 24)
DAY = dt.timedelta(days=1)


def grade(card: Card, rating: int = 3, now: dt.datetime = NOW) -> Review:
    return domain.review_card(
        card=card, owner=card.owner, rating=rating, recalled="", turn=card.turns, now=now
    )


def resting_card(house: House, *, days: int) -> Card:
    """A card recalled today that comes back after 1, 2 or 8 days."""
    card = make_card(house.owner, house.organisation, now=NOW - DAY)
    grade(card, rating={1: 1, 2: 3, 8: 4}[days])
    return card


def hold(house: House, first: dt.date, last: dt.date) -> Hold:
    return domain.start_hold(
        organisation_id=house.organisation.pk,
        owner=house.owner,
        first=first,
        last=last,
        today=TODAY,
    )


def due(card: Card) -> dt.date:
    card.refresh_from_db()
    return card.due_on


def test_a_card_is_made_once_and_comes_back_the_next_day(scoped: House) -> None:
    lesson = make_lesson(scoped.owner, scoped.organisation)

    first = domain.make_card(lesson=lesson, now=NOW)
    second = domain.make_card(lesson=lesson, now=NOW + 5 * DAY)

    assert first.pk == second.pk
    assert due(second) == TODAY + DAY
    assert first.owner == scoped.owner


def test_drawing_a_lesson_makes_its_card(scoped: House) -> None:
    series = debriefs.start_series(organisation=scoped.organisation, author=scoped.owner)
    situation = series.situations.first()
    situation.lesson_text = "Ask who signs."
    situation.plan_if, situation.plan_then = "they name a price", "ask who signs"
    situation.save()

    lesson = debriefs.finish_situation(situation=situation, author=scoped.owner)

    assert [card.lesson for card in Card.objects.all()] == [lesson]
    assert lesson.card.due_on == timezone.localdate() + DAY


def test_retiring_a_lesson_puts_its_card_away(scoped: House) -> None:
    card = make_card(scoped.owner, scoped.organisation, now=NOW - 3 * DAY)
    assert queries.due_cards(owner=scoped.owner, now=NOW) == [card]

    debriefs.retire_lesson(lesson=card.lesson)

    assert queries.due_cards(owner=scoped.owner, now=NOW) == []
    with pytest.raises(Http404):
        queries.own_card(owner=scoped.owner, card_id=card.pk)


def test_a_review_moves_the_card_and_keeps_what_was_recalled(scoped: House) -> None:
    card = make_card(scoped.owner, scoped.organisation, now=NOW - DAY)

    review = domain.review_card(
        card=card, owner=scoped.owner, rating=3, recalled=" Ask. ", turn=0, now=NOW
    )

    assert (review.recalled, review.turn, review.rating) == ("Ask.", 0, 3)
    assert due(card) == TODAY + 2 * DAY
    assert card.turns == 1


def test_the_same_turn_twice_is_one_recall(scoped: House) -> None:
    card = make_card(scoped.owner, scoped.organisation, now=NOW - DAY)
    first = grade(card, rating=4)

    again = domain.review_card(
        card=card, owner=scoped.owner, rating=1, recalled="", turn=0, now=NOW + DAY
    )

    assert again == first
    assert Review.objects.count() == 1
    assert due(card) == TODAY + 8 * DAY


def test_each_grade_brings_back_the_card_when_its_outlook_said(scoped: House) -> None:
    for rating in Review.Rating.values:
        card = make_card(scoped.owner, scoped.organisation, now=NOW - DAY)
        said = {look.rating: look.due_on for look in queries.outlooks(card=card, now=NOW)}
        grade(card, rating=rating)
        assert due(card) == said[rating]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rating": 5}, "rating-unknown"),
        ({"turn": 1}, "turn-unknown"),
        ({"recalled": "x" * 5001}, "recalled-too-long"),
    ],
)
def test_what_cannot_be_a_review(scoped: House, change: dict[str, object], code: str) -> None:
    card = make_card(scoped.owner, scoped.organisation, now=NOW - DAY)
    values = {"rating": 3, "turn": 0, "recalled": "", **change}

    with pytest.raises(Refused) as caught:
        domain.review_card(card=card, owner=scoped.owner, now=NOW, **values)  # type: ignore[arg-type]  # wrong on purpose

    assert caught.value.code == code
    assert Review.objects.count() == 0


def test_a_colleague_cannot_grade_my_card(scoped: House) -> None:
    card = make_card(scoped.owner, scoped.organisation, now=NOW - DAY)

    with pytest.raises(Card.DoesNotExist):
        domain.review_card(
            card=card, owner=scoped.colleague, rating=3, recalled="", turn=0, now=NOW
        )


def test_two_cards_a_day_and_more_only_when_asked(scoped: House) -> None:
    cards = [
        make_card(scoped.owner, scoped.organisation, now=NOW - days * DAY) for days in (9, 7, 5)
    ]
    assert queries.due_cards(owner=scoped.owner, now=NOW) == cards[:2]

    grade(cards[0])
    assert queries.due_cards(owner=scoped.owner, now=NOW) == [cards[1]]
    grade(cards[1])
    assert queries.due_cards(owner=scoped.owner, now=NOW) == []

    assert queries.one_more(owner=scoped.owner, now=NOW) == cards[2]
    grade(cards[2])
    assert queries.one_more(owner=scoped.owner, now=NOW) is None


@pytest.mark.parametrize(
    ("zone", "left"),
    [("Europe/Amsterdam", 1), ("UTC", 1), ("Pacific/Auckland", 2), ("America/Los_Angeles", 1)],
)
def test_the_day_of_the_limit_is_the_day_where_one_lives(
    scoped: House, zone: str, left: int
) -> None:
    for days in (9, 7, 5):
        card = make_card(scoped.owner, scoped.organisation, now=NOW - days * DAY)
    # 10:30 in the morning of the 24th in UTC is 23:30 in Auckland; at 11:30 it is the 25th there.
    grade(card, now=dt.datetime(2026, 11, 24, 10, 30, tzinfo=dt.UTC))

    with timezone.override(ZoneInfo(zone)):
        found = queries.due_cards(
            owner=scoped.owner, now=dt.datetime(2026, 11, 24, 11, 30, tzinfo=dt.UTC)
        )

    assert len(found) == left


def test_a_holiday_moves_what_is_due_on_or_after_its_first_day(scoped: House) -> None:
    before, on, after = (resting_card(scoped, days=days) for days in (1, 2, 8))

    hold(scoped, TODAY + 2 * DAY, TODAY + 6 * DAY)

    assert due(before) == TODAY + DAY
    assert due(on) == TODAY + 7 * DAY
    assert due(after) == TODAY + 13 * DAY


def test_no_card_is_shown_during_a_holiday(scoped: House) -> None:
    card = make_card(scoped.owner, scoped.organisation, now=NOW - 3 * DAY)
    hold(scoped, TODAY, TODAY + 4 * DAY)

    assert queries.due_cards(owner=scoped.owner, now=NOW) == []
    assert queries.one_more(owner=scoped.owner, now=NOW) is None
    assert queries.due_cards(owner=scoped.owner, now=NOW + 5 * DAY) == [card]


def test_ending_early_takes_the_rest_back(scoped: House) -> None:
    card = resting_card(scoped, days=8)
    holiday = hold(scoped, TODAY, TODAY + 9 * DAY)
    assert due(card) == TODAY + 18 * DAY

    for _click in range(2):
        domain.end_hold(hold=holiday, owner=scoped.owner, today=TODAY + 3 * DAY)

    assert due(card) == TODAY + 11 * DAY
    assert queries.current_hold(owner=scoped.owner, today=TODAY + 3 * DAY) is None


def test_calling_off_a_holiday_takes_all_of_it_back(scoped: House) -> None:
    card = resting_card(scoped, days=8)
    holiday = hold(scoped, TODAY + 2 * DAY, TODAY + 9 * DAY)

    domain.end_hold(hold=holiday, owner=scoped.owner, today=TODAY)

    assert due(card) == TODAY + 8 * DAY
    assert Hold.objects.count() == 0


def test_a_holiday_that_is_over_stays_as_it_was(scoped: House) -> None:
    card = resting_card(scoped, days=8)
    holiday = hold(scoped, TODAY, TODAY + 2 * DAY)

    domain.end_hold(hold=holiday, owner=scoped.owner, today=TODAY + 3 * DAY)

    assert due(card) == TODAY + 11 * DAY


def test_a_recall_before_a_holiday_counts_it_in(scoped: House) -> None:
    card = make_card(scoped.owner, scoped.organisation, now=NOW - DAY)
    hold(scoped, TODAY + DAY, TODAY + 7 * DAY)

    grade(card)

    assert due(card) == TODAY + 9 * DAY


def test_holidays_of_others_move_nothing_of_mine(scoped: House) -> None:
    card = make_card(scoped.colleague, scoped.organisation, now=NOW)

    hold(scoped, TODAY, TODAY + 7 * DAY)

    assert due(card) == TODAY + DAY


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (TODAY + 5 * DAY, TODAY + 4 * DAY, "hold-backwards"),
        (TODAY - DAY, TODAY + 4 * DAY, "hold-past"),
        (TODAY, TODAY + 366 * DAY, "hold-too-long"),
        (TODAY + 14 * DAY, TODAY + 20 * DAY, "hold-overlaps"),
        (TODAY + 2 * DAY, TODAY + 10 * DAY, "hold-overlaps"),
    ],
)
def test_holidays_that_cannot_be(scoped: House, first: dt.date, last: dt.date, code: str) -> None:
    hold(scoped, TODAY + 10 * DAY, TODAY + 14 * DAY)

    with pytest.raises(Refused) as caught:
        hold(scoped, first, last)

    assert caught.value.code == code
    assert Hold.objects.count() == 1

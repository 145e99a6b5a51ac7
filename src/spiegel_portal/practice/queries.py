"""What a person may see of their own cards. Nobody else sees any of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists
from django.http import Http404
from django.utils import timezone

from spiegel import practice as engine

from .models import Card, Hold, Review

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from spiegel_portal.people.models import User

#: The most cards a day that are put in front of somebody.
CARDS_A_DAY = 2


@dataclass(frozen=True)
class Desk:
    """What there is to practise today.

    Attributes:
        cards: Due now, at most what is left of the day's two.
        done: How many were practised today.
        hold: The holiday under way, when there is one; then nothing is due.
    """

    cards: list[Card]
    done: int
    hold: Hold | None


@dataclass(frozen=True)
class Outlook:
    """A grade and the day the card would come back with it."""

    rating: int
    words: str
    due_on: dt.date


def desk(*, owner: User, now: dt.datetime) -> Desk:
    """Lay out what is due now: nothing during a holiday, at most two a day otherwise.

    The day is the one of the current time zone, in which the person reading lives.
    """
    today = timezone.localdate(now)
    hold = current_hold(owner=owner, today=today)
    done = reviews_on(owner=owner, day=today)
    left = 0 if hold else max(0, CARDS_A_DAY - done)
    cards = list(_active(owner).filter(due_on__lte=today)[:left]) if left else []
    return Desk(cards=cards, done=done, hold=hold)


def due_cards(*, owner: User, now: dt.datetime) -> list[Card]:
    """Give the cards to practise now: at most two a day, none during a holiday."""
    today = timezone.localdate(now)
    holds = Hold.objects.filter(owner=owner, starts_on__lte=today, ends_on__gte=today)
    due = list(_active(owner).filter(~Exists(holds), due_on__lte=today)[:CARDS_A_DAY])
    left = CARDS_A_DAY - reviews_on(owner=owner, day=today) if due else 0
    return due[: max(0, left)]


def one_more(*, owner: User, now: dt.datetime) -> Card | None:
    """Give the next card for somebody who asks for more; never one they practised today."""
    today = timezone.localdate(now)
    if current_hold(owner=owner, today=today):
        return None
    start, end = _bounds(today)
    card: Card | None = _active(owner).exclude(reviews__at__gte=start, reviews__at__lt=end).first()
    return card


def own_cards(*, owner: User) -> QuerySet[Card]:
    """Give all of somebody's cards in use, the next first."""
    return _active(owner)


def own_card(*, owner: User, card_id: UUID) -> Card:
    """Give one card in use of somebody's own.

    Raises:
        Http404: when it is not there or not theirs.
    """
    card: Card | None = _active(owner).filter(pk=card_id).first()
    if card is None:
        raise Http404
    return card


def next_day(*, owner: User, after: dt.date) -> dt.date | None:
    """Give the first day after this one on which a card comes back, or None."""
    found: dt.date | None = (
        _active(owner).filter(due_on__gt=after).values_list("due_on", flat=True).first()
    )
    return found


def reviews_on(*, owner: User, day: dt.date) -> int:
    """Count what somebody practised on a day of the current time zone."""
    start, end = _bounds(day)
    return Review.objects.filter(card__owner=owner, at__gte=start, at__lt=end).count()


def outlooks(*, card: Card, now: dt.datetime) -> list[Outlook]:
    """Tell for each grade when the card would come back."""
    zone = timezone.get_current_timezone()
    holds = list(Hold.objects.filter(owner_id=card.owner_id).values_list("starts_on", "ends_on"))
    memories = engine.outlook(card.memory, now)
    return [
        Outlook(rating.value, str(rating.label), engine.due_day(memories[rating], zone, holds))
        for rating in Review.Rating
    ]


def current_hold(*, owner: User, today: dt.date) -> Hold | None:
    """Give the holiday that is under way on this day, or None."""
    hold: Hold | None = Hold.objects.filter(
        owner=owner, starts_on__lte=today, ends_on__gte=today
    ).first()
    return hold


def coming_holds(*, owner: User, today: dt.date) -> list[Hold]:
    """Give the holidays that are not over, the first one first."""
    return list(Hold.objects.filter(owner=owner, ends_on__gte=today).order_by("starts_on"))


def own_hold(*, owner: User, hold_id: UUID) -> Hold:
    """Give one holiday of somebody's own.

    Raises:
        Http404: when it is not there or not theirs.
    """
    hold: Hold | None = Hold.objects.filter(owner=owner, pk=hold_id).first()
    if hold is None:
        raise Http404
    return hold


def _active(owner: User) -> QuerySet[Card]:
    cards: QuerySet[Card] = Card.objects.filter(owner=owner, suspended_at=None).select_related(
        "lesson__debrief"
    )
    return cards


def _bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    start = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    end = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
    return start, end

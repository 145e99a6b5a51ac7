"""Everything that changes cards, reviews and holidays. The moment is always an argument."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spiegel import practice as engine
from spiegel_portal.common.errors import Refused
from spiegel_portal.people.models import User

from .models import Card, Hold, Review

if TYPE_CHECKING:
    from spiegel_portal.debriefs.models import Lesson

#: The most characters of a recall that are kept.
MAX_RECALLED = 5_000
#: The longest holiday, in days.
LONGEST_HOLD_DAYS = 366


def make_card(*, lesson: Lesson, now: dt.datetime) -> Card:
    """Make the card of a lesson, due the next day. Doing it again changes nothing."""
    memory = engine.new_memory(now)
    with transaction.atomic():
        card, _created = Card.objects.get_or_create(
            lesson=lesson,
            defaults={
                "organisation_id": lesson.organisation_id,
                "owner_id": lesson.author_id,
                "memory": memory,
                "due_on": _due_day(memory, lesson.author_id),
            },
        )
    made: Card = card
    return made


def suspend_card(*, lesson: Lesson, now: dt.datetime) -> None:
    """Put the card of a retired lesson away; its reviews stay."""
    Card.objects.filter(lesson=lesson, suspended_at=None).update(suspended_at=now)


def review_card(
    *, card: Card, owner: User, rating: int, recalled: str, turn: int, now: dt.datetime
) -> Review:
    """Note one recall and when the card comes back. The same turn twice is one recall.

    Args:
        card: A card of the owner's.
        owner: Who recalled.
        rating: One of :class:`Review.Rating`.
        recalled: What they typed before they saw the lesson; may be empty.
        turn: The card's ``turns`` as the page showed it, so that a second click on the same page
            gives the first click's review instead of another one.
        now: The moment of the recall.

    Returns:
        The review of that turn.

    Raises:
        Refused: for an unknown rating, a turn that has not come, or too long a text.
    """
    if rating not in Review.Rating.values:
        raise Refused("rating-unknown", _("Choose how well it came back, from the four answers."))
    if len(recalled) > MAX_RECALLED:
        raise Refused("recalled-too-long", _("That is a lot for one lesson: shorten it a little."))
    with transaction.atomic():
        row: Card = Card.objects.select_for_update().get(pk=card.pk, owner=owner)
        if not 0 <= turn <= row.turns:
            raise Refused("turn-unknown", _("This card has changed meanwhile: open it again."))
        if turn < row.turns:
            return _review_of(row, turn)
        row.memory = engine.review(row.memory, rating, now)
        row.due_on = _due_day(row.memory, owner.pk)
        row.turns += 1
        row.save(update_fields=["memory", "due_on", "turns"])
        review: Review = Review.objects.create(
            organisation_id=row.organisation_id,
            card=row,
            turn=turn,
            rating=rating,
            recalled=recalled.strip(),
            at=now,
        )
    return review


def start_hold(
    *, organisation_id: Any, owner: User, first: dt.date, last: dt.date, today: dt.date
) -> Hold:
    """Take a holiday: every due day on or after its first day moves by its length.

    Args:
        organisation_id: Where the owner works.
        owner: Whose cards wait.
        first: The first day, today at the earliest.
        last: The last day.
        today: The day it is where the owner lives.

    Raises:
        Refused: for a holiday that ends before it starts, starts in the past, is longer than a
            year, or overlaps another one.
    """
    _check_days(first, last, today)
    with transaction.atomic():
        _lock(owner)
        overlapping = Hold.objects.filter(owner=owner, starts_on__lte=last, ends_on__gte=first)
        if overlapping.exists():
            raise Refused(
                "hold-overlaps",
                _("There is a holiday in these days already: end that one, or choose other days."),
            )
        hold: Hold = Hold.objects.create(
            organisation_id=organisation_id, owner=owner, starts_on=first, ends_on=last
        )
        _place_anew(owner)
    return hold


def end_hold(*, hold: Hold, owner: User, today: dt.date) -> None:
    """End a holiday today, or call off one that has not begun; the rest of it is taken back.

    One that is over stays as it was; ending it twice is ending it once.
    """
    with transaction.atomic():
        _lock(owner)
        row: Hold | None = Hold.objects.filter(pk=hold.pk, owner=owner, ends_on__gte=today).first()
        if row is None:
            return
        if row.starts_on >= today:
            row.delete()
        else:
            row.ends_on = today - dt.timedelta(days=1)
            row.save(update_fields=["ends_on"])
        _place_anew(owner)


def _check_days(first: dt.date, last: dt.date, today: dt.date) -> None:
    if last < first:
        raise Refused("hold-backwards", _("The last day is before the first: turn them round."))
    if first < today:
        raise Refused("hold-past", _("A holiday can start today at the earliest."))
    if (last - first).days >= LONGEST_HOLD_DAYS:
        raise Refused("hold-too-long", _("A holiday can be a year at most: choose an earlier end."))


def _lock(owner: User) -> None:
    """Let one request at a time change the holidays of this person."""
    User.objects.select_for_update().get(pk=owner.pk)


def _review_of(card: Card, turn: int) -> Review:
    review: Review = Review.objects.get(card=card, turn=turn)
    return review


def _due_day(memory: engine.Memory, owner_id: Any) -> dt.date:
    holds = Hold.objects.filter(owner_id=owner_id).values_list("starts_on", "ends_on")
    return engine.due_day(memory, timezone.get_current_timezone(), holds)


def _place_anew(owner: User) -> None:
    """Work out every due day of this person again, from the memories and the holidays."""
    holds = list(Hold.objects.filter(owner=owner).values_list("starts_on", "ends_on"))
    zone = timezone.get_current_timezone()
    moved = []
    for card in Card.objects.select_for_update().filter(owner=owner):
        due_on = engine.due_day(card.memory, zone, holds)
        if due_on != card.due_on:
            card.due_on = due_on
            moved.append(card)
    Card.objects.bulk_update(moved, ["due_on"], batch_size=200)

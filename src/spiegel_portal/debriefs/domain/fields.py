"""Which fields of a debrief or situation may be written, and what may stand in them.

Everything arrives as text (from a form or from autosave); choices, dates and deals are read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from spiegel_portal.common.errors import Refused
from spiegel_portal.deals.models import Deal
from spiegel_portal.debriefs.models import MAX_TEXT, Debrief, Direction, Party, Situation

if TYPE_CHECKING:
    import datetime as dt

    from spiegel_portal.people.models import User

#: The things an author writes in, piece by piece.
Writing: TypeAlias = Debrief | Situation

_GAINS = ("gain_money", "gain_time", "gain_relationship")
_ENDING = ("lesson_situation", "lesson_text", "plan_if", "plan_then")
_DEBRIEF_TEXTS = (
    *("agreed", "happened", "differed", "own_part", *_GAINS, *_ENDING),
    *("stated_reason", "own_reason", "buyer_reason"),
)
_SITUATION_TEXTS = ("happened", "blame", "own_part", *_GAINS, *_ENDING)
_CHOICES = ("lesson_direction", "plan_deal", "plan_on")
_DEBRIEF_CHOICES = ("outcome", *_CHOICES)
_SITUATION_CHOICES = (*_CHOICES, "held_responsible", "deal")

#: What may be chosen, per field.
_OFFERED: dict[str, list[str]] = {
    "outcome": Debrief.Outcome.values,
    "lesson_direction": Direction.values,
    "held_responsible": [*Party.values, ""],
}


def text_fields(item: Writing) -> tuple[str, ...]:
    """Name the prose fields of a debrief or situation, in the order of its page."""
    return _DEBRIEF_TEXTS if isinstance(item, Debrief) else _SITUATION_TEXTS


def choice_fields(item: Writing) -> tuple[str, ...]:
    """Name the fields that hold a choice, a date or a deal."""
    return _DEBRIEF_CHOICES if isinstance(item, Debrief) else _SITUATION_CHOICES


def stored_text(item: Writing, field: str) -> str:
    """Give a field's value as the text a form shows: a deal by its id, a date as ``2026-11-24``."""
    value = getattr(item, f"{field}_id" if field in {"plan_deal", "deal"} else field)
    return "" if value is None else str(value)


def tidy(text: str) -> str:
    """Give text in the form it is kept in: one kind of line end, nothing a database refuses."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return lines.encode("utf-8", "ignore").decode("utf-8")


def accepted(*, item: Writing, field: str, text: str, author: User) -> Any:
    """Read what was typed or chosen for one field.

    Returns:
        The value to store: text, a date, a deal's id or None.

    Raises:
        Refused: when it is too long, no choice, no date, or not a deal of the author's.
    """
    if field in text_fields(item):
        return _prose(text)
    if field == "plan_on":
        return _day(text)
    if field in {"plan_deal", "deal"}:
        return _own_deal(item, field, text, author)
    if text not in _OFFERED[field]:
        raise Refused("choice-unknown", _("Choose one of the answers that are offered."))
    return text


def _prose(text: str) -> str:
    if len(text) > MAX_TEXT:
        message = _(
            "This text has %(length)d characters and there is room for %(most)d. It has not been "
            "saved yet: shorten it, or move part of it to another field."
        ) % {"length": len(text), "most": MAX_TEXT}
        raise Refused("text-too-long", message)
    return text


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Refused("day-unknown", _("This is not a day: write it like 2026-12-31."))
    return day


def _own_deal(item: Writing, field: str, text: str, author: User) -> UUID | None:
    if not text:
        return None
    try:
        deal_id = UUID(text)
    except ValueError:
        deal_id = None
    kept = getattr(item, f"{field}_id")
    if deal_id is None or (
        deal_id != kept and not Deal.objects.filter(owner=author, pk=deal_id).exists()
    ):
        raise Refused("deal-unknown", _("That deal is not among yours: choose one from the list."))
    return deal_id

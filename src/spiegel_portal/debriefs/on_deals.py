"""What a person wrote about one deal, for the deal's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .models import Debrief, Lesson, Plan

if TYPE_CHECKING:
    from spiegel_portal.deals.models import Deal
    from spiegel_portal.people.models import User


@dataclass(frozen=True, slots=True)
class OnDeal:
    """An author's own things on a deal; nobody else's."""

    debrief: Debrief | None
    lesson: Lesson | None
    plans: list[Plan]


def on_deal(*, author: User, deal: Deal) -> OnDeal:
    """Give what this author wrote about a deal: debrief, lesson and open plans."""
    debrief = Debrief.objects.filter(author=author, deal=deal).first()
    lesson = Lesson.objects.filter(author=author, debrief=debrief).first() if debrief else None
    plans = Plan.objects.filter(author=author, deal=deal, state=Plan.State.OPEN)
    return OnDeal(debrief=debrief, lesson=lesson, plans=list(plans))


def is_looked_back_on(*, deal: Deal) -> bool:
    """Tell whether anybody wrote a debrief about this deal, without telling who."""
    return bool(Debrief.objects.filter(deal=deal).exists())

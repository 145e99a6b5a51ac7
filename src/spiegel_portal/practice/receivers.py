"""What practice does when a lesson is drawn or retired, inside the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from . import domain

if TYPE_CHECKING:
    from spiegel_portal.debriefs.models import Lesson


def on_lesson_drawn(*, lesson: Lesson, **_kwargs: Any) -> None:
    """Make the card of a new lesson."""
    domain.make_card(lesson=lesson, now=timezone.now())


def on_lesson_retired(*, lesson: Lesson, **_kwargs: Any) -> None:
    """Put the card of a retired lesson away."""
    domain.suspend_card(lesson=lesson, now=timezone.now())

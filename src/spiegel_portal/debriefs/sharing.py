"""A debrief or lesson as it is read, by its author or by the one person it was shared with.

Only what was written goes along. Marks are never part of it: a page that may show them makes them
anew from the texts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spiegel_portal.people.models import Share
from spiegel_portal.people.sharing import Shareable, register

from .models import Debrief, Lesson, Plan

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from uuid import UUID

    from django.utils.functional import Promise


@dataclass(frozen=True)
class Passage:
    """One question and what was written under it.

    Attributes:
        title: The question.
        text: What was written.
        mirrored: Whether the mirror may look at it.
        marks: What a page that shows marks puts here, for ``web/mirror/_marks.html``.
    """

    title: str | Promise
    text: str
    mirrored: bool = True
    marks: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What a reader sees of a debrief or a lesson.

    Attributes:
        kind: ``debrief`` or ``lesson``.
        title: The deal's name, or the lesson.
        author_id: Whose it is.
        written_on: The day it was finished or drawn.
        outcome: How the deal ended, in words; empty for a lesson.
        passages: The questions that were answered, in order.
        gains: What owning it would have brought, by money, time and relationship.
        reasons: Reasons side by side: whose reason it is, and the reason.
        lesson: The lesson, when there is one.
        plans: Its plans.
    """

    kind: Literal["debrief", "lesson"]
    title: str
    author_id: UUID
    written_on: dt.datetime | None
    outcome: str = ""
    passages: list[Passage] = field(default_factory=list)
    gains: list[Passage] = field(default_factory=list)
    reasons: list[Passage] = field(default_factory=list)
    lesson: Lesson | None = None
    plans: list[Plan] = field(default_factory=list)


def register_shareables() -> None:
    """Say what can be shared: finished debriefs, and lessons; called once, when all is ready."""
    finished = Q(finished_at__isnull=False)
    register(Shareable(Share.Kind.DEBRIEF, Debrief, title=str, ready=finished))
    register(Shareable(Share.Kind.LESSON, Lesson, title=str, ready=Q()))


def load_shared(*, kind: str, item_id: UUID) -> Reading | None:
    """Load a shared item inside the open scope; whether the reader may is the caller's to check.

    Returns:
        What to show, or None when it is gone or was never finished.
    """
    if kind == "debrief":
        debrief = (
            Debrief.objects.filter(pk=item_id, finished_at__isnull=False)
            .select_related("deal", "lesson")
            .first()
        )
        return read_debrief(debrief=debrief) if debrief else None
    lesson = Lesson.objects.filter(pk=item_id).first() if kind == "lesson" else None
    return read_lesson(lesson=lesson) if lesson else None


def read_debrief(*, debrief: Debrief) -> Reading:
    """Lay a debrief out for reading; questions without an answer are left out."""
    lesson: Lesson | None = getattr(debrief, "lesson", None)
    crm_reason = debrief.deal.crm_reason if debrief.deal else ""
    return Reading(
        kind="debrief",
        title=debrief.deal_name,
        author_id=debrief.author_id,
        written_on=debrief.finished_at,
        outcome=debrief.get_outcome_display(),
        passages=_written(
            (_("What we agreed would happen"), debrief.agreed, True),
            (_("What the prospect said and did"), debrief.happened, True),
            (_("The first sign"), debrief.differed, True),
            (_("My own part"), debrief.own_part, True),
        ),
        gains=_written(
            (_("Money"), debrief.gain_money, False),
            (_("Time"), debrief.gain_time, False),
            (_("The relationship"), debrief.gain_relationship, False),
        ),
        reasons=_written(
            (_("What the customer gave as the reason"), debrief.stated_reason, False),
            (_("The reason in the CRM"), crm_reason, False),
            (_("My own conclusion"), debrief.own_reason, True),
            (_("What the buyer confirmed later"), debrief.buyer_reason, False),
        ),
        lesson=lesson,
        plans=_plans_of(lesson),
    )


def read_lesson(*, lesson: Lesson) -> Reading:
    """Lay a lesson out for reading, with its plans and without what it was drawn from."""
    return Reading(
        kind="lesson",
        title=lesson.text,
        author_id=lesson.author_id,
        written_on=lesson.created_at,
        lesson=lesson,
        plans=_plans_of(lesson),
    )


def _plans_of(lesson: Lesson | None) -> list[Plan]:
    if lesson is None:
        return []
    return list(lesson.plans.select_related("deal").order_by("created_at"))


def _written(*passages: tuple[str | Promise, str, bool]) -> list[Passage]:
    return [Passage(*passage) for passage in passages if passage[1].strip()]

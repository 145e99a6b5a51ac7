"""The lesson and the plan of a debrief or situation, kept in step with what is written in it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from spiegel_portal.debriefs.models import Debrief, Lesson, Plan
from spiegel_portal.debriefs.signals import lesson_drawn

if TYPE_CHECKING:
    from spiegel_portal.people.models import User

    from .fields import Writing

#: Days until Spiegel asks how a plan went, when no day was chosen.
ASK_AFTER_DAYS = 14


def lesson_of(*, item: Writing, author: User) -> Lesson:
    """Make the lesson of a debrief or situation, or reword the one there is.

    A new one is told of with ``lesson_drawn``.
    """
    values = _worded(item)
    lesson, created = Lesson.objects.update_or_create(
        author=author,
        **_source(item),
        defaults=values,
        create_defaults={"organisation_id": item.organisation_id, **values},
    )
    if created:
        lesson_drawn.send(sender=Lesson, lesson=lesson)
    drawn: Lesson = lesson
    return drawn


def plan_of(*, item: Writing, lesson: Lesson) -> Plan:
    """Update the lesson's open plan, or make one unless this very plan was answered already."""
    texts = {"if_text": item.plan_if.strip(), "then_text": item.plan_then.strip()}
    same: Plan | None = lesson.plans.filter(**texts, deal=item.plan_deal).first()
    if same is not None and same.state != Plan.State.OPEN:
        return same
    plan = lesson.plans.filter(state=Plan.State.OPEN).first() or Plan(
        organisation_id=item.organisation_id,
        author_id=lesson.author_id,
        lesson=lesson,
        ask_on=timezone.localdate() + dt.timedelta(days=ASK_AFTER_DAYS),
    )
    _reword(plan, item)
    return plan


def follow(*, item: Writing) -> None:
    """After an edit of something finished: reword its lesson and its open plan.

    What would leave them empty waits until it is finished anew; no plan is made here.
    """
    if item.finished_at is None or not item.lesson_text.strip():
        return
    lesson: Lesson | None = Lesson.objects.filter(**_source(item)).first()
    if lesson is None:
        return
    Lesson.objects.filter(pk=lesson.pk).update(**_worded(item))
    plan = lesson.plans.filter(state=Plan.State.OPEN).first()
    if plan is not None and item.plan_if.strip() and item.plan_then.strip():
        _reword(plan, item)


def _source(item: Writing) -> dict[str, Any]:
    return {"debrief": item} if isinstance(item, Debrief) else {"from_situation": item}


def _worded(item: Writing) -> dict[str, str]:
    return {
        "situation": item.lesson_situation.strip(),
        "text": item.lesson_text.strip(),
        "direction": item.lesson_direction,
    }


def _reword(plan: Plan, item: Writing) -> None:
    plan.if_text, plan.then_text = item.plan_if.strip(), item.plan_then.strip()
    plan.deal_id = item.plan_deal_id
    plan.ask_on = item.plan_on or plan.ask_on
    plan.save()

"""From what was written to a lesson and an if-then plan."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spiegel_portal.common.errors import Refused
from spiegel_portal.debriefs.models import Debrief, Lesson, Plan, Situation, SituationSeries
from spiegel_portal.debriefs.signals import lesson_drawn, lesson_retired

from .writing import locked

if TYPE_CHECKING:
    from spiegel_portal.people.models import Organisation, User

    from .fields import Writing

#: Days until Spiegel asks how a plan went, when no day was chosen.
ASK_AFTER_DAYS = 14


def finish_debrief(*, debrief: Debrief, author: User) -> Lesson:
    """Draw the lesson, and the plan where one was written, from a debrief.

    All in one transaction, together with what the receivers of ``lesson_drawn`` write. Doing it
    twice, or again after reopening, updates the same lesson and its open plan.

    Returns:
        The lesson.

    Raises:
        Refused: without a lesson sentence, or with half a plan.
    """
    return _finish(item=debrief, author=author)


def finish_situation(*, situation: Situation, author: User) -> Lesson:
    """Draw the lesson and plan from one of the three situations; as :func:`finish_debrief`.

    The series ends with its last situation.

    Raises:
        Refused: without a lesson sentence, or with half a plan.
    """
    with transaction.atomic():
        lesson = _finish(item=situation, author=author)
        unfinished = Situation.objects.filter(series_id=situation.series_id, finished_at=None)
        if not unfinished.exists():
            SituationSeries.objects.filter(pk=situation.series_id, finished_at=None).update(
                finished_at=timezone.now()
            )
    return lesson


def reopen(*, item: Writing, author: User) -> None:
    """Go on writing in a finished debrief or situation; its lesson stays until finished anew."""
    with transaction.atomic():
        row = locked(item=item, author=author)
        row.finished_at = None
        row.save(update_fields=["finished_at"])


def start_series(*, organisation: Organisation, author: User) -> SituationSeries:
    """Give the author's three situations that are under way, made now if there are none."""
    with transaction.atomic():
        series, _created = SituationSeries.objects.get_or_create(
            organisation=organisation, author=author, finished_at=None
        )
        for position in (1, 2, 3):
            Situation.objects.get_or_create(
                series=series,
                position=position,
                defaults={"organisation": organisation, "author": author},
            )
    started: SituationSeries = series
    return started


def edit_lesson(*, lesson: Lesson, situation: str, text: str, direction: str) -> Lesson:
    """Reword a lesson; the debrief or situation it came from is reworded with it.

    Raises:
        Refused: when the sentence is empty.
    """
    _needs_lesson(text)
    values = {"situation": situation.strip(), "text": text.strip(), "direction": direction}
    with transaction.atomic():
        for name, value in values.items():
            setattr(lesson, name, value)
        lesson.save(update_fields=list(values))
        source = lesson.debrief or lesson.from_situation
        if source is not None:
            type(source).objects.filter(pk=source.pk).update(
                **{f"lesson_{name}": value for name, value in values.items()}
            )
    return lesson


def retire_lesson(*, lesson: Lesson) -> None:
    """Put a lesson aside: it is no longer practised and its open plans are dropped."""
    with transaction.atomic():
        lesson.retired_at = lesson.retired_at or timezone.now()
        lesson.save(update_fields=["retired_at"])
        lesson.plans.filter(state=Plan.State.OPEN).update(state=Plan.State.DROPPED)
        lesson_retired.send(sender=Lesson, lesson=lesson)


def _finish(*, item: Writing, author: User) -> Lesson:
    with transaction.atomic():
        row = locked(item=item, author=author)
        _needs_lesson(row.lesson_text)
        if bool(row.plan_if.strip()) != bool(row.plan_then.strip()):
            raise Refused(
                "plan-half",
                _("The plan is half written: fill in both “If” and “then I”, or clear them both."),
            )
        lesson = _lesson_of(row, author)
        if row.plan_if.strip():
            _plan_of(row, lesson)
        row.finished_at = row.finished_at or timezone.now()
        row.save(update_fields=["finished_at"])
    return lesson


def _needs_lesson(text: str) -> None:
    if not text.strip():
        raise Refused(
            "lesson-missing",
            _("The lesson is still empty: write one sentence on what you will do, or stop doing."),
        )


def _lesson_of(item: Writing, author: User) -> Lesson:
    source = {"debrief": item} if isinstance(item, Debrief) else {"from_situation": item}
    lesson, created = Lesson.objects.update_or_create(
        author=author,
        **source,
        defaults={
            "situation": item.lesson_situation.strip(),
            "text": item.lesson_text.strip(),
            "direction": item.lesson_direction,
        },
        create_defaults={
            "organisation_id": item.organisation_id,
            "situation": item.lesson_situation.strip(),
            "text": item.lesson_text.strip(),
            "direction": item.lesson_direction,
        },
    )
    if created:
        lesson_drawn.send(sender=Lesson, lesson=lesson)
    drawn: Lesson = lesson
    return drawn


def _plan_of(item: Writing, lesson: Lesson) -> Plan:
    """Update the lesson's open plan, or make one unless this very plan was answered already."""
    texts = {"if_text": item.plan_if.strip(), "then_text": item.plan_then.strip()}
    same: Plan | None = lesson.plans.filter(**texts, deal=item.plan_deal).first()
    if same is not None and same.state != Plan.State.OPEN:
        return same
    plan = lesson.plans.filter(state=Plan.State.OPEN).first() or Plan(
        organisation_id=item.organisation_id, author_id=lesson.author_id, lesson=lesson
    )
    plan.if_text, plan.then_text = texts["if_text"], texts["then_text"]
    plan.deal_id = item.plan_deal_id
    if item.plan_on is not None:
        plan.ask_on = item.plan_on
    elif plan._state.adding:  # noqa: SLF001  (Django's documented way to tell a new row)
        plan.ask_on = timezone.localdate() + dt.timedelta(days=ASK_AFTER_DAYS)
    plan.save()
    return plan

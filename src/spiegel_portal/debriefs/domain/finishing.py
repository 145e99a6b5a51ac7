"""From what was written to a lesson and an if-then plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spiegel_portal.common.errors import Refused
from spiegel_portal.debriefs.models import Debrief, Lesson, Plan, Situation, SituationSeries
from spiegel_portal.debriefs.signals import lesson_retired

from .fields import accepted, tidy
from .lessons import lesson_of, plan_of
from .writing import locked, save_texts

if TYPE_CHECKING:
    from spiegel_portal.people.models import Organisation, User

    from .fields import Writing


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

    The assignment ends in three lessons and three plans, so here the plan is asked for too. The
    series ends with its last situation.

    Raises:
        Refused: without a lesson sentence, or without a whole plan.
    """
    with transaction.atomic():
        lesson = _finish(item=situation, author=author)
        if not lesson.plans.exists():
            raise Refused(
                "plan-missing",
                _("The plan is still empty: write which sign you watch for and what you do then."),
            )
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


def edit_lesson(
    *, lesson: Lesson, author: User, situation: str, text: str, direction: str
) -> Lesson:
    """Reword a lesson; the debrief or situation it came from is reworded with it.

    Raises:
        Refused: when the sentence is empty, something is too long, or the direction is none.
    """
    _needs_lesson(text)
    texts = {"situation": situation, "text": text, "direction": direction}
    with transaction.atomic():
        source = lesson.debrief or lesson.from_situation
        if source is not None:
            worded = {f"lesson_{name}": value for name, value in texts.items()}
            save_texts(
                item=source, author=author, client="", base_version=source.version, texts=worded
            )
        for name, value in texts.items():
            accepted(item=source or Debrief(), field=f"lesson_{name}", text=value, author=author)
            setattr(lesson, name, tidy(value).strip())
        lesson.save(update_fields=list(texts))
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
        lesson = lesson_of(item=row, author=author)
        if row.plan_if.strip():
            plan_of(item=row, lesson=lesson)
        row.finished_at = row.finished_at or timezone.now()
        row.save(update_fields=["finished_at"])
    return lesson


def _needs_lesson(text: str) -> None:
    if not text.strip():
        raise Refused(
            "lesson-missing",
            _("The lesson is still empty: write one sentence on what you will do, or stop doing."),
        )

"""What came of an if-then plan."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spiegel_portal.common.errors import Refused
from spiegel_portal.debriefs.models import Plan, PlanAnswer

if TYPE_CHECKING:
    from spiegel_portal.people.models import User

#: Days until a plan is asked about again, by the answer given, when no day was chosen.
ASK_AGAIN_DAYS = {PlanAnswer.Answer.DID_NOT: 14, PlanAnswer.Answer.NOT_YET: 7}


def answer_plan(
    *,
    plan: Plan,
    author: User,
    answer: str,
    note: str = "",
    again_on: dt.date | None = None,
) -> PlanAnswer:
    """Note whether a plan was carried out. Done ends it; any other answer asks again later.

    The same answer twice on one day is one answer, with the last note.

    Args:
        plan: A plan of the author's.
        author: Who answers.
        answer: One of :class:`PlanAnswer.Answer`.
        note: One line on how it went, at most 300 characters.
        again_on: The day to ask again; proposed from the answer when absent or past.

    Raises:
        Refused: for an unknown answer or a note that is too long.
    """
    if answer not in PlanAnswer.Answer.values:
        raise Refused("choice-unknown", _("Choose one of the answers that are offered."))
    if len(note) > 300:
        message = _("The note has %(length)d characters and there is room for 300: shorten it.")
        raise Refused("note-too-long", message % {"length": len(note)})
    with transaction.atomic():
        row: Plan = Plan.objects.select_for_update().get(pk=plan.pk, author=author)
        given = _answer_today(row, answer)
        given.note = note.strip()
        given.save()
        _move_on(row, PlanAnswer.Answer(answer), again_on)
    return given


def drop_plan(*, plan: Plan, author: User) -> None:
    """Let go of an open plan that no longer fits; an answered one stays as it is."""
    Plan.objects.filter(pk=plan.pk, author=author, state=Plan.State.OPEN).update(
        state=Plan.State.DROPPED
    )


def _answer_today(plan: Plan, answer: str) -> PlanAnswer:
    last: PlanAnswer | None = plan.answers.last()
    if (
        last is not None
        and last.answer == answer
        and timezone.localdate(last.at) == timezone.localdate()
    ):
        return last
    return PlanAnswer(organisation_id=plan.organisation_id, plan=plan, answer=answer)


def _move_on(plan: Plan, answer: PlanAnswer.Answer, again_on: dt.date | None) -> None:
    today = timezone.localdate()
    if answer == PlanAnswer.Answer.DID:
        plan.state = Plan.State.DONE
    elif again_on is not None and again_on > today:
        plan.ask_on = again_on
    else:
        plan.ask_on = today + dt.timedelta(days=ASK_AGAIN_DAYS[answer])
    plan.save(update_fields=["state", "ask_on"])

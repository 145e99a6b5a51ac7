"""One's own lessons, and what came of the plans made with them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spiegel_portal.common.errors import Refused
from spiegel_portal.debriefs.domain import (
    ASK_AGAIN_DAYS,
    answer_plan,
    drop_plan,
    edit_lesson,
    retire_lesson,
)
from spiegel_portal.debriefs.models import Direction, PlanAnswer
from spiegel_portal.debriefs.queries import own_lesson, own_lessons, own_plan
from spiegel_portal.people.access import member_required
from spiegel_portal.people.models import Share
from spiegel_portal.people.sharing import shown_to

from .paging import neighbours

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from spiegel_portal.common.requests import MemberRequest

#: Lessons on one page of the list.
PER_PAGE = 20


@member_required
@require_safe
def lesson_list(request: MemberRequest) -> HttpResponse:
    """List one's own lessons with their plans; those put aside stand apart."""
    retired = "retired" in request.GET
    found = own_lessons(author=request.user, retired=retired)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    links = neighbours(page, retired="yes" if retired else "")
    context = {"page": page, "retired": retired, **links}
    return render(request, "web/debriefs/lessons.html", context)


@member_required
@require_http_methods(["GET", "POST"])
def lesson_detail(request: MemberRequest, lesson_id: UUID) -> HttpResponse:
    """Show one lesson with its plans; take in its new wording."""
    lesson = own_lesson(author=request.user, lesson_id=lesson_id)
    error, status = "", 200
    if request.method == "POST":
        try:
            edit_lesson(
                lesson=lesson,
                author=request.user,
                situation=request.POST.get("situation", ""),
                text=request.POST.get("text", ""),
                direction=request.POST.get("direction", lesson.direction),
            )
        except Refused as refusal:
            error, status = str(refusal.message), 422
        else:
            messages.success(request, _("Saved."))
            return redirect("lesson_detail", lesson.pk)
    context = {
        "lesson": lesson,
        "shown_to": shown_to(
            owner=request.user,
            kind=Share.Kind.LESSON,
            item_id=lesson.pk,
            today=timezone.localdate(),
        ),
        "error": error,
        "typed": request.POST if error else None,
        "directions": Direction.choices,
    }
    return render(request, "web/debriefs/lesson.html", context, status=status)


@member_required
@require_POST
def lesson_retire(request: MemberRequest, lesson_id: UUID) -> HttpResponse:
    """Put a lesson aside."""
    retire_lesson(lesson=own_lesson(author=request.user, lesson_id=lesson_id))
    messages.success(request, _("The lesson is put aside. You find it under “Put aside”."))
    return redirect("lesson_list")


@member_required
@require_http_methods(["GET", "POST"])
def plan_answer(request: MemberRequest, plan_id: UUID) -> HttpResponse:
    """Ask whether a plan was carried out, and take in the answer."""
    plan = own_plan(author=request.user, plan_id=plan_id)
    error, status = "", 200
    if request.method == "POST":
        if request.POST.get("answer") == "drop":
            drop_plan(plan=plan, author=request.user)
            messages.success(request, _("The plan is let go. The lesson stays."))
            return redirect("today")
        try:
            given = answer_plan(
                plan=plan,
                author=request.user,
                answer=request.POST.get("answer", ""),
                note=request.POST.get("note", ""),
                again_on=_day(request.POST.get("again_on", "")),
            )
        except Refused as refusal:
            error, status = str(refusal.message), 422
        else:
            messages.success(request, _thanks(given))
            return redirect("today")
    context = {
        "plan": plan,
        "answers": PlanAnswer.Answer.choices,
        "proposed": timezone.localdate()
        + dt.timedelta(days=ASK_AGAIN_DAYS[PlanAnswer.Answer.NOT_YET]),
        "error": error,
        "typed": request.POST,
    }
    return render(request, "web/debriefs/plan.html", context, status=status)


def _thanks(given: PlanAnswer) -> str:
    if given.answer == PlanAnswer.Answer.DID:
        return _("Done, and noted.")
    given.plan.refresh_from_db()
    return _("Noted. Spiegel asks again later.")


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None

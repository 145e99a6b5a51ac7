"""The three situations: an overview, one page per situation, and a closing page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from spiegel_portal.common.errors import Refused
from spiegel_portal.debriefs.domain import finish_situation, start_series
from spiegel_portal.debriefs.language_model.domain import in_use
from spiegel_portal.debriefs.queries import latest_series, own_situation
from spiegel_portal.people.access import member_required

from .desk import Desk, receive, save_answer, searched, settle_from_form
from .edit import FIELD_OF
from .prompts import situation_prompts

if TYPE_CHECKING:
    from django.http import HttpResponse, JsonResponse

    from spiegel_portal.common.requests import MemberRequest
    from spiegel_portal.debriefs.domain import Saved
    from spiegel_portal.debriefs.models import Situation, SituationSeries


@member_required
@require_http_methods(["GET", "POST"])
def situations(request: MemberRequest) -> HttpResponse:
    """Explain the assignment and show how far one is; begin, or begin anew, on a button."""
    series = latest_series(author=request.user)
    if request.method == "POST":
        start_series(organisation=request.organisation, author=request.user)
        return redirect("situation_edit", 1)
    if series is not None and series.finished_at is not None:
        return render(request, "web/debriefs/situations_done.html", _closing(series))
    steps = list(series.situations.all()) if series else []
    following = next((step.position for step in steps if step.finished_at is None), 1)
    context = {"series": series, "steps": steps, "following": following}
    return render(request, "web/debriefs/situations.html", context)


def _closing(series: SituationSeries) -> dict[str, object]:
    steps = list(series.situations.all())
    parties = {step.held_responsible for step in steps}
    return {"series": series, "steps": steps, "one_party": len(parties) == 1 and "" not in parties}


@member_required
@require_http_methods(["GET", "POST"])
def situation_edit(request: MemberRequest, position: int) -> HttpResponse:
    """Show one situation's form; take it in whole when it is sent."""
    try:
        situation = own_situation(author=request.user, position=position)
    except Http404:
        if position in {1, 2, 3}:  # not begun yet
            return redirect("situations")
        raise
    if request.method == "GET":
        return _page(request, situation, Desk(situation, request))
    saved = receive(request, situation)
    situation = own_situation(author=request.user, position=position)
    if request.POST.get("settle"):
        saved = settle_from_form(request, situation)
        situation = own_situation(author=request.user, position=position)
    if saved.refused or saved.conflicts:
        return _again(request, situation, saved)
    return _next(request, situation)


def _next(request: MemberRequest, situation: Situation) -> HttpResponse:
    here = reverse("situation_edit", args=[situation.position])
    action = request.POST.get("do", "save")
    if query := searched(request):
        at = "happened" if "find_deal" in query else "plan"
        return redirect(f"{here}?{query}#ask-{at}")
    if action != "finish":
        messages.success(request, _("Saved."))
        return redirect("situations" if action == "leave" else here)
    try:
        finish_situation(situation=situation, author=request.user)
    except Refused as refusal:
        errors = {FIELD_OF.get(refusal.code, ""): refusal.message}
        return _page(request, situation, Desk(situation, request, errors=errors), status=422)
    return _onward(request, situation)


def _onward(request: MemberRequest, situation: Situation) -> HttpResponse:
    """To the next situation that is not finished, or to the closing page."""
    unfinished = [
        step.position
        for step in situation.series.situations.order_by("position")
        if step.finished_at is None
    ]
    if not unfinished:
        return redirect("situations")
    messages.success(request, _("One lesson further."))
    later = [step for step in unfinished if step > situation.position]
    return redirect("situation_edit", (later or unfinished)[0])


def _again(request: MemberRequest, situation: Situation, saved: Saved) -> HttpResponse:
    typed = {name: request.POST[name] for name in saved.refused if name in request.POST}
    desk = Desk(situation, request, typed=typed, errors=saved.refused)
    return _page(request, situation, desk, status=409 if saved.conflicts else 422)


def _page(
    request: MemberRequest, situation: Situation, desk: Desk, *, status: int = 200
) -> HttpResponse:
    steps = list(situation.series.situations.all())
    others = [step for step in steps if step.pk != situation.pk]
    context = {
        "situation": situation,
        "steps": steps,
        "desk": desk,
        "language_model": in_use(author=request.user),
        "sections": desk.sections(situation_prompts()),
        "actions": [
            ("leave", _("Save for later")),
            ("save", _("Save")),
            ("finish", _("Draw the lesson")),
        ],
        "save_url": reverse("situation_save", args=[situation.position]),
        "same_party": _all_the_same(situation, others),
    }
    return render(request, "web/debriefs/situation.html", context, status=status)


def _all_the_same(situation: Situation, others: list[Situation]) -> bool:
    """Whether all three put the cause with the same party."""
    parties = {situation.held_responsible, *(step.held_responsible for step in others)}
    return len(parties) == 1 and "" not in parties


@member_required
@require_POST
def situation_save(request: MemberRequest, position: int) -> JsonResponse:
    """Take in one autosave of a situation."""
    return save_answer(request, own_situation(author=request.user, position=position))

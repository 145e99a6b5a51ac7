"""Writing a debrief: start it, write it, have it saved while typing, finish it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spiegel_portal.common.errors import Refused
from spiegel_portal.debriefs.domain import finish_debrief, start_debrief
from spiegel_portal.debriefs.language_model.domain import in_use
from spiegel_portal.debriefs.models import Debrief
from spiegel_portal.debriefs.queries import (
    deal_facts,
    own_deal,
    own_debrief,
)
from spiegel_portal.people.access import member_required

from .desk import Desk, find_deals, receive, save_answer, searched, settle_from_form
from .prompts import debrief_prompts, reason_asks

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse, JsonResponse

    from spiegel_portal.common.requests import MemberRequest
    from spiegel_portal.debriefs.domain import Saved

#: Which field a refusal to finish is about.
FIELD_OF = {"lesson-missing": "lesson_text", "plan-half": "plan_if", "plan-missing": "plan_if"}


@member_required
@require_http_methods(["GET", "POST"])
def debrief_start(request: MemberRequest, deal_id: UUID) -> HttpResponse:
    """Start looking back on a deal of one's own; a link to here asks first, a button does it."""
    deal = own_deal(author=request.user, deal_id=deal_id)
    known = Debrief.objects.filter(deal=deal, author=request.user).first()
    if request.method == "POST":
        known = start_debrief(deal=deal, author=request.user)
    if known is not None:
        return redirect("debrief_edit", known.pk)
    return render(request, "web/debriefs/start.html", {"deal": deal})


@member_required
@require_http_methods(["GET", "POST"])
def debrief_edit(request: MemberRequest, debrief_id: UUID) -> HttpResponse:
    """Show the form; take it in whole when it is sent."""
    debrief = own_debrief(author=request.user, debrief_id=debrief_id)
    if request.method == "GET":
        return _page(request, debrief, Desk(debrief, request))
    saved = receive(request, debrief)
    debrief = own_debrief(author=request.user, debrief_id=debrief_id)
    if request.POST.get("settle"):
        saved = settle_from_form(request, debrief)
        debrief = own_debrief(author=request.user, debrief_id=debrief_id)
    if saved.refused or saved.conflicts:
        return _again(request, debrief, saved)
    return _next(request, debrief)


def _next(request: MemberRequest, debrief: Debrief) -> HttpResponse:
    """Go where the button that was pressed leads."""
    here = reverse("debrief_edit", args=[debrief.pk])
    if query := searched(request):
        return redirect(f"{here}?{query}#ask-plan")
    if request.POST.get("do") != "finish":
        messages.success(request, _("Saved."))
        return redirect(here)
    try:
        finish_debrief(debrief=debrief, author=request.user)
    except Refused as refusal:
        errors = {FIELD_OF.get(refusal.code, ""): refusal.message}
        return _page(request, debrief, Desk(debrief, request, errors=errors), status=422)
    messages.success(request, _("Your lesson is kept, and comes back on a practice card."))
    return redirect("debrief_detail", debrief.pk)


def _again(request: MemberRequest, debrief: Debrief, saved: Saved) -> HttpResponse:
    """Show the form again, with what was refused as it was typed, and both texts of a conflict."""
    typed = {name: request.POST[name] for name in saved.refused if name in request.POST}
    desk = Desk(debrief, request, typed=typed, errors=saved.refused)
    return _page(request, debrief, desk, status=409 if saved.conflicts else 422)


def _page(
    request: MemberRequest, debrief: Debrief, desk: Desk, *, status: int = 200
) -> HttpResponse:
    context = {
        "debrief": debrief,
        "desk": desk,
        "language_model": in_use(author=request.user),
        "sections": desk.sections(debrief_prompts(debrief.outcome)),
        "reasons": [desk.field(ask) for ask in reason_asks()],
        "outcomes": Debrief.Outcome.choices,
        "actions": _actions(debrief),
        "save_url": reverse("debrief_save", args=[debrief.pk]),
        "facts": deal_facts(deal=debrief.deal, author=request.user, today=timezone.localdate()),
    }
    return render(request, "web/debriefs/edit.html", context, status=status)


def _actions(debrief: Debrief) -> list[tuple[str, str]]:
    drawn = hasattr(debrief, "lesson")
    return [("save", _("Save")), ("finish", _("Finish again") if drawn else _("Draw the lesson"))]


@member_required
@require_POST
def debrief_save(request: MemberRequest, debrief_id: UUID) -> JsonResponse:
    """Take in one autosave of a debrief."""
    return save_answer(request, own_debrief(author=request.user, debrief_id=debrief_id))


@member_required
@require_safe
def plan_deals(request: MemberRequest, field: str) -> HttpResponse:
    """Give the deals that match the words typed, as choices for a field."""
    name = "deal" if field == "deal" else "plan_deal"
    query = request.GET.get(f"find_{name}", "")
    deals = find_deals(request=request, name=name, query=query)
    context = {"deals": deals, "name": name, "query": query}
    return render(request, "web/debriefs/_deal_choices.html", context)

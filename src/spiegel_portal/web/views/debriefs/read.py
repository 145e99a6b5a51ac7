"""Reading one's own debriefs back: the list, one of them, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spiegel_portal.debriefs.domain import delete_debrief, reopen, save_texts
from spiegel_portal.debriefs.language_model.domain import in_use
from spiegel_portal.debriefs.models import Debrief
from spiegel_portal.debriefs.queries import deal_facts, own_debrief, own_debriefs, waiting_deals
from spiegel_portal.debriefs.sharing import read_debrief
from spiegel_portal.people.access import member_required
from spiegel_portal.people.models import Share
from spiegel_portal.people.sharing import shown_to

from .mirror import may_look, with_marks
from .paging import neighbours

if TYPE_CHECKING:
    from uuid import UUID

    from spiegel_portal.common.requests import MemberRequest

#: Debriefs on one page of the list.
PER_PAGE = 20


@member_required
@require_safe
def debrief_list(request: MemberRequest) -> HttpResponse:
    """List one's own debriefs, drafts first; name deals that wait to be looked back on."""
    outcome = request.GET.get("outcome", "")
    found = own_debriefs(author=request.user, outcome=outcome)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        **neighbours(page, outcome=outcome),
        "outcome": outcome if outcome in Debrief.Outcome.values else "",
        "outcomes": Debrief.Outcome.choices,
        "waiting": waiting_deals(author=request.user) if page.number == 1 else [],
    }
    return render(request, "web/debriefs/list.html", context)


@member_required
@require_safe
def debrief_detail(request: MemberRequest, debrief_id: UUID) -> HttpResponse:
    """Show one debrief to its author; one that is not finished opens for writing."""
    debrief = own_debrief(author=request.user, debrief_id=debrief_id)
    if debrief.finished_at is None:
        return redirect("debrief_edit", debrief.pk)
    return _detail(request, debrief)


def _detail(request: MemberRequest, debrief: Debrief, error: str = "") -> HttpResponse:
    reading = read_debrief(debrief=debrief)
    today = timezone.localdate()
    show_marks, marks_by, language_model = "marks" in request.GET, "", in_use(author=request.user)
    if show_marks:
        reading, marks_by = with_marks(
            reading,
            author=request.user,
            feedback_url=reverse("mark_answer"),
            language_model=may_look(request, language_model),
        )
    context = {
        "debrief": debrief,
        "reading": reading,
        "facts": deal_facts(deal=debrief.deal, author=request.user, today=today),
        "shown_to": shown_to(
            owner=request.user, kind=Share.Kind.DEBRIEF, item_id=debrief.pk, today=today
        ),
        "show_marks": show_marks,
        "marks_by": marks_by,
        "language_model": language_model,
        "no_marks": show_marks and not any(passage.marks for passage in reading.passages),
        "error": error,
        "typed": request.POST.get("buyer_reason", ""),
    }
    return render(request, "web/debriefs/detail.html", context, status=422 if error else 200)


@member_required
@require_safe
def debrief_export(request: MemberRequest, debrief_id: UUID) -> HttpResponse:
    """Give one debrief as a Markdown file."""
    debrief = own_debrief(author=request.user, debrief_id=debrief_id)
    context = {"reading": read_debrief(debrief=debrief)}
    text = render_to_string("web/debriefs/export.txt", context)
    name = slugify(debrief.deal_name) or "debrief"
    return HttpResponse(
        text.strip() + "\n",
        content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.md"'},
    )


@member_required
@require_POST
def debrief_reopen(request: MemberRequest, debrief_id: UUID) -> HttpResponse:
    """Go on writing in a finished debrief."""
    debrief = own_debrief(author=request.user, debrief_id=debrief_id)
    reopen(item=debrief, author=request.user)
    return redirect("debrief_edit", debrief.pk)


@member_required
@require_POST
def debrief_confirm_reason(request: MemberRequest, debrief_id: UUID) -> HttpResponse:
    """Add the reason the buyer confirmed later to a finished debrief."""
    debrief = own_debrief(author=request.user, debrief_id=debrief_id)
    saved = save_texts(
        item=debrief,
        author=request.user,
        client="",
        base_version=debrief.version,
        texts={"buyer_reason": request.POST.get("buyer_reason", "")},
    )
    for sentence in saved.refused.values():
        return _detail(request, debrief, str(sentence))
    messages.success(request, _("Saved."))
    return redirect("debrief_detail", debrief.pk)


@member_required
@require_http_methods(["GET", "POST"])
def debrief_delete(request: MemberRequest, debrief_id: UUID) -> HttpResponse:
    """Ask, then remove a debrief; its lesson only when that was ticked."""
    debrief = own_debrief(author=request.user, debrief_id=debrief_id)
    if request.method == "GET":
        return render(request, "web/debriefs/delete.html", {"debrief": debrief})
    delete_debrief(debrief=debrief, with_lesson="with_lesson" in request.POST)
    messages.success(request, _("The debrief is gone."))
    return redirect("debrief_list")

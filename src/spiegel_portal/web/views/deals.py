"""Deals: the list, a deal's page, adding and editing by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from spiegel_portal.common.errors import Conflict, Refused
from spiegel_portal.deals import domain, queries
from spiegel_portal.deals.forms import DealForm, EventForm, SearchForm, initial_of, moment_of
from spiegel_portal.deals.models import StageType
from spiegel_portal.deals.stages import ensure_stages
from spiegel_portal.debriefs import on_deals
from spiegel_portal.people.access import member_required
from spiegel_portal.people.models import Role
from spiegel_portal.web.drawings import deal_line
from spiegel_portal.web.timeline import happenings

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from spiegel_portal.common.requests import MemberRequest
    from spiegel_portal.deals.models import Deal


@member_required
def deal_list(request: MemberRequest) -> HttpResponse:
    """Show, search, filter and page the deals this member may see."""
    owners = queries.owners_among(membership=request.membership)
    form = SearchForm(request.GET, owners=owners)
    cursors = {name: _cursor(request, name) for name in ("after", "before")}
    search = form.search(cursors)
    page = queries.search_deals(membership=request.membership, search=search)
    context = {
        "form": form,
        "page": page,
        "earlier": _query(request, "before", page.earlier),
        "later": _query(request, "after", page.later),
        "is_filtered": any(
            form.data.get(name) for name in ("q", "type", "owner", "since", "until")
        ),
        "show_owner": len(owners) > 1,
        "counts": _counts(request),
    }
    template = "web/deals/list.html"
    if request.htmx and not request.htmx.boosted:
        template += "#results"
    return render(request, template, context)


@member_required
def deal_detail(request: MemberRequest, deal_id: UUID) -> HttpResponse:
    """Show one deal: facts, timeline, and what its own seller learned on it."""
    deal = queries.visible_deal(membership=request.membership, deal_id=deal_id)
    return render(request, "web/deals/detail.html", _detail(request, deal, EventForm()))


@require_POST
@member_required
def deal_event_add(request: MemberRequest, deal_id: UUID) -> HttpResponse:
    """Put a note, call, meeting or mail on the timeline."""
    deal = queries.visible_deal(membership=request.membership, deal_id=deal_id)
    form = EventForm(request.POST)
    if not form.is_valid():
        return render(request, "web/deals/detail.html", _detail(request, deal, form), status=422)
    domain.add_event(
        deal=deal,
        actor=request.user,
        kind=form.cleaned_data["kind"],
        text=form.cleaned_data["text"],
        at=moment_of(form),
    )
    messages.success(request, _("Added to the timeline."))
    return redirect("deal_detail", deal_id=deal.pk)


@require_http_methods(["GET", "POST"])
@member_required
def deal_add(request: MemberRequest) -> HttpResponse:
    """Add a deal by hand."""
    stages = ensure_stages(organisation=request.organisation)
    form = DealForm(request.POST or None, stages=stages)
    if request.method == "POST" and form.is_valid():
        deal = domain.create_deal(
            organisation=request.organisation,
            actor=request.user,
            values=_typed(form),
            now=timezone.now(),
        )
        messages.success(request, _("The deal is added."))
        return redirect("deal_detail", deal_id=deal.pk)
    return render(request, "web/deals/form.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "POST"])
@member_required
def deal_edit(request: MemberRequest, deal_id: UUID) -> HttpResponse:
    """Change a deal by hand; a change made meanwhile is shown beside what was typed."""
    deal = queries.visible_deal(membership=request.membership, deal_id=deal_id)
    stages = ensure_stages(organisation=request.organisation)
    form = DealForm(request.POST or None, stages=stages, initial=initial_of(deal))
    conflict: list[tuple[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            domain.edit_deal(
                deal=deal,
                actor=request.user,
                values=_typed(form),
                base_version=form.cleaned_data["version"] or 0,
                now=timezone.now(),
            )
        except Conflict:
            conflict = _differences(form, deal)
        else:
            messages.success(request, _("Saved."))
            return redirect("deal_detail", deal_id=deal.pk)
    context = {"form": form, "deal": deal, "conflict": conflict}
    status = 409 if conflict else _status(form)
    return render(request, "web/deals/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@member_required
def deal_delete(request: MemberRequest, deal_id: UUID) -> HttpResponse:
    """Remove a deal that was typed by mistake, after asking its owner."""
    deal = queries.visible_deal(membership=request.membership, deal_id=deal_id)
    if deal.owner_id != request.user.pk:
        raise Http404
    problem = None
    if request.method == "POST":
        try:
            domain.delete_deal(deal=deal, looked_back=on_deals.is_looked_back_on(deal=deal))
        except Refused as refusal:
            problem = refusal.message
        else:
            messages.success(request, _("The deal is removed."))
            return redirect("deal_list")
    context = {"deal": deal, "problem": problem}
    return render(request, "web/deals/delete.html", context, status=422 if problem else 200)


def _counts(request: MemberRequest) -> list[tuple[str, Any, int]]:
    """Give an administrator the organisation's number of deals per type; others nothing."""
    if request.membership.role != Role.ADMINISTRATOR:
        return []
    counts = queries.counts_by_type()
    return [(value, label, counts.get(value, 0)) for value, label in StageType.choices]


def _detail(request: MemberRequest, deal: Deal, form: EventForm) -> dict[str, Any]:
    events = queries.timeline(deal=deal)
    today = timezone.localdate()
    moves = [event for event in events if event.kind == "date" and event.data.get("from")]
    return {
        "deal": deal,
        "happenings": happenings(deal=deal, events=events),
        "form": form,
        "moves": len(moves),
        "days_in_stage": (today - deal.stage_since).days if deal.stage_since else None,
        "line": deal_line(deal=deal, events=events, today=today),
        "own": on_deals.on_deal(author=request.user, deal=deal),
    }


def _typed(form: DealForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


def _differences(form: DealForm, deal: Deal) -> list[tuple[str, Any]]:
    """List what stands in the database where it differs from what was typed, and go on from it."""
    found = []
    for name, typed in _typed(form).items():
        stands = getattr(deal, name)
        if stands != typed:
            found.append((str(form.fields[name].label), stands))
    form.data = {**form.data.dict(), "version": str(deal.version)}  # type: ignore[attr-defined]  # a QueryDict
    return found


def _status(form: DealForm) -> int:
    return 422 if form.is_bound and not form.is_valid() else 200


def _cursor(request: MemberRequest, name: str) -> tuple[str, str] | None:
    value, _sep, key = request.GET.get(name, "").rpartition("~")
    return (value, key) if value and key else None


def _query(request: MemberRequest, name: str, cursor: tuple[str, str] | None) -> str:
    if cursor is None:
        return ""
    kept = {key: value for key, value in request.GET.items() if key not in {"after", "before"}}
    return urlencode({**kept, name: "~".join(cursor)})

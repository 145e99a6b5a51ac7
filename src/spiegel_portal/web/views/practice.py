"""Practice: the situation first, then one's own lesson, then how well it came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from spiegel_portal.common.errors import Refused
from spiegel_portal.people.access import member_required
from spiegel_portal.practice import domain, queries
from spiegel_portal.practice.forms import HoldForm

if TYPE_CHECKING:
    from django.http import HttpResponse

    from spiegel_portal.common.requests import MemberRequest
    from spiegel_portal.practice.models import Card

#: How a day is written in a sentence.
DAY = "l j F"
CARDS_A_PAGE = 50


@require_http_methods(["GET", "POST"])
@member_required
def practice(request: MemberRequest) -> HttpResponse:
    """Show the next card, its lesson once asked for, or that today is done.

    A post with ``step`` "show" turns the card round; one with "grade" notes how well it came back.
    """
    if request.method != "POST":
        return render(request, "web/practice/index.html", _front(request))
    card = queries.own_card(owner=request.user, card_id=_card_id(request))
    if request.POST.get("step") == "grade":
        return _grade(request, card)
    return render(request, "web/practice/index.html", _back(request, card))


@member_required
def practice_cards(request: MemberRequest) -> HttpResponse:
    """List all of one's own cards with the day each comes back."""
    today = timezone.localdate()
    pages = Paginator(queries.own_cards(owner=request.user), CARDS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "cards": page,
        "earlier": f"page={page.previous_page_number()}" if page.has_previous() else "",
        "later": f"page={page.next_page_number()}" if page.has_next() else "",
        "hold": queries.current_hold(owner=request.user, today=today),
        "today": today,
    }
    return render(request, "web/practice/cards.html", context)


@require_http_methods(["GET", "POST"])
@member_required
def hold(request: MemberRequest) -> HttpResponse:
    """Take a holiday from practice, and see those that are coming."""
    today = timezone.localdate()
    form = HoldForm(request.POST or None, initial={"first": today})
    if request.method == "POST" and form.is_valid():
        try:
            domain.start_hold(
                organisation_id=request.organisation.pk,
                owner=request.user,
                today=today,
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Enjoy it. Your cards wait until you are back."))
            return redirect("hold")
    context = {"form": form, "holds": queries.coming_holds(owner=request.user, today=today)}
    return render(
        request, "web/practice/hold.html", {**context, "today": today}, status=_status(form)
    )


@require_POST
@member_required
def hold_end(request: MemberRequest, hold_id: UUID) -> HttpResponse:
    """End a holiday today, or call off one that has not begun."""
    found = queries.own_hold(owner=request.user, hold_id=hold_id)
    domain.end_hold(hold=found, owner=request.user, today=timezone.localdate())
    messages.success(request, _("The holiday is over: the rest of its days is taken back."))
    return redirect("practice")


def _front(request: MemberRequest) -> dict[str, Any]:
    now = timezone.now()
    desk = queries.desk(owner=request.user, now=now)
    more = "more" in request.GET
    card = desk.cards[0] if desk.cards else None
    if card is None and more:
        card = queries.one_more(owner=request.user, now=now)
    context: dict[str, Any] = {"side": "front", "card": card, "more": more, **_counts(desk)}
    if card is None:
        today = timezone.localdate(now)
        context |= {
            "hold": desk.hold,
            "next_on": queries.next_day(owner=request.user, after=today),
            "may_more": not more and queries.one_more(owner=request.user, now=now) is not None,
            "has_cards": queries.own_cards(owner=request.user).exists(),
        }
    return context


def _back(request: MemberRequest, card: Card, problem: str = "") -> dict[str, Any]:
    now = timezone.now()
    return {
        "side": "back",
        "card": card,
        "more": "more" in request.POST,
        "recalled": request.POST.get("recalled", "").strip(),
        "turn": request.POST.get("turn", card.turns),
        "outlooks": queries.outlooks(card=card, now=now),
        "problem": problem,
        **_counts(queries.desk(owner=request.user, now=now)),
    }


def _counts(desk: queries.Desk) -> dict[str, int]:
    """Say which card of today's this is: "1 of 2"."""
    return {"number": desk.done + 1, "total": desk.done + len(desk.cards)}


def _grade(request: MemberRequest, card: Card) -> HttpResponse:
    try:
        domain.review_card(
            card=card,
            owner=request.user,
            rating=_number(request, "rating"),
            recalled=request.POST.get("recalled", ""),
            turn=_number(request, "turn"),
            now=timezone.now(),
        )
    except Refused as refusal:
        context = _back(request, card, str(refusal.message))
        return render(request, "web/practice/index.html", context, status=refusal.status)
    card.refresh_from_db()
    day = date_format(card.due_on, DAY)
    messages.success(request, _("Noted. This lesson comes back on %(day)s.") % {"day": day})
    return redirect("practice")


def _card_id(request: MemberRequest) -> UUID:
    try:
        return UUID(request.POST.get("card", ""))
    except ValueError as error:
        raise Http404 from error


def _number(request: MemberRequest, name: str) -> int:
    """Read a small number; what is not one becomes -1, which every check refuses."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def _status(form: HoldForm) -> int:
    return 422 if form.errors else 200

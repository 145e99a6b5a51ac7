"""Start or join an organisation, or go to another one of yours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from spiegel_portal.common.errors import Refused
from spiegel_portal.people import domain
from spiegel_portal.people.access import signed_in_required
from spiegel_portal.people.forms import StartForm
from spiegel_portal.people.middleware import CHOSEN
from spiegel_portal.people.models import Organisation
from spiegel_portal.people.queries import memberships_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from spiegel_portal.common.requests import MemberRequest


@require_http_methods(["GET", "POST"])
@signed_in_required
def start(request: MemberRequest) -> HttpResponse:
    """Ask who is new whether they sell on their own or in a company."""
    if request.method == "GET" and request.user.centre_memberships.exists():
        return redirect("share_list")
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        solo = kind == Organisation.Kind.SOLO
        membership = domain.found_organisation(
            founder=request.user,
            name=str(request.user) if solo else form.cleaned_data["name"],
            kind=kind,
            language=(get_language() or "en")[:2],
        )
        request.session[CHOSEN] = str(membership.organisation_id)
        return redirect("today")
    status = 422 if form.is_bound else 200
    return render(request, "web/people/start.html", {"form": form}, status=status)


@require_POST
@signed_in_required
def switch(request: MemberRequest) -> HttpResponse:
    """Go on in another organisation one is a member of."""
    wanted = request.POST.get("organisation", "")
    for membership in memberships_of(user=request.user):
        if str(membership.organisation_id) == wanted:
            request.session[CHOSEN] = wanted
            return redirect("today")
    raise Http404


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Show an invitation and accept it; who is not logged in makes an account first."""
    invitation = domain.find_invitation(secret=secret, now=timezone.now())
    if invitation is None:
        return render(request, "web/people/invitation_ended.html", status=404)
    problem = None
    if request.method == "POST" and request.user.is_authenticated:
        try:
            membership = domain.accept_invitation(
                invitation=invitation, user=request.user, now=timezone.now()
            )
        except Refused as refusal:
            problem = refusal.message
        else:
            request.session[CHOSEN] = str(membership.organisation_id)
            messages.success(
                request, _("Welcome at %(name)s.") % {"name": membership.organisation.name}
            )
            return redirect("today")
    context = {"invitation": invitation, "problem": problem}
    return render(request, "web/people/invitation.html", context, status=422 if problem else 200)

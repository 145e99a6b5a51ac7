"""Members, teams and invitations, for who administers an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.mail import send_mail
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods, require_POST

from spiegel_portal.common.errors import Refused
from spiegel_portal.people import domain
from spiegel_portal.people.access import administrator_required, member_required
from spiegel_portal.people.forms import InviteForm, MemberForm, TeamForm
from spiegel_portal.people.models import Invitation, Membership
from spiegel_portal.people.permissions import may_administer
from spiegel_portal.people.queries import current_members, open_invitations, teams

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from spiegel_portal.common.requests import MemberRequest


@member_required
def member_list(request: MemberRequest) -> HttpResponse:
    """Show who works here; administrators also see invitations and what they can do."""
    return render(request, "web/people/members.html", _members(request))


@require_http_methods(["GET", "POST"])
@administrator_required
def invite(request: MemberRequest) -> HttpResponse:
    """Invite colleagues by mail."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = [email for email in form.cleaned_data["emails"] if _invite(request, form, email)]
        if sent:
            count = len(sent)
            text = ngettext("%(count)d invitation sent.", "%(count)d invitations sent.", count)
            messages.success(request, text % {"count": count})
        return redirect("member_list")
    status = 422 if form.is_bound else 200
    return render(request, "web/people/invite.html", {"form": form}, status=status)


@require_POST
@administrator_required
def withdraw(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    """End an invitation."""
    invitation = Invitation.objects.filter(pk=invitation_id, accepted_at=None).first()
    if invitation is None:
        raise Http404
    domain.withdraw_invitation(
        membership=request.membership, invitation=invitation, now=timezone.now()
    )
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("member_list")


@require_POST
@administrator_required
def team_add(request: MemberRequest) -> HttpResponse:
    """Make a team."""
    form = TeamForm(request.POST)
    if form.is_valid():
        try:
            domain.add_team(by=request.membership, name=form.cleaned_data["name"])
        except Refused as refusal:
            form.add_error("name", str(refusal.message))
        else:
            messages.success(request, _("The team is added."))
            return redirect("member_list")
    context = {**_members(request), "team_form": form}
    return render(request, "web/people/members.html", context, status=422)


@require_http_methods(["GET", "POST"])
@administrator_required
def member_edit(request: MemberRequest, member_id: UUID) -> HttpResponse:
    """Give a member another role or team."""
    member = _member(member_id)
    form = MemberForm(request.POST or None, initial={"role": member.role, "team": member.team_id})
    if request.method == "POST" and form.is_valid():
        try:
            domain.change_member(by=request.membership, member=member, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("member_list")
    context = {"form": form, "member": member}
    return render(request, "web/people/member.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@administrator_required
def member_remove(request: MemberRequest, member_id: UUID) -> HttpResponse:
    """End a membership, after asking."""
    member = _member(member_id)
    problem = None
    if request.method == "POST":
        try:
            domain.remove_member(by=request.membership, member=member, now=timezone.now())
        except Refused as refusal:
            problem = refusal.message
        else:
            messages.success(request, _("%(name)s is no longer a member.") % {"name": member.user})
            return redirect("member_list")
    context = {"member": member, "problem": problem}
    status = 422 if problem else 200
    return render(request, "web/people/member_remove.html", context, status=status)


def _member(member_id: UUID) -> Membership:
    member = current_members().filter(pk=member_id).first()
    if member is None:
        raise Http404
    return member


def _members(request: MemberRequest) -> dict[str, Any]:
    administers = may_administer(request.membership)
    return {
        "members": current_members(),
        "administers": administers,
        "invitations": open_invitations(now=timezone.now()) if administers else [],
        "teams": teams(),
        "team_form": TeamForm(),
    }


def _invite(request: MemberRequest, form: InviteForm, email: str) -> bool:
    try:
        invitation, secret = domain.invite(
            membership=request.membership,
            email=email,
            role=form.cleaned_data["role"],
            team=form.cleaned_data["team"],
            now=timezone.now(),
        )
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
        return False
    link = request.build_absolute_uri(reverse("invitation_accept", args=[secret]))
    with override(request.organisation.language):
        subject = _("%(name)s invites you to Spiegel") % {"name": request.user}
        context = {"invitation": invitation, "link": link, "inviter": request.user}
        body = render_to_string("web/people/invitation_mail.txt", context)
    send_mail(subject, body, None, [email])
    return True

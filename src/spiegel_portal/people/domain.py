"""What can be done to organisations, memberships and invitations, each in one transaction."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from spiegel_portal.common import audit
from spiegel_portal.common.errors import Refused
from spiegel_portal.common.tenancy import across_organisations, organisation_scope

from .models import Invitation, Membership, Organisation, Role, Team, User

if TYPE_CHECKING:
    from datetime import datetime

#: How long an invitation can be accepted.
INVITATION_DAYS = 14


@transaction.atomic
def found_organisation(*, founder: User, name: str, kind: str, language: str) -> Membership:
    """Make an organisation with its first member.

    Args:
        founder: Administrator of a company; a solo seller may do everything in their own.
        name: What it is called.
        kind: An :class:`Organisation.Kind`.
        language: Of its first stages: ``nl`` or ``en``.
    """
    organisation = Organisation.objects.create(
        name=name, slug=_free_slug(name), kind=kind, language=language
    )
    role = Role.SELLER if kind == Organisation.Kind.SOLO else Role.ADMINISTRATOR
    with organisation_scope(organisation):
        membership: Membership = Membership.objects.create(
            organisation=organisation, user=founder, role=role
        )
        audit.record(
            organisation=organisation,
            actor=founder,
            action="organisation.founded",
            subject=organisation.slug,
        )
    return membership


def _free_slug(name: str) -> str:
    base = slugify(name)[:50] or "organisation"
    slug = base
    while Organisation.objects.filter(slug=slug).exists():
        slug = f"{base}-{secrets.token_hex(2)}"
    return slug


@transaction.atomic
def invite(
    *, membership: Membership, email: str, role: str, team: Team | None, now: datetime
) -> tuple[Invitation, str]:
    """Ask somebody to join.

    Args:
        membership: Of the member who invites.
        email: Whom.
        role: A :class:`Role`.
        team: Or none.
        now: When; the invitation ends :data:`INVITATION_DAYS` later.

    Returns:
        The invitation and the secret of its link, which is not kept anywhere.

    Raises:
        Refused: They are a member already.
    """
    address = email.strip().lower()
    if Membership.objects.filter(user__email=address, left_at=None).exists():
        raise Refused("already-member", _("%s is a member already.") % address)
    Invitation.objects.filter(email=address, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=now
    )
    secret = secrets.token_urlsafe(32)
    invitation: Invitation = Invitation.objects.create(
        organisation_id=membership.organisation_id,
        email=address,
        role=role,
        team=team,
        secret_hash=_hash(secret),
        invited_by=membership.user,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    _record(membership, "member.invited", str(invitation.pk))
    return invitation, secret


@transaction.atomic
def withdraw_invitation(*, membership: Membership, invitation: Invitation, now: datetime) -> None:
    """End an invitation; its link stops working."""
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    _record(membership, "invitation.withdrawn", str(invitation.pk))


def find_invitation(*, secret: str, now: datetime) -> Invitation | None:
    """Give the invitation of a link, unless it ended, was accepted or withdrawn."""
    with across_organisations("accept-invitation"):
        found: Invitation | None = (
            Invitation.objects.select_related("organisation", "invited_by", "team")
            .filter(
                secret_hash=_hash(secret),
                accepted_at=None,
                withdrawn_at=None,
                expires_at__gt=now,
            )
            .first()
        )
    return found


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User, now: datetime) -> Membership:
    """Make the invited person a member.

    Raises:
        Refused: They are logged in with another address than the invited one.
    """
    if user.email.lower() != invitation.email:
        raise Refused(
            "other-address",
            _("This invitation is for %(invited)s; you are logged in as %(current)s.")
            % {"invited": invitation.email, "current": user.email},
        )
    with organisation_scope(invitation.organisation):
        membership: Membership
        membership, _made = Membership.objects.update_or_create(
            organisation=invitation.organisation,
            user=user,
            defaults={"role": invitation.role, "team": invitation.team, "left_at": None},
        )
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])
        # The secret came by mail to this address: that proves the address.
        EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)
        _record(membership, "member.joined", str(user.pk))
    return membership


@transaction.atomic
def change_member(*, by: Membership, member: Membership, role: str, team: Team | None) -> None:
    """Give a member another role or team.

    Raises:
        Refused: The organisation would be left without an administrator.
    """
    if member.role == Role.ADMINISTRATOR and role != Role.ADMINISTRATOR:
        _keep_an_administrator(member)
    member.role = role
    member.team = team
    member.save(update_fields=["role", "team"])
    _record(by, "member.changed", f"{member.user_id} {role}")


@transaction.atomic
def remove_member(*, by: Membership, member: Membership, now: datetime) -> None:
    """End a membership. What the person wrote stays theirs, their deals stay the organisation's.

    Raises:
        Refused: The organisation would be left without an administrator.
    """
    if member.role == Role.ADMINISTRATOR:
        _keep_an_administrator(member)
    member.left_at = now
    member.save(update_fields=["left_at"])
    _record(by, "member.removed", str(member.user_id))


@transaction.atomic
def add_team(*, by: Membership, name: str) -> Team:
    """Make a team.

    Raises:
        Refused: There is one of that name.
    """
    if Team.objects.filter(name__iexact=name).exists():
        raise Refused("team-exists", _("There is a team called “%s” already.") % name)
    team: Team = Team.objects.create(organisation_id=by.organisation_id, name=name)
    _record(by, "team.added", str(team.pk))
    return team


def _keep_an_administrator(leaving: Membership) -> None:
    others = Membership.objects.filter(role=Role.ADMINISTRATOR, left_at=None)
    if not others.exclude(pk=leaving.pk).exists():
        raise Refused(
            "last-administrator",
            _("Somebody must be administrator: make another member administrator first."),
        )


def _record(by: Membership, action: str, subject: str) -> None:
    audit.record(organisation=by.organisation, actor=by.user, action=action, subject=subject)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

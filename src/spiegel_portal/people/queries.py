"""Named queries on people and memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spiegel_portal.common.tenancy import across_organisations

from .models import Invitation, Membership, Role, Team

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from .models import User


def memberships_of(*, user: User) -> list[Membership]:
    """Every organisation this person works in now, oldest membership first."""
    with across_organisations("find-membership"):
        return list(
            Membership.objects.filter(user=user, left_at=None)
            .select_related("organisation", "team")
            .order_by("joined_at")
        )


def team_members_visible_to(*, membership: Membership) -> QuerySet[Membership]:
    """Whose deals this member may see: their own, and a manager their team's.

    A manager without a team answers for the whole organisation.
    """
    members = Membership.objects.filter(left_at=None)
    if membership.role != Role.MANAGER:
        return members.filter(pk=membership.pk)
    if membership.team_id is None:
        return members
    return members.filter(team_id=membership.team_id)


def current_members() -> QuerySet[Membership]:
    """Everybody who works in the organisation now, by name."""
    members: QuerySet[Membership] = Membership.objects.filter(left_at=None)
    return members.select_related("user", "team").order_by("user__name", "user__email")


def open_invitations(*, now: datetime) -> QuerySet[Invitation]:
    """Invitations that can still be accepted."""
    invitations: QuerySet[Invitation] = Invitation.objects.filter(
        accepted_at=None, withdrawn_at=None, expires_at__gt=now
    )
    return invitations.select_related("team")


def teams() -> QuerySet[Team]:
    """The organisation's teams, by name."""
    found: QuerySet[Team] = Team.objects.all()
    return found

"""Named queries on people and memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spiegel_portal.common.tenancy import across_organisations

from .models import Membership, Role

if TYPE_CHECKING:
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

"""What a member may do in their organisation, beyond their own work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .models import Organisation, Role

if TYPE_CHECKING:
    from .models import Membership


def may_administer(membership: Membership) -> bool:
    """Members, teams and invitations: administrators, and whoever works on their own."""
    return (
        membership.role == Role.ADMINISTRATOR
        or membership.organisation.kind == Organisation.Kind.SOLO
    )


def may_import_for_all(membership: Membership) -> bool:
    """Import deals of everybody: administrators and managers, and whoever works on their own."""
    return may_administer(membership) or membership.role == Role.MANAGER

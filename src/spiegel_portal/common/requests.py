"""The request as pages see it: with a signed-in person, their organisation and membership."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from spiegel_portal.people.models import Membership, Organisation, User


class MemberRequest(HttpRequest):
    """A request of a signed-in member; what ``people.access.member_required`` guarantees."""

    user: User  # pages of members only
    organisation: Organisation
    membership: Membership
    htmx: HtmxDetails

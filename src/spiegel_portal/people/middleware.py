"""Per request: the person's language, and the scope of the organisation they work in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils import translation

from spiegel_portal.common.tenancy import organisation_scope

from .queries import memberships_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from .models import Membership

#: Session key of the organisation chosen by a member of several.
CHOSEN = "organisation_id"


class LanguageMiddleware:
    """Answer in the language a person chose, over the one their browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the language around the rest of the request."""
        language = getattr(request.user, "language", "")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)


class TenantMiddleware:
    """Open the scope of the member's organisation around the view.

    Sets ``request.organisation`` and ``request.membership`` (None without one). Without an
    organisation no scope is open, so any query on a tenant's rows raises.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the membership, open its scope, go on."""
        membership = _membership(request)
        extended = cast("Any", request)
        extended.membership = membership
        extended.organisation = membership.organisation if membership else None
        if membership is None:
            return self.get_response(request)
        with organisation_scope(membership.organisation):
            return self.get_response(request)


def _membership(request: HttpRequest) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    memberships = memberships_of(user=request.user)
    chosen = request.session.get(CHOSEN)
    for membership in memberships:
        if str(membership.organisation_id) == chosen:
            return membership
    return memberships[0] if memberships else None

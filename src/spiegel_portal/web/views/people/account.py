"""One's own language, name and ways to log in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from spiegel_portal.people.access import signed_in_required
from spiegel_portal.people.forms import SettingsForm
from spiegel_portal.people.queries import memberships_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from spiegel_portal.common.requests import MemberRequest


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Answer in the chosen language from now on, and go back to the page."""
    chosen = request.POST.get("language", "")
    goal = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(goal, {request.get_host()}, request.is_secure()):
        goal = "/"
    response = redirect(goal)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=60 * 60 * 24 * 365,
            secure=request.is_secure(),
            samesite="Lax",
        )
        if request.user.is_authenticated:
            request.user.language = chosen
            request.user.save(update_fields=["language"])
    return response


@require_http_methods(["GET", "POST"])
@signed_in_required
def settings_page(request: MemberRequest) -> HttpResponse:
    """Change one's name and language; lead to password, e-mail, second step and data."""
    form = SettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        translation.activate(request.user.language)
        messages.success(request, _("Saved."))
        return redirect("settings")
    context = {"form": form, "memberships": memberships_of(user=request.user)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/people/settings.html", context, status=status)

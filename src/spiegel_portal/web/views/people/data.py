"""Take along or erase everything of one's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import logout
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from spiegel_portal.common.errors import Refused
from spiegel_portal.people import own_data
from spiegel_portal.people.access import signed_in_required
from spiegel_portal.people.forms import EraseForm

if TYPE_CHECKING:
    from spiegel_portal.common.requests import MemberRequest


@require_GET
@signed_in_required
def my_data(request: MemberRequest) -> HttpResponse:
    """Say what there is, and offer to take it along or erase it."""
    return render(request, "web/people/my_data.html")


@require_GET
@signed_in_required
def my_data_export(request: MemberRequest, kind: str) -> HttpResponse:
    """Give everything of one's own: ``json`` complete, ``html`` to read."""
    day = timezone.localdate().isoformat()
    if kind == "json":
        found = own_data.export(user=request.user)
        text = json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json")
    elif kind == "html":
        chapters = own_data.readable(user=request.user)
        context = {"chapters": chapters, "person": request.user, "now": timezone.now()}
        response = HttpResponse(render_to_string("web/people/export.html", context, request))
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="spiegel-{day}.{kind}"'
    return response


@require_http_methods(["GET", "POST"])
@signed_in_required
def my_data_erase(request: MemberRequest) -> HttpResponse:
    """Erase everything of one's own, after proof that it is you."""
    form = EraseForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid() and _erased(request, form):
        logout(request)
        messages.success(request, _("Everything of yours is erased, and your account with it."))
        return redirect("front")
    status = 422 if form.is_bound else 200
    return render(request, "web/people/erase.html", {"form": form}, status=status)


def _erased(request: MemberRequest, form: EraseForm) -> bool:
    try:
        own_data.erase(user=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return False
    return True

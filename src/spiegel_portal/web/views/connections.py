"""Connections with CRMs: how they stand, connecting by OAuth or with a token, disconnecting."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spiegel_portal.deals.connections import domain, oauth, queries, words
from spiegel_portal.deals.connections.errors import ConnectorError
from spiegel_portal.deals.connections.forms import TokenForm
from spiegel_portal.people.access import administrator_required

if TYPE_CHECKING:
    from django.http import HttpResponse

    from spiegel_portal.common.requests import MemberRequest
    from spiegel_portal.deals.connections.base import Connector

#: Where a session keeps what it waits for, how much of it, and how long, in seconds.
_WAITING = "crm-waiting"
_MANY = 8
_LASTS = 900


@require_safe
@administrator_required
def connection_list(request: MemberRequest) -> HttpResponse:
    """Show every CRM that can be read, and how its connection stands."""
    standings = queries.standings()
    shown = [
        {
            "standing": each,
            "problem": words.problem(each.connection.problem, each.connector.name),
            "refused": words.refusals(each.connection.last_counts),
            "counts": each.connection.last_counts,
        }
        if each.connection
        else {"standing": each}
        for each in standings
    ]
    return render(request, "web/connections/list.html", {"shown": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def connection_connect(request: MemberRequest, system: str) -> HttpResponse:
    """Show the ways to connect a CRM; take a token where it offers one."""
    connector = queries.connector_named(system)
    form = TokenForm(request.POST or None) if connector.offers_token else None
    if request.method == "POST" and form is not None and form.is_valid():
        tokens = oauth.Tokens(form.cleaned_data["token"], is_key=True)
        try:
            _connect(request, connector, tokens)
        except ConnectorError as problem:
            form.add_error("token", _token_problem(problem, connector))
        else:
            return redirect("connection_list")
    context = {"connector": connector, "form": form, "allow_at": _address(request, connector)}
    status = 422 if request.method == "POST" else 200
    return render(request, "web/connections/connect.html", context, status=status)


@require_safe
@administrator_required
def connection_callback(request: MemberRequest, system: str) -> HttpResponse:
    """Take in a person who comes back from a CRM, having allowed Spiegel to read or not."""
    connector = queries.connector_named(system)
    verifier = _waited_for(request, connector, request.GET.get("state", ""))
    code = request.GET.get("code", "")
    if verifier is None:
        messages.error(
            request,
            _("That answer belongs to no question of a moment ago. Begin connecting once more."),
        )
    elif not code:
        text = _("%(system)s was not connected, because it was not allowed there.")
        messages.warning(request, text % {"system": connector.name})
    else:
        _exchange(request, connector, code, verifier)
    return redirect("connection_list")


@require_POST
@administrator_required
def connection_sync(request: MemberRequest, system: str) -> HttpResponse:
    """Have a CRM looked at now."""
    connection = queries.connection_with(system)
    domain.look_now(connection=connection)
    text = _("%(system)s is being read. Deals appear as they come in.")
    messages.success(request, text % {"system": queries.connector_named(system).name})
    return redirect("connection_list")


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def connection_disconnect(request: MemberRequest, system: str) -> HttpResponse:
    """Ask, and then disconnect a CRM."""
    connection, connector = queries.connection_with(system), queries.connector_named(system)
    if request.method == "POST":
        domain.disconnect(connection=connection, actor=request.user)
        text = _("%(system)s is disconnected. The deals that came from it are still here.")
        messages.success(request, text % {"system": connector.name})
        return redirect("connection_list")
    return render(request, "web/connections/disconnect.html", {"connector": connector})


def _connect(request: MemberRequest, connector: Connector, tokens: oauth.Tokens) -> None:
    domain.connect(
        organisation=request.organisation,
        actor=request.user,
        connector=connector,
        tokens=tokens,
        now=timezone.now(),
    )
    text = _("%(system)s is connected. The first time, reading everything may take a while.")
    messages.success(request, text % {"system": connector.name})


def _exchange(request: MemberRequest, connector: Connector, code: str, verifier: str) -> None:
    try:
        tokens = oauth.exchange(
            connector,
            code=code,
            redirect_uri=_back(request, connector),
            verifier=verifier,
            now=timezone.now(),
        )
        _connect(request, connector, tokens)
    except ConnectorError as problem:
        messages.error(request, words.problem(problem.code, connector.name))


def _token_problem(problem: ConnectorError, connector: Connector) -> str:
    if problem.code == "unauthorised":
        text = _("%(system)s does not know this token. Copy it once more.")
        return text % {"system": connector.name}
    return words.problem(problem.code, connector.name)


def _address(request: MemberRequest, connector: Connector) -> str:
    """Give the address at the CRM where a person allows it; "" where there is none."""
    if not oauth.is_offered(connector):
        return ""
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    waiting: list[dict[str, Any]] = request.session.get(_WAITING, [])
    begun = {
        "state": state,
        "verifier": verifier,
        "system": connector.id,
        "organisation": str(request.organisation.pk),
        "until": timezone.now().timestamp() + _LASTS,
    }
    request.session[_WAITING] = [*waiting, begun][-_MANY:]
    return oauth.authorize_address(
        connector, redirect_uri=_back(request, connector), state=state, verifier=verifier
    )


def _waited_for(request: MemberRequest, connector: Connector, state: str) -> str | None:
    """Give what proves that this session asked; each state once, and not for long."""
    waiting: list[dict[str, Any]] = request.session.get(_WAITING, [])
    found = None
    for entry in waiting:
        same = secrets.compare_digest(entry["state"].encode(), state.encode())
        found = entry if same else found
    if found is None:
        return None
    request.session[_WAITING] = [entry for entry in waiting if entry is not found]
    asked_for = (found["system"], found["organisation"])
    if asked_for != (connector.id, str(request.organisation.pk)):
        return None
    verifier: str = found["verifier"]
    return verifier if timezone.now().timestamp() < found["until"] else None


def _back(request: MemberRequest, connector: Connector) -> str:
    return request.build_absolute_uri(reverse("connection_callback", args=[connector.id]))

"""Open every address as every kind of person."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from tests.rules import urls
from tests.rules.routes import LOG_IN, NO_ORGANISATION, PEOPLE, ROUTES, Route
from tests.scene import FACTS, PRIVATE, make_scene

if TYPE_CHECKING:
    from django.http import HttpResponse
    from tests.scene import Scene

pytestmark = pytest.mark.django_db

#: Who may read what; everything else must not contain it, whatever its status.
MAY_READ = {PRIVATE: {"owner"}, FACTS: {"owner", "manager"}}
PRESENT = [route for route in ROUTES if route.name in urls.patterns()]


_TOKEN = re.compile(r"[A-Za-z0-9]{64}")  # against forged forms; new in every answer


@dataclass
class Answer:
    """What somebody got."""

    status: int | str
    text: str


def signed_in(scene: Scene, person: str) -> Client:
    """A browser in which somebody has just logged in with their password."""
    client = Client()
    if person == "anonymous":
        return client
    user = getattr(scene.house, person)
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, method="password", reauthenticated=True)
    request.session.save()
    return client


def ask(route: Route, scene: Scene, person: str, kwargs: dict[str, Any] | None = None) -> Answer:
    """Open an address as somebody."""
    client = signed_in(scene, person)
    address = reverse(route.name, kwargs=route.kwargs(scene) if kwargs is None else kwargs)
    if route.saves is None:
        response = getattr(client, route.method)(address, route.data)
    else:
        response = client.post(address, route.saves, content_type="application/json")
    text = _text(response).replace(address, "…")
    return Answer(_status(response), _TOKEN.sub("…", text))


def _status(response: HttpResponse) -> int | str:
    target = response.get("Location", "")
    if response.status_code == 302 and target.startswith(reverse("account_login")):
        return LOG_IN
    if response.status_code == 302 and target == _start():
        return NO_ORGANISATION
    return int(response.status_code)


def _start() -> str:
    return urls.patterns().get("organisation_start", "/organisation/")


def _text(response: HttpResponse) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode("utf-8", "replace"))


def test_every_address_has_a_name() -> None:
    assert [pattern for name, pattern in urls.walk() if not name] == []


def test_every_address_is_described() -> None:
    assert set(urls.patterns()) - {route.name for route in ROUTES} == set()


def test_no_address_is_described_twice() -> None:
    names = [route.name for route in ROUTES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("route", PRESENT, ids=lambda route: route.name)
def test_everybody_gets_what_is_theirs(route: Route) -> None:
    scene = make_scene()
    answers = {person: ask(route, scene, person) for person in PEOPLE}
    assert {p: answer.status for p, answer in answers.items()} == route.audience.answers
    leaks = {
        (person, word)
        for person, answer in answers.items()
        for word, readers in MAY_READ.items()
        if word in answer.text and person not in readers
    }
    assert leaks == set()


@pytest.mark.parametrize(
    "route",
    [route for route in PRESENT if route.audience.answers["stranger"] == 404 and route.named],
    ids=lambda route: route.name,
)
def test_not_yours_and_not_there_look_the_same(route: Route) -> None:
    scene = make_scene()
    theirs = route.kwargs(scene)
    missing = {k: uuid.uuid4() if isinstance(v, uuid.UUID) else v for k, v in theirs.items()}
    stranger = ask(route, scene, "stranger")
    assert ask(route, scene, "stranger", missing) == stranger
    assert ask(route, scene, "owner", missing).status == 404


@pytest.mark.parametrize(
    "route", [route for route in PRESENT if route.method == "post"], ids=lambda route: route.name
)
def test_a_link_changes_nothing(route: Route) -> None:
    scene = make_scene()
    client = signed_in(scene, "owner")
    assert client.get(reverse(route.name, kwargs=route.kwargs(scene))).status_code == 405

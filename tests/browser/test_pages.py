"""Every page of the portal, in both languages, on a phone and on a desk, in light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from tests.browser.audit import AXE, audit, words
from tests.browser.conftest import LANGUAGES, log_in, speak
from tests.rules import urls
from tests.rules.routes import PEOPLE, ROUTES, Route

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer
    from tests.scene import Scene

PAGES = [
    route
    for route in ROUTES
    if route.page and route.method == "get" and route.name in urls.patterns()
    and 200 in route.audience.answers.values()
]  # fmt: skip


def visitor(route: Route) -> str:
    """Somebody who gets to see the page: the owner if they may."""
    order = ["owner", *PEOPLE]
    return next(person for person in order if route.audience.answers[person] == 200)


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
def test_page(
    route: Route, context: BrowserContext, page: Page, scene: Scene, live_server: LiveServer
) -> None:
    user = getattr(scene.house, visitor(route), None)
    if user is not None:
        log_in(context, user, live_server.url)
    context.add_init_script(path=AXE)
    found = []
    for language in LANGUAGES:
        speak(context, language, live_server.url, user)
        page.goto(reverse(route.name, kwargs=route.kwargs(scene)))
        assert words(page) == language
        found += [f"{language}: {problem}" for problem in audit(page)]
    assert "\n".join(found) == ""

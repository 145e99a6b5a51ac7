"""Every page of the portal, in both languages, on a phone and on a desk, in light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from tests.browser.audit import AXE, audit, words
from tests.browser.conftest import LANGUAGES, log_in, speak
from tests.rules import urls
from tests.rules.routes import PEOPLE, ROUTES, Route

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.imports.domain import upload_import

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


#: A file with a question of every kind, and one with events: the scene's own has none of these.
ASKING = (
    "Naam;Klant;Fase;Bedrag;Sluitdatum\nMolen;Zuid;Blauw;1.234,50;13-05-2026\n"
    "Molen;Zuid;Verloren;veel;03-05-2026\n"
)
PARKED = "Deal - ID,Deal - Title,Deal - Status,Deal - Lost reason\n1,Mill,Lost,Next year\n"
EVENTS = "Deal;Soort;Datum;Onderwerp\nMolen;Koffie;13-01-2026;Bij de klant\n"


@pytest.mark.parametrize("text", [ASKING, PARKED, EVENTS], ids=["asking", "parked", "events"])
def test_what_was_understood_of_other_files(
    text: str, context: BrowserContext, page: Page, scene: Scene, live_server: LiveServer
) -> None:
    house = scene.house
    with organisation_scope(house.organisation):
        run = upload_import(
            organisation=house.organisation, user=house.administrator, filename="export.csv",
            data=text.encode(), max_bytes=10_000,
        )  # fmt: skip
    log_in(context, house.administrator, live_server.url)
    context.add_init_script(path=AXE)
    found = []
    for language in LANGUAGES:
        speak(context, language, live_server.url, house.administrator)
        page.goto(reverse("import_detail", kwargs={"import_id": run.pk}))
        assert words(page) == language
        found += [f"{language}: {problem}" for problem in audit(page)]
    assert "\n".join(found) == ""

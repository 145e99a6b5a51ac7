"""A real browser on a real server: one Chromium for all tests, logged in by its cookie."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response
    from pytest_django.live_server_helper import LiveServer
    from tests.conftest import House
    from tests.scene import Scene

    from spiegel_portal.people.models import User

HERE = Path(__file__).parent
#: Playwright keeps an event loop running in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LANGUAGES = ("nl", "en")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the machine's own Chromium, and keep it from calling home."""
    from tests.rules.tools import tool

    path = tool("ensure_chromium").find()
    if path is None:
        pytest.fail("the browser tests need Chromium: make test-browser installs it or says how")
    flags = [
        "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--no-first-run",
    ]  # fmt: skip
    return {"executable_path": path, "args": flags, "headless": True}


@pytest.fixture(scope="session")
def base_url() -> None:
    """None for all: each test's server has its own (see `context`)."""


class Watch:
    """Notes everything that goes wrong in a page, and what a test said would."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._expected: set[int] = set()

    def expect(self, *statuses: int) -> None:
        """Say that answers with these statuses are part of the test."""
        self._expected |= set(statuses)

    def follow(self, page: Page) -> None:
        """Note what goes wrong in a page from here on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        status = re.search(r"the server responded with a status of (\d+)", message.text)
        if status and int(status[1]) in self._expected:
            return
        self.problems.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.problems.append(f"{response.status}: {response.url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fail a test in whose pages anything went wrong that it did not expect."""
    watch = Watch()
    yield watch
    assert "\n".join(watch.problems) == ""


@pytest.fixture
def language() -> str:
    """The language a test speaks; journeys are made in each."""
    return "en"


@pytest.fixture
def open_browser(
    new_context: Any, live_server: LiveServer, watch: Watch, language: str
) -> Callable[..., BrowserContext]:
    """Opens another browser with cookies of its own, whose pages are watched."""

    def open_browser(**options: Any) -> BrowserContext:
        made: BrowserContext = new_context(
            base_url=live_server.url,
            locale={"nl": "nl-NL", "en": "en-GB"}[language],
            **{"reduced_motion": "reduce", "viewport": DESK, **options},
        )
        made.set_default_timeout(5000)
        made.on("page", watch.follow)
        return made

    return open_browser


@pytest.fixture
def context(open_browser: Callable[..., BrowserContext]) -> BrowserContext:
    """A browser, nobody logged in."""
    return open_browser()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of that browser."""
    return context.new_page()


def log_in(context: BrowserContext, user: User, url: str) -> None:
    """Log somebody in by planting the cookie of a session made here."""
    from allauth.account.internal.flows.login import record_authentication
    from django.conf import settings
    from django.http import HttpRequest
    from django.test import Client

    client = Client()
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, method="password", reauthenticated=True)
    request.session.save()
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url, "httpOnly": True}])


def speak(context: BrowserContext, language: str, url: str, user: User | None = None) -> None:
    """Choose a language for the pages of somebody, or of a visitor."""
    from django.conf import settings

    from spiegel_portal.people.models import User

    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": url}])
    if user is not None:
        User.objects.filter(pk=user.pk).update(language=language)


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    """Something of everything, the owner's."""
    from tests.scene import make_scene

    return make_scene()


@pytest.fixture
def house(transactional_db: None) -> House:
    """The people of the tests, with nothing of theirs yet."""
    from tests.factories import make_house

    return make_house()

"""A language model behind live marking: at once the built-in marks, after a pause the model's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.conftest import log_in
from tests.chat_server import chat_server, is_silent, mark, says

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.debriefs.language_model import domain
from spiegel_portal.people.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page
    from pytest_django.fixtures import SettingsWrapper
    from pytest_django.live_server_helper import LiveServer
    from tests.scene import Scene

OWN = "I never asked who had to sign."


@pytest.fixture(autouse=True)
def _fresh_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def open_draft(context: BrowserContext, scene: Scene, live_server: LiveServer, url: str) -> Page:
    """Switch the model on, and open the owner's draft."""
    with organisation_scope(scene.house.organisation):
        by = Membership.objects.get(user=scene.house.administrator)
        domain.choose(by=by, is_on=True, base_url=url, model="llama", key="", keep_key=False)
    log_in(context, scene.house.owner, live_server.url)
    page = context.new_page()
    page.goto(reverse("debrief_edit", args=[scene.draft.pk]))
    return page


def test_the_models_marks_follow_when_the_typing_stops(
    context: BrowserContext, scene: Scene, live_server: LiveServer
) -> None:
    with chat_server(says(mark(1, "circumstances", "had to"))) as server:
        page = open_draft(context, scene, live_server, server.url)
        expect(page.locator("[data-language-model]")).to_contain_text("(llama)")
        marks = page.locator("#own_part-marks")
        page.locator("#own_part").fill(OWN)
        expect(marks.locator("mark.m-own")).to_have_count(1)
        expect(marks.locator("mark.m-circumstances")).to_have_text("had to")
        expect(marks.get_by_text("Marked by the language model llama.")).to_be_visible()
        assert server.sentences == [[OWN]]  # opening the draft asked nothing

        marks.locator("button[value=yes]").click()
        expect(marks.get_by_text("You said yes")).to_be_visible()
        expect(marks.locator("mark.m-circumstances")).to_have_count(1)
        marks.locator("button[value=not_so]").click()
        expect(marks.locator("mark")).to_have_count(0)


def test_a_model_that_does_not_answer_leaves_the_built_in_marks(
    context: BrowserContext, scene: Scene, live_server: LiveServer, settings: SettingsWrapper
) -> None:
    settings.SPIEGEL_LANGUAGE_MODEL_SECONDS = 0.3
    with chat_server(is_silent) as server:
        page = open_draft(context, scene, live_server, server.url)
        marks = page.locator("#own_part-marks")
        page.locator("#own_part").fill(OWN)
        expect(marks.get_by_text("The language model gave no answer")).to_be_visible()
        expect(marks.locator("mark.m-own")).to_have_count(1)

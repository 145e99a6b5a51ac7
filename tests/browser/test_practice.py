"""Practice by keyboard alone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from tests.browser.conftest import log_in
from tests.factories import make_card

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.practice.models import Review

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer
    from tests.conftest import House


def test_two_cards_by_keyboard(page: Page, house: House, live_server: LiveServer) -> None:
    for days, situation in ((5, "First"), (4, "Second")):
        now = timezone.now() - dt.timedelta(days=days)
        make_card(house.owner, house.organisation, now=now, situation=situation)
    log_in(page.context, house.owner, live_server.url)
    page.goto(reverse("practice"))

    for situation, typed, key in (("First", "It was 3", "3"), ("Second", "", "4")):
        expect(page.get_by_role("heading", name=situation)).to_be_visible()
        page.keyboard.type(typed)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("group", name="How did it come back?")).to_be_visible()
        page.keyboard.press(key)

    expect(page.get_by_role("heading", name="Done for today")).to_be_visible()
    with organisation_scope(house.organisation):
        found = list(Review.objects.order_by("at").values_list("rating", "recalled"))
    assert found == [(3, "It was 3"), (4, "")]

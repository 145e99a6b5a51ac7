"""The account menu: with the mouse, the keyboard, and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect
from tests.browser.conftest import PHONE, log_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer
    from tests.conftest import House


def test_the_menu_closes_when_one_looks_elsewhere(
    context: BrowserContext, page: Page, house: House, live_server: LiveServer
) -> None:
    log_in(context, house.owner, live_server.url)
    page.goto("/lessons/")
    menu = page.locator("details.menu")
    summary = menu.locator("summary")

    summary.click()
    expect(menu.get_by_role("button", name="Log out")).to_be_visible()
    page.locator("h1").click()
    expect(menu.get_by_role("button", name="Log out")).to_be_hidden()

    summary.press("Enter")
    expect(menu.get_by_role("button", name="Log out")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu.get_by_role("button", name="Log out")).to_be_hidden()
    expect(summary).to_be_focused()


def test_on_a_phone_and_without_scripts_everything_can_be_reached(
    open_browser: Callable[..., BrowserContext], house: House, live_server: LiveServer
) -> None:
    context = open_browser(viewport=PHONE, java_script_enabled=False)
    log_in(context, house.owner, live_server.url)
    page = context.new_page()
    page.goto("/lessons/")

    page.get_by_role("navigation", name="Main, below").get_by_role("link", name="Deals").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deals")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Turn every no into a lesson you own."
    )

"""Live marking on the front page: while typing, without scripts, and without a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page
    from tests.browser.conftest import Watch

OWN = "To be fair, I never asked who had to sign."
FIELD = "Your look back on a deal you lost"


@pytest.mark.django_db(transaction=True)
def test_marks_follow_the_typing(page: Page) -> None:
    page.goto("/")
    page.get_by_label(FIELD).fill(OWN)

    expect(page.locator("#try-marks mark")).to_have_count(1)
    expect(page.locator("#try-marks .quote")).to_have_text(OWN)
    expect(page.get_by_role("status")).to_have_text("1 sentence marked")
    page.get_by_label(FIELD).fill("")
    expect(page.locator("#try-marks")).to_be_hidden()


@pytest.mark.django_db(transaction=True)
def test_the_same_text_is_asked_once(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    page.goto("/")
    for text in (OWN, "We met.", OWN):
        with_marks = 1 if text == OWN else 0
        page.get_by_label(FIELD).fill(text)
        expect(page.locator("#try-marks mark")).to_have_count(with_marks)
        expect(page.get_by_role("status")).not_to_be_empty()

    assert len([body for body in asked if body.startswith("text=")]) == 2


@pytest.mark.django_db(transaction=True)
def test_markup_stays_text(page: Page) -> None:
    page.goto("/")
    page.get_by_label(FIELD).fill("<b>I never asked</b> who had to sign & why.")

    expect(page.locator("#try-marks mark")).to_have_count(1)
    expect(page.locator("#try-marks .quote")).to_have_text(
        "<b>I never asked</b> who had to sign & why."
    )
    assert page.locator("#try-marks b").count() == 0


@pytest.mark.django_db(transaction=True)
def test_too_much_is_said_and_nothing_is_lost(page: Page, watch: Watch) -> None:
    watch.expect(422)
    page.goto("/")
    page.get_by_label(FIELD).evaluate("field => field.removeAttribute('maxlength')")
    page.get_by_label(FIELD).fill("No. " * 5001)

    expect(page.get_by_role("status")).to_contain_text("This text has 20004 characters")
    assert len(page.get_by_label(FIELD).input_value()) == 20004


@pytest.mark.django_db(transaction=True)
def test_without_scripts_a_button_does_the_same(
    open_browser: Callable[..., BrowserContext],
) -> None:
    options: dict[str, Any] = {"java_script_enabled": False}
    page = open_browser(**options).new_page()
    page.goto("/")
    page.get_by_label(FIELD).fill(OWN)
    page.get_by_role("button", name="Show the marks").click()

    expect(page.locator("#try-marks .quote")).to_have_text(OWN)
    expect(page.get_by_label(FIELD)).to_have_value(OWN)

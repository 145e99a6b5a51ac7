"""Somebody at a page: reads its words in their own language, presses, follows and types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import translation
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@dataclass
class Person:
    """A page and the language of who sits before it. Words are given in English."""

    page: Page
    language: str

    def says(self, text: str, context: str | None = None) -> str:
        """The words as this person sees them."""
        with translation.override(self.language):
            return translation.pgettext(context, text) if context else translation.gettext(text)

    def goes(self, address: str) -> None:
        """Open an address."""
        self.page.goto(address)

    def presses(self, text: str, within: Locator | None = None) -> None:
        """Press the button that begins with these words."""
        place = within or self.page.locator("main")
        place.get_by_role("button", name=self.says(text)).first.click()

    def follows(self, text: str) -> None:
        """Follow the link with these words."""
        self.page.locator("main").get_by_role("link", name=self.says(text)).first.click()

    def types(self, **texts: str) -> None:
        """Fill fields, by their names."""
        for name, text in texts.items():
            self.page.locator(f"[name='{name}']:not([type=hidden])").fill(text)

    def chooses(self, name: str, value: str) -> None:
        """Choose one of several."""
        self.page.locator(f"input[name='{name}'][value='{value}']").check()

    def sees(self, text: str) -> None:
        """Wait until these words, as they are, stand on the page."""
        expect(self.page.locator("main").get_by_text(text).first).to_be_visible()

    def reads(self, text: str) -> None:
        """Wait until these words, in this person's language, stand on the page."""
        self.sees(self.says(text))

    def is_at(self, address: str) -> None:
        """Wait until the page at this address is there."""
        self.page.wait_for_url(f"**{address}")

    def is_saved(self) -> None:
        """Wait until everything typed has reached the server."""
        expect(self.page.locator(".savestate")).to_have_attribute("data-state", "saved")
        expect(self.page.locator("#save-live")).to_contain_text(self.says("Saved"))

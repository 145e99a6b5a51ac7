"""The pictures of README and docs, taken from the demo by `make screenshots`.

They are taken in every run, so that what they show works; only SPIEGEL_SCREENSHOTS=1 keeps them.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect
from tests.browser.conftest import DESK, PHONE, log_in
from tests.rules.tree import ROOT

from spiegel_portal.commands import demo
from spiegel_portal.common.tenancy import across_organisations
from spiegel_portal.debriefs.models import Debrief
from spiegel_portal.people.models import User

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

#: The most bytes of one picture: they are part of every clone.
MOST = 200_000
SIZES = {"desktop": DESK, "phone": PHONE}


def keep(page: Page, name: str, folder: Path) -> None:
    """Take the screen as it is, in few colours, and keep it."""
    shot = Image.open(io.BytesIO(page.screenshot()))
    path = folder / f"{name}.png"
    shot.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size <= MOST


def show(page: Page, name: str, folder: Path, anchor: str = "") -> None:
    """Take a page at both widths, scrolled to where the anchor stands."""
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # a plain dict will do
        page.evaluate("() => window.scrollTo(0, 0)")
        if anchor:
            page.locator(anchor).evaluate("e => e.scrollIntoView({block: 'start'})")
            page.evaluate("() => window.scrollBy(0, -24)")
        page.evaluate("() => document.fonts.ready")
        keep(page, f"{name}-{size}", folder)


def best_draft(user: User) -> Debrief:
    """The unfinished debrief in which most is written."""
    with across_organisations("whole-installation"):
        drafts = Debrief.objects.filter(author=user, finished_at=None)
        return max(drafts, key=lambda draft: len(draft.own_part))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the pictures go."""
    return ROOT / "docs" / "img" if os.environ.get("SPIEGEL_SCREENSHOTS") == "1" else tmp_path


def test_pictures(
    context: BrowserContext,
    page: Page,
    live_server: LiveServer,
    transactional_db: None,
    folder: Path,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    demo.load()
    page.goto("/")
    expect(page.locator("#try-marks mark").first).to_be_visible()
    show(page, "front", folder)

    amy = User.objects.get(email="amy@demo.example")
    log_in(context, amy, live_server.url)
    page.goto(reverse("today"))
    show(page, "today", folder)
    page.goto(reverse("deal_list"))
    show(page, "deals", folder)
    page.goto(reverse("practice"))
    show(page, "practice", folder)
    draft = best_draft(amy)
    page.goto(reverse("debrief_edit", args=[draft.pk]))
    expect(page.locator("#own_part-marks mark").first).to_be_visible()
    show(page, "debrief", folder, anchor="#ask-own-part")

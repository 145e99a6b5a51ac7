"""The look at pages finds what it is there to find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.browser.audit import AXE, audit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

GOOD = """<!doctype html><html lang="en"><head><title>Good</title>
<meta name="viewport" content="width=device-width"></head>
<body><a href="#main">Skip</a><main id="main" tabindex="-1"><h1>Good</h1>%s</main></body></html>"""

BAD = [
    ('<img src="data:,">', "image-alt"),
    ('<p style="color: #999; background: #fff">pale</p>', "color-contrast"),
    ('<div style="width: 900px">wide</div>', "wider than the screen"),
    ('<button style="outline: none" onfocus="">x</button>', "focus does not show"),
    ("<input>", "label"),
]


def problems(context: BrowserContext, page: Page, inside: str) -> str:
    context.add_init_script(path=AXE)
    page.route("**/*", lambda route: route.fulfill(body=GOOD % inside, content_type="text/html"))
    page.goto("/")
    return "\n".join(audit(page))


def test_a_good_page_has_no_problems(context: BrowserContext, page: Page) -> None:
    assert problems(context, page, "<p>Well.</p>") == ""


@pytest.mark.parametrize(("inside", "problem"), BAD, ids=[problem for _, problem in BAD])
def test_a_bad_page_is_found(
    context: BrowserContext, page: Page, inside: str, problem: str
) -> None:
    assert problem in problems(context, page, inside)

"""What every page must be: free of axe's findings, no wider than the screen, usable by keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser.conftest import DESK, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"

_RUN = """async (only) => {
  const options = only ? {runOnly: only} : {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  };
  const result = await axe.run(document, {...options, resultTypes: ["violations"]});
  return result.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(
    n => n.target.join(" ") + (n.any[0] ? " (" + n.any[0].message + ")" : "")).join("; "));
}"""

_WIDE = """() => {
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) return [];
  const wide = [...document.querySelectorAll("body *")].filter(
    e => e.getBoundingClientRect().right > limit + 1);
  return ["wider than the screen: " + wide.slice(0, 3).map(
    e => e.tagName.toLowerCase() + "." + e.className).join(", ")];
}"""

#: Each thing that takes the focus must look different with it.
_FOCUS = """() => {
  const seen = e => e.checkVisibility({checkVisibilityCSS: true}) && e.getClientRects().length;
  const look = e => { const s = getComputedStyle(e);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor,
            s.backgroundColor, s.textDecoration].join("|"); };
  const stops = [...document.querySelectorAll(
    "a[href], button:not([disabled]), input:not([type=hidden], [disabled]), select, textarea, "
    + "summary"
  )].filter(seen);
  const plain = [];
  for (const e of stops) {
    document.activeElement.blur();
    const holder = e.closest("label, .field, li") || e;
    const before = look(e) + look(holder);
    e.focus({focusVisible: true, preventScroll: true});
    if (document.activeElement === e && look(e) + look(holder) === before)
      plain.push(e.outerHTML.slice(0, 80));
  }
  document.activeElement.blur();
  return plain.length ? ["focus does not show: " + plain.slice(0, 3).join(" ")] : [];
}"""


#: Also where the page put the focus in a field of its own accord.
_TO_THE_TOP = """() => {
  window.scrollTo(0, 0);
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""


def audit(page: Page) -> list[str]:
    """Look at the page as it stands: phone and desk, light and dark.

    Returns:
        What is wrong, each with the screen it was seen on.
    """
    found: list[str] = []
    for screen, size in (("phone", PHONE), ("desk", DESK)):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict will do
        page.emulate_media(color_scheme="light")
        found += [f"{screen}: {problem}" for problem in page.evaluate(_WIDE)]
        found += [f"{screen}, light: {problem}" for problem in page.evaluate(_RUN, None)]
        page.emulate_media(color_scheme="dark")
        found += [f"{screen}, dark: {p}" for p in page.evaluate(_RUN, ["color-contrast"])]
    return found + keyboard(page)


def keyboard(page: Page) -> list[str]:
    """Whether the first stop skips to the page, and each stop shows that it has the focus."""
    found: list[str] = list(page.evaluate(_FOCUS))
    page.evaluate(_TO_THE_TOP)
    page.keyboard.press("Tab")
    skip = page.evaluate("() => document.activeElement.getAttribute('href')")
    if skip != "#main":
        return [*found, f"the first stop is {skip}, not the link that skips to the page"]
    page.keyboard.press("Enter")
    if page.evaluate("() => document.activeElement.id") != "main":
        found.append("the skip link does not reach the page")
    return found


def words(page: Page) -> Any:
    """The language that the page says it is in."""
    return page.evaluate("() => document.documentElement.lang")

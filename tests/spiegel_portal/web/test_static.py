"""Colours keep their contrast, scripts stay small, and what is vendored is what was fetched."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "src" / "spiegel_portal" / "web"
STATIC = WEB / "static"
CSS = STATIC / "web" / "css"
TOKENS = (CSS / "tokens.css").read_text()

#: Text and what it stands on; AA asks 4.5 for text.
TEXT_ON = [
    *[(text, ground) for text in ("ink", "muted", "accent", "accent-strong", "bad", "warn", "good",
                                  "own", "outside", "verdict")
      for ground in ("paper", "surface", "sunken")],
    *[("ink", ground) for ground in ("accent-soft", "good-soft", "warn-soft", "bad-soft")],
    ("accent", "accent-soft"), ("accent-strong", "accent-soft"), ("bad", "bad-soft"),
    ("muted", "accent-soft"), ("on-accent", "accent"), ("on-accent", "accent-strong"),
]  # fmt: skip
#: Edges of controls and signs; AA asks 3.
EDGE_ON = [
    (edge, ground)
    for edge in ("line-strong", "accent")
    for ground in ("paper", "surface", "sunken")
]


def blocks() -> list[dict[str, str]]:
    """The colours of every rule in the tokens, in the order written."""
    found = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r"\{([^{}]*)\}", TOKENS)
    ]
    return [colours for colours in found if colours]


LIGHT, DARK, DARK_CHOSEN, PAPER = blocks()


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, as WCAG 2.2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_the_most_there_is() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK, PAPER], ids=["light", "dark", "paper"])
def test_text_and_edges_keep_their_contrast(theme: dict[str, str]) -> None:
    weak = [
        f"--{text} on --{ground}: {contrast(theme[text], theme[ground]):.2f} < {least}"
        for pairs, least in ((TEXT_ON, 4.5), (EDGE_ON, 3.0))
        for text, ground in pairs
        if contrast(theme[text], theme[ground]) < least
    ]
    assert weak == []


def test_dark_by_choice_is_dark_by_the_system() -> None:
    assert DARK_CHOSEN == DARK
    assert sorted(LIGHT) == sorted(DARK) == sorted(PAPER)


def test_every_colour_in_the_styles_is_a_token() -> None:
    strays = [
        f"{path.name}: {found}"
        for path in sorted(CSS.glob("*.css"))
        if path.name != "tokens.css"
        for found in re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(", path.read_text())
    ]
    assert strays == []


def test_every_token_that_is_used_exists() -> None:
    defined = set(re.findall(r"--([\w-]+):", TOKENS))
    used = {
        name
        for path in CSS.glob("*.css")
        for name in re.findall(r"var\(--([\w-]+)", path.read_text())
    }
    assert used - defined == set()


def test_all_scripts_together_fit_the_first_view_of_any_page() -> None:
    scripts = sorted(STATIC.rglob("*.js"))
    size = sum(len(gzip.compress(path.read_bytes(), 6)) for path in scripts)

    assert (STATIC / "vendor" / "htmx.min.js") in scripts
    assert size <= 60_000


def test_live_marking_is_small() -> None:
    assert len((STATIC / "web" / "js" / "mirror.js").read_bytes()) <= 8_000


def test_no_style_asks_for_anything_from_elsewhere() -> None:
    asks = [p.name for p in CSS.glob("*.css") if re.search(r"@import|url\(", p.read_text())]
    assert asks == []


def test_vendored_files_are_the_ones_that_were_fetched(tmp_path: Path) -> None:
    tool = [sys.executable, str(ROOT / "tools" / "vendor.py")]
    right = subprocess.run(
        [*tool, str(STATIC / "vendor")], capture_output=True, text=True, check=False
    )
    (tmp_path / "SHA256SUMS").write_text((STATIC / "vendor" / "SHA256SUMS").read_text())
    (tmp_path / "htmx.min.js").write_text("something else")
    wrong = subprocess.run([*tool, str(tmp_path)], capture_output=True, text=True, check=False)

    assert (right.returncode, right.stderr) == (0, "")
    assert wrong.returncode == 1
    assert wrong.stderr == "htmx.min.js: not the file that was fetched\n"

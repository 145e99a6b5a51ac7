"""Write the figures of docs/signs-card.md anew: how well signs are found in corpus/timelines.

Usage: python tools/signs_card.py
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from spiegel.signs.evaluate import evaluate_timelines  # noqa: E402 - the path comes first
from spiegel.signs.find import find_signs  # noqa: E402 - the same
from spiegel.signs.timeline import timelines  # noqa: E402 - the same
from spiegel.signs.types import TEXT_SIGNS  # noqa: E402 - the same

if TYPE_CHECKING:
    from spiegel.signs.timeline import Gold
    from spiegel.signs.types import Timeline

CARD = ROOT / "docs" / "signs-card.md"
FOLDER = ROOT / "corpus" / "timelines"
START, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
Rows = list[tuple["Timeline", tuple["Gold", ...]]]


def held_out(name: str) -> bool:
    """Tell whether a timeline is held out: two numbers in five."""
    return int(name.rsplit("-", 1)[1]) % 5 in (0, 2)


def corpus() -> Rows:
    """Read the timelines of the repository."""
    paths = sorted(FOLDER.glob("*.jsonl"))
    return [(line, gold or ()) for path in paths for line, gold in timelines(path)]


def figures() -> str:
    """Give the figures as Markdown."""
    rows = corpus()
    held = [row for row in rows if held_out(row[0].id)]
    rest = [row for row in rows if not held_out(row[0].id)]
    return "\n".join([*_part("Held out", held), "", *_part("Used while writing", rest), ""])


def _part(name: str, rows: Rows) -> list[str]:
    scores = evaluate_timelines(rows).to_dict()
    healthy = sum(not gold for _, gold in rows)
    lines = [
        f"### {name}: {len(rows)} timelines, {healthy} of them healthy",
        "| sign | nl P | nl R | nl n | en P | en R | en n | all P | all R | all n |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for sign in TEXT_SIGNS:
        cells = [cell for lang in ("nl", "en", "all") for cell in _cells(scores[lang], sign)]
        lines.append(f"| `{sign}` | {' | '.join(cells)} |")
    false = ", ".join(f"{lang} {scores[lang]['false_per_healthy']:.2f}" for lang in scores)
    exact, hits = _exact(rows)
    return [
        *lines,
        "",
        f"False signs per healthy timeline: {false}.",
        "",
        f"Of {hits} signs found rightly, {exact} point to exactly the reader's events.",
    ]


def _cells(scores: dict[str, dict[str, dict[str, float]]], sign: str) -> list[str]:
    row = scores["signs"][sign]
    return [f"{row['precision']:.2f}", f"{row['recall']:.2f}", str(row["support"])]


def _exact(rows: Rows) -> tuple[int, int]:
    pairs = [
        (set(sign.evidence), set(one.evidence))
        for line, gold in rows
        for sign in find_signs(line)
        for one in gold
        if sign.sign == one.sign and set(sign.evidence) & set(one.evidence)
    ]
    return sum(found == given for found, given in pairs), len(pairs)


def main() -> int:
    """Put the figures into the card."""
    text = CARD.read_text(encoding="utf-8")
    before, rest = text.split(START)
    after = rest.split(END)[1]
    CARD.write_text(f"{before}{START}{figures()}{END}{after}", encoding="utf-8")
    print(figures())
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Write the figures into the mirror's model card.

    python tools/model_card.py                 those of the last training
    python tools/model_card.py FILE.jsonl      and those on labelled notes the model never saw

Each table stands between two HTML comments that name it; the rest of the card is left as it is.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CARD = ROOT / "docs" / "mirror-model-card.md"
WEIGHTS = ROOT / "src" / "spiegel" / "mirror" / "weights"
LANGUAGES = ("nl", "en")
NUMBERS = ("precision", "recall", "f1")


def tables(figures: dict[str, Any]) -> str:
    """Lay figures, in the shape of `spiegel evaluate --json`, out as two Markdown tables."""
    heads = [f"{lang} {head}" for lang in LANGUAGES for head in ("P", "R", "F1", "n")]
    lines = [f"| label | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for label in figures[LANGUAGES[0]]["labels"]:
        cells = [f"`{label}`"]
        for lang in LANGUAGES:
            row = figures[lang]["labels"][label]
            some = row["support"] > 0
            cells += [f"{row[number]:.2f}" if some else "" for number in NUMBERS]
            cells.append(str(row["support"]))
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        "| | macro-F1 | micro-F1 | precision of shown marks | coverage |",
        "|---" * 5 + "|",
    ]
    for lang, scores in figures.items():
        shown = scores["shown"]
        cells = [scores["macro_f1"], scores["micro_f1"], shown["precision"], shown["coverage"]]
        lines.append(f"| {lang} | {' | '.join(f'{cell:.2f}' for cell in cells)} |")
    return "\n".join(lines)


def trained() -> dict[str, Any]:
    """Read the figures of the last training, per language."""
    return {
        lang: json.loads((WEIGHTS / f"{lang}.json").read_text(encoding="utf-8"))["figures"]
        for lang in LANGUAGES
    }


def inserted(card: str, name: str, content: str) -> str:
    """Put content between the two comments of a name."""
    pattern = rf"(<!-- {name} -->\n).*?(\n<!-- end of {name} -->)"
    return re.sub(pattern, lambda match: match[1] + content + match[2], card, flags=re.DOTALL)


def main(argv: list[str]) -> None:
    """Write the card anew."""
    card = inserted(CARD.read_text(encoding="utf-8"), "trained", tables(trained()))
    if argv:
        sys.path.insert(0, str(ROOT / "src"))
        import spiegel  # noqa: PLC0415 - after the path is set

        card = inserted(card, "others", tables(spiegel.evaluate(argv[0]).to_dict()))
    CARD.write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

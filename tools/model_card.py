"""Write the figures into the mirror's model cards, English and Dutch.

    python tools/model_card.py                 those of the last training
    python tools/model_card.py FILE.jsonl      and those on labelled notes the model never saw
    python tools/model_card.py --print         print them instead

Each table stands between two HTML comments that name it; the rest of the card is left as it is.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CARDS = {
    "en": ROOT / "docs" / "mirror-model-card.md",
    "nl": ROOT / "docs" / "mirror-modelkaart.md",
}
WEIGHTS = ROOT / "src" / "spiegel" / "mirror" / "weights"
LANGUAGES = ("nl", "en")
NUMBERS = ("precision", "recall", "f1")
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "label": "label",
        "shown": "precision of shown marks",
        "coverage": "coverage",
        "alone": "macro-F1, each sentence by itself",
        "calibration": "expected calibration error",
        "spans": "token F1 of the words shown",
        "sentences": "sentences in the corpus",
        "phrases": "phrases in the phrase bank",
        "date": "trained on",
        "commit": "from commit",
    },
    "nl": {
        "label": "label",
        "shown": "precisie van wat getoond wordt",
        "coverage": "dekking",
        "alone": "macro-F1, elke zin los",
        "calibration": "verwachte ijkfout",
        "spans": "token-F1 van de getoonde woorden",
        "sentences": "zinnen in het corpus",
        "phrases": "woordgroepen in de woordgroepenbank",
        "date": "getraind op",
        "commit": "vanaf commit",
    },
}


def tables(figures: dict[str, Any], card: str = "en") -> str:
    """Lay figures, in the shape of `spiegel evaluate --json`, out as two Markdown tables."""
    words = WORDS[card]
    heads = [f"{lang} {head}" for lang in LANGUAGES for head in ("P", "R", "F1", "n")]
    lines = [f"| {words['label']} | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
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
        f"| | macro-F1 | micro-F1 | {words['shown']} | {words['coverage']} |",
        "|---" * 5 + "|",
    ]
    for lang, scores in figures.items():
        shown = scores["shown"]
        cells = [scores["macro_f1"], scores["micro_f1"], shown["precision"], shown["coverage"]]
        lines.append(f"| {lang} | {' | '.join(f'{cell:.2f}' for cell in cells)} |")
    return "\n".join(lines)


def further(metas: dict[str, Any], card: str = "en") -> str:
    """Lay out what else was measured, and when, as one Markdown table."""
    words = WORDS[card]
    figures = [metas[lang]["figures"] for lang in LANGUAGES]
    rows = {
        words["alone"]: [f"{each['alone']['macro_f1']:.2f}" for each in figures],
        words["calibration"]: [f"{each['calibration']['error']:.3f}" for each in figures],
        words["spans"]: [f"{each['spans']['f1']:.2f}" for each in figures],
        words["sentences"]: [f"{metas[lang]['corpus']['sentences']:,}" for lang in LANGUAGES],
        words["phrases"]: [f"{metas[lang]['corpus']['phrases']:,}" for lang in LANGUAGES],
        words["date"]: [metas[lang]["trained"]["date"] for lang in LANGUAGES],
        words["commit"]: [f"`{metas[lang]['trained']['commit']}`" for lang in LANGUAGES],
    }
    lines = [f"| | {' | '.join(LANGUAGES)} |", "|---" * 3 + "|"]
    return "\n".join([*lines, *(f"| {name} | {' | '.join(row)} |" for name, row in rows.items())])


def reliability(metas: dict[str, Any]) -> str:
    """Lay the reliability curve out: confidence said, and how often it was right."""
    lines = ["| nl | nl ✓ | en | en ✓ |", "|---|---|---|---|"]
    bins = [metas[lang]["figures"]["calibration"]["bins"] for lang in LANGUAGES]
    for row in zip(*bins, strict=False):
        cells = [f"{number:.2f}" for said, was, _ in row for number in (said, was)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def trained() -> dict[str, Any]:
    """Read what was written down of the last training, per language."""
    return {
        lang: json.loads((WEIGHTS / f"{lang}.json").read_text(encoding="utf-8"))
        for lang in LANGUAGES
    }


def inserted(card: str, name: str, content: str) -> str:
    """Put content between the two comments of a name."""
    first, last = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    pattern = f"{re.escape(first)}.*?{re.escape(last)}"
    return re.sub(pattern, lambda _: f"{first}{content}\n{last}", card, flags=re.DOTALL)


def renewed(text: str, card: str) -> str:
    """Put the figures of the last training into a card.

    Args:
        text: The card.
        card: Its language.
    """
    metas = trained()
    figures = {lang: meta["figures"] for lang, meta in metas.items()}
    text = inserted(text, "trained", tables(figures, card))
    text = inserted(text, "further", further(metas, card))
    return inserted(text, "reliability", reliability(metas))


def main(argv: list[str]) -> None:
    """Write the cards anew, or print the figures."""
    if argv == ["--print"]:
        metas = trained()
        figures = {lang: meta["figures"] for lang, meta in metas.items()}
        print("\n\n".join([tables(figures), further(metas), reliability(metas)]))
        return
    for card, path in CARDS.items():
        text = renewed(path.read_text(encoding="utf-8"), card)
        if argv:
            sys.path.insert(0, str(ROOT / "src"))
            import spiegel  # noqa: PLC0415 - after the path is set

            measured = spiegel.evaluate(argv[0]).to_dict()
            text = inserted(text, "others", tables(measured, card))
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

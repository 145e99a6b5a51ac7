"""Measuring a model on notes of trades it never saw, with the rules and as it ships."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from spiegel.mirror.evaluate import Counts, Scores
from spiegel.mirror.judge import judge, judge_notes
from spiegel.mirror.labels import LABELS
from spiegel.mirror.language import load

if TYPE_CHECKING:
    from pathlib import Path

    from notes import Note

    from spiegel.mirror.model import Model

#: Bins of equal width in which confidence is held against what came true.
BINS = 10


def figures(model: Model, notes: list[Note], lang: str) -> dict[str, Any]:
    """Give a model's figures on notes it never saw.

    Returns:
        As ``spiegel evaluate --json`` per language; "alone" has macro- and micro-F1 when each
        sentence is seen without its note, and "calibration" the expected calibration error (Naeini
        et al. 2015) over all labels, with mean confidence, share right and number per bin.
    """
    if not notes:
        return Scores().to_dict()
    gold = np.array([[label in given for label in LABELS] for n in notes for given in n.labels])
    together = judge_notes(load(lang), [note.texts for note in notes], model)
    alone = judge_notes(load(lang), [(text,) for note in notes for text in note.texts], model)
    scores = Scores.count(gold, together.chances >= model.likely, together.shown(model))
    single = Scores.count(gold, alone.chances >= model.likely, alone.shown(model))
    return {
        **scores.to_dict(),
        "alone": {
            "macro_f1": round(single.macro_f1, 4),
            "micro_f1": round(single.micro_f1, 4),
        },
        "calibration": reliability(together.chances, gold),
    }


def reliability(chances: np.ndarray, gold: np.ndarray) -> dict[str, Any]:
    """Hold confidence against what came true, over all labels together."""
    flat, true = chances.ravel(), gold.ravel()
    bin_of = np.minimum((flat * BINS).astype(int), BINS - 1)
    bins, error = [], 0.0
    for number in range(BINS):
        inside = bin_of == number
        if not inside.any():
            continue
        said, was = float(flat[inside].mean()), float(true[inside].mean())
        error += abs(said - was) * inside.sum() / len(flat)
        bins.append([round(said, 4), round(was, 4), int(inside.sum())])
    return {"error": round(error, 4), "bins": bins}


def span_figures(model: Model, path: Path, lang: str) -> dict[str, Any]:
    """Hold the words the mirror would show against those a reader marked, token by token.

    Args:
        model: The model.
        path: JSON Lines of "text", "label" and "words", a run of the text.
        lang: Its language.

    Returns:
        Precision, recall and F1 over all tokens, and how many sentences were marked.
    """
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    total = sum((_overlap(model, row, lang) for row in rows), Counts())
    return {"sentences": len(rows), **{k: v for k, v in total.to_dict().items() if k != "support"}}


def _overlap(model: Model, row: dict[str, str], lang: str) -> Counts:
    language, text = load(lang), row["text"]
    verdict = judge(language, [text], model)
    ((first, last),) = verdict.words(language, model, [(0, LABELS.index(row["label"]))])
    start = text.index(row["words"])
    end = start + len(row["words"])
    tokens = [token for token in verdict.text.tokens[0] if token.text[0].isalnum()]
    shown = {token for token in tokens if token.start < last and token.end > first}
    marked = {token for token in tokens if token.start < end and token.end > start}
    return Counts(len(shown & marked), len(shown - marked), len(marked - shown))

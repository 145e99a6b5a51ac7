"""Compare kinds of models, leave out what was written down, and draw the learning curve.

    python tools/training/compare.py        about twenty minutes; renews docs/mirror-comparison.md

Every kind is fitted on four of five folds of the training notes; its thresholds come from the
fifth, its figures from the held-out trades. The model that ships is fitted on more (all five
folds), so its own figures, in the model card, are a little better.
"""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from curve import drawn
from fitting import EVERY_GROUP, Unseen, best_f1, fit_context, fit_linear, linear_scores
from rows import CORPUS, FOLDS, ROOT, Rows, corpus_notes, read_phrases, rows_of
from sklearn.neural_network import MLPClassifier

from spiegel.mirror.evaluate import Scores
from spiegel.mirror.features import GROUPS, OWN_GROUPS
from spiegel.mirror.judge import correct
from spiegel.mirror.labels import LABELS
from spiegel.mirror.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = ROOT / "docs" / "mirror-comparison.md"
CURVE = ROOT / "docs" / "img" / "learning-curve.svg"
PARTS = (0.0625, 0.125, 0.25, 0.5, 1.0)  # of the training notes, along the learning curve
COLUMNS = 30_000  # the commonest features, for the network from scratch

WORDS = frozenset({GROUPS.index("word")})
LETTERS = WORDS | {GROUPS.index("char")}
APART = LETTERS | {GROUPS.index("apart")}
KINDS = APART | {GROUPS.index(name) for name in ("kind", "kinds_apart", "beside")}


@dataclass(frozen=True)
class Split:
    """One language's rows, split: fitted on, tuned on, measured on; each a boolean mask."""

    rows: Rows
    fitted: np.ndarray
    tuned: np.ndarray
    measured: np.ndarray

    def without_phrases(self) -> Split:
        """Leave the phrase bank out of what is fitted on."""
        return Split(self.rows, self.fitted & (self.rows.fold >= 0), self.tuned, self.measured)

    def part(self, share: float) -> Split:
        """Fit on a part of the notes only, the same whatever the order of the corpus."""
        own = self.rows.note * 2_654_435_761 % 1_000 < share * 1_000
        return Split(
            self.rows, self.fitted & (own | (self.rows.fold < 0)), self.tuned, self.measured
        )


def split(lang: str) -> Split:
    """Read one language's corpus, held-out notes too."""
    notes = corpus_notes.read(CORPUS / f"{lang}.jsonl")
    rows = rows_of(notes, read_phrases(CORPUS / "phrases" / f"{lang}.tsv"), lang)
    kept = [corpus_notes.held_out(note.trade) for note in notes]
    held = np.append(kept, np.zeros(len(rows.notes) - len(notes), dtype=bool))[rows.note]
    tuned = ~held & (rows.fold == 0)
    return Split(rows, ~held & ~tuned, tuned, held)


def scores_of(found: Split, values: np.ndarray) -> Scores:
    """Score values of every row: thresholds from the rows to tune on, rules included."""
    gold = found.rows.gold
    least = [
        best_f1(values[found.tuned, label], gold[found.tuned, label])
        for label in range(len(LABELS))
    ]
    chances = np.where(values >= least, 0.9, 0.1)
    sentences = [sentence for note in found.rows.notes for sentence in note]
    correct(found.rows.language, sentences, chances, Words().lay(sentences))
    likely = chances >= 0.5
    return Scores.count(gold[found.measured], likely[found.measured], likely[found.measured])


def linear(found: Split, groups: frozenset[int]) -> np.ndarray:
    """Fit linear decisions on some groups of features, and score every row."""
    fitted = fit_linear(found.rows, np.flatnonzero(found.fitted), groups)
    return linear_scores(found.rows, fitted, groups)


def second_look(found: Split) -> np.ndarray:
    """Fit linear decisions and the second look on scores of unseen rows, as training does."""
    rows = found.rows
    together, alone = np.zeros(rows.gold.shape), np.zeros(rows.gold.shape)
    for fold in range(1, FOLDS):
        others = np.flatnonzero(found.fitted & (rows.fold != fold))
        fitted = fit_linear(rows, others)
        mine = found.fitted & (rows.fold == fold)
        together[mine] = linear_scores(rows, fitted)[mine]
        alone[mine] = linear_scores(rows, fitted, OWN_GROUPS)[mine]
    own = found.fitted & (rows.fold >= 0)
    context = fit_context(Unseen(together, alone, rows.note, rows.gold, rows.fold).of(own))
    return context.logits(linear(found, EVERY_GROUP), rows.note)


def network(found: Split) -> np.ndarray:
    """Fit one small network from scratch on the commonest words and letters."""
    rows = found.rows
    rarity = rows.rarity(np.flatnonzero(found.fitted))
    laid = rows.matrix(rarity, LETTERS)
    common = np.argsort(-np.diff(laid[found.fitted].tocsc().indptr), kind="stable")[:COLUMNS]
    chosen = laid[:, np.sort(common)]
    machine = MLPClassifier(
        (64,), batch_size=256, early_stopping=True, max_iter=12, random_state=20
    )
    machine.fit(chosen[found.fitted], rows.gold[found.fitted])
    return np.asarray(machine.predict_proba(chosen))


KINDS_OF_MODELS: tuple[tuple[str, Callable[[Split], np.ndarray]], ...] = (
    (
        "a small network from scratch, words and letters",
        lambda found: network(found.without_phrases()),
    ),
    ("linear: runs of words", lambda found: linear(found.without_phrases(), WORDS)),
    ("… and runs of letters", lambda found: linear(found.without_phrases(), LETTERS)),
    ("… and words apart", lambda found: linear(found.without_phrases(), APART)),
    ("… and kinds of words (the lexicon)", lambda found: linear(found.without_phrases(), KINDS)),
    ("… and the neighbours' words", lambda found: linear(found.without_phrases(), EVERY_GROUP)),
    ("… and the phrase bank", lambda found: linear(found, EVERY_GROUP)),
    ("… and the second look within the note (what ships)", second_look),
    (
        "linear with the phrase bank, without the lexicon",
        lambda found: linear(found, EVERY_GROUP - (KINDS - APART)),
    ),
)


def compared(splits: dict[str, Split]) -> str:
    """Measure every kind of model, as a Markdown table."""
    lines = ["| | nl macro | nl micro | en macro | en micro |", "|---|---|---|---|---|"]
    for name, fit in KINDS_OF_MODELS:
        cells = []
        for found in splits.values():
            began = time.monotonic()
            scored = scores_of(found, fit(found))
            cells += [f"{scored.macro_f1:.3f}", f"{scored.micro_f1:.3f}"]
            print(f"{name}: {cells[-2:]} ({time.monotonic() - began:.0f} s)", flush=True)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def learning(splits: dict[str, Split]) -> dict[str, list[tuple[int, float]]]:
    """Measure macro-F1 against the number of sentences fitted on, phrases and all features in."""
    curves: dict[str, list[tuple[int, float]]] = {}
    for lang, found in splits.items():
        for share in PARTS:
            some = found.part(share)
            many = int((some.fitted & (some.rows.fold >= 0)).sum())
            scored = scores_of(some, linear(some, EVERY_GROUP))
            curves.setdefault(lang, []).append((many, scored.macro_f1))
            print(f"{lang}: {many} sentences, macro-F1 {scored.macro_f1:.3f}", flush=True)
    return curves


def main() -> None:
    """Measure, and renew the page and the drawing."""
    splits = {lang: split(lang) for lang in corpus_notes.LANGUAGES}
    curves = learning(splits)
    CURVE.write_text(drawn(curves), encoding="utf-8")
    steps = "\n".join(
        f"| {lang} | {' | '.join(f'{many:,}: {value:.3f}' for many, value in points)} |"
        for lang, points in curves.items()
    )
    curve = f"| | {' | '.join(f'{part:.0%}' for part in PARTS)} |\n{'|---' * 6}|\n{steps}"
    text = PAGE.read_text(encoding="utf-8")
    for name, table in (("kinds", compared(splits)), ("curve", curve)):
        first, last = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        pattern = f"{re.escape(first)}.*?{re.escape(last)}"
        text = re.sub(pattern, f"{first}{table}\n{last}", text, flags=re.DOTALL)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""Train the mirror anew from the corpus: `make train`, or `python tools/train_mirror.py`.

Per language: hashed word and character n-grams and kinds of words (spiegel.mirror.features), one
linear decision per label (a support vector machine with squared hinge loss), and per label a
logistic curve that turns its score into a probability (Platt 1999). Curves and thresholds come
from scores of notes the model had not seen: five folds, split by a hash of the note's id, so that
a note's sentences never stand on both sides. The weights that ship are then fitted on every note.

The same corpus and the same versions of numpy and scikit-learn give the same files, byte for byte.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import model_card
import numpy as np
import scipy.sparse
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from spiegel.mirror import features as feats  # noqa: E402 - after the path is set
from spiegel.mirror.evaluate import Scores  # noqa: E402 - after the path is set
from spiegel.mirror.judge import correct  # noqa: E402 - after the path is set
from spiegel.mirror.labels import LABELS  # noqa: E402 - after the path is set
from spiegel.mirror.language import Language, load  # noqa: E402 - after the path is set
from spiegel.mirror.model import calibrated  # noqa: E402 - after the path is set

CORPUS = ROOT / "corpus" / "seed"
WEIGHTS = ROOT / "src" / "spiegel" / "mirror" / "weights"
SEED = 20
FOLDS = 5
COST = 1.0  # of a training sentence on the wrong side, chosen by cross-validation
GOAL = 0.95  # precision of what is shown
FEWEST = 15  # shown sentences below which a measured precision says too little


@dataclass(frozen=True)
class Corpus:
    """A corpus as arrays: one row per sentence."""

    language: Language
    notes: list[list[str]]  # the sentences of each note
    features: list[feats.Features]
    rows: int
    gold: np.ndarray  # (rows, labels), bool
    fold: np.ndarray  # (rows,), which fold its note is in
    sha256: str


@dataclass(frozen=True)
class Fitted:
    """One linear decision per label, and the rarity its features were weighed by."""

    rarity: np.ndarray  # (SIZE,), float32
    weights: np.ndarray  # (SIZE, labels), float32
    intercepts: np.ndarray  # (labels,)


@dataclass(frozen=True)
class Calibration:
    """What turns scores into probabilities, predictions and marks; each (labels,)."""

    slopes: np.ndarray
    offsets: np.ndarray
    likely: np.ndarray
    shown: np.ndarray


def read(path: Path, lang: str) -> Corpus:
    """Read notes, one JSON object a line, with "id" and "sentences" of "text" and "labels"."""
    language = load(lang)
    raw = path.read_bytes()
    notes = [json.loads(line) for line in raw.decode("utf-8").splitlines() if line.strip()]
    sentences = [sentence for note in notes for sentence in note["sentences"]]
    texts = [[sentence["text"] for sentence in note["sentences"]] for note in notes]
    folds = [crc32(note["id"].encode()) % FOLDS for note in notes]
    return Corpus(
        language=language,
        notes=texts,
        features=[feats.extract(text, language.lexicon) for text in texts],
        rows=len(sentences),
        gold=np.array([[label in s["labels"] for label in LABELS] for s in sentences]),
        fold=np.repeat(folds, [len(text) for text in texts]),
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def rarity_of(corpus: Corpus, rows: np.ndarray) -> np.ndarray:
    """Give the inverse document frequency per hash place over some rows, shape (SIZE,).

    Rounded to what ships, so that training and run time weigh alike.
    """
    keep = np.zeros(corpus.rows, dtype=bool)
    keep[rows] = True
    seen = np.zeros(feats.SIZE, dtype=np.int64)
    first = 0
    for note in corpus.features:
        cell = np.unique(note.places * len(note.tokens) + note.sentence)
        sentence = cell % max(len(note.tokens), 1)
        seen += np.bincount(cell[keep[first + sentence]] // len(note.tokens), minlength=feats.SIZE)
        first += len(note.tokens)
    rarity = np.log((1 + len(rows)) / (1 + seen)) + 1
    return rarity.astype(np.float16).astype(np.float32)


def matrix(corpus: Corpus, rarity: np.ndarray) -> scipy.sparse.csr_matrix:
    """Lay the corpus out as a sparse matrix, shape (rows, SIZE)."""
    starts = np.cumsum([0, *(len(note.tokens) for note in corpus.features)])
    rows = [note.sentence + start for note, start in zip(corpus.features, starts, strict=False)]
    data = [feats.values(note, rarity) for note in corpus.features]
    places = [note.places for note in corpus.features]
    laid = scipy.sparse.csr_matrix(
        (np.concatenate(data), (np.concatenate(rows), np.concatenate(places))),
        shape=(corpus.rows, feats.SIZE),
    )
    laid.sum_duplicates()
    return laid


def fit(corpus: Corpus, rows: np.ndarray) -> Fitted:
    """Fit one decision per label on some rows."""
    rarity = rarity_of(corpus, rows)
    seen = matrix(corpus, rarity)[rows]
    weights, intercepts = [], []
    for label in range(len(LABELS)):
        machine = LinearSVC(C=COST, tol=1e-3, max_iter=5000, random_state=SEED)
        machine.fit(seen, corpus.gold[rows, label])
        weights.append(machine.coef_[0])
        intercepts.append(machine.intercept_[0])
    shipped = np.stack(weights, axis=1).astype(np.float16).astype(np.float32)
    return Fitted(rarity, shipped, np.array(intercepts))


def unseen_scores(corpus: Corpus) -> np.ndarray:
    """Score every sentence by a model that never saw its note, shape (rows, labels)."""
    scores = np.zeros((corpus.rows, len(LABELS)))
    for fold in range(FOLDS):
        fitted = fit(corpus, np.flatnonzero(corpus.fold != fold))
        rows = np.flatnonzero(corpus.fold == fold)
        scores[rows] = matrix(corpus, fitted.rarity)[rows] @ fitted.weights + fitted.intercepts
    return scores


def calibrate(scores: np.ndarray, gold: np.ndarray) -> Calibration:
    """Choose each label's curve and thresholds from scores of unseen sentences."""
    curves, likely, shown = [], [], []
    for label in range(len(LABELS)):
        column = scores[:, label : label + 1]
        curve = LogisticRegression(C=1e6, tol=1e-8).fit(column, gold[:, label])
        slope, offset = curve.coef_[0], curve.intercept_
        chance = calibrated(column, slope, offset)[:, 0]
        curves.append((slope[0], offset[0]))
        likely.append(best_f1(chance, gold[:, label]))
        shown.append(precise(chance, gold[:, label]))
    slopes, offsets = np.array(curves).T
    return Calibration(slopes, offsets, np.array(likely), np.array(shown))


def best_f1(chance: np.ndarray, gold: np.ndarray) -> float:
    """Find the probability from which predicting the label gives the best F1."""
    order = np.argsort(-chance, kind="stable")
    hits = np.cumsum(gold[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + gold.sum())
    return float(chance[order][np.argmax(f1)])


def precise(chance: np.ndarray, gold: np.ndarray) -> float:
    """Find the lowest probability from which the label's precision reaches the goal.

    A label that never reaches it on enough sentences is shown only above 0.99.
    """
    order = np.argsort(-chance, kind="stable")
    many = np.arange(1, len(order) + 1)
    good = (np.cumsum(gold[order]) / many >= GOAL) & (many >= FEWEST)
    return float(chance[order][np.flatnonzero(good)[-1]]) if good.any() else 0.99


def figures(corpus: Corpus, scores: np.ndarray) -> dict[str, Any]:
    """Measure on unseen notes, with the rules; what a fold is tuned by comes from the others."""
    total = Scores()
    for fold in range(FOLDS):
        mine = corpus.fold == fold
        tuned = calibrate(scores[~mine], corpus.gold[~mine])
        chances = calibrated(scores, tuned.slopes, tuned.offsets)
        shown = chances >= tuned.shown
        first = 0
        for note in corpus.notes:
            rows = slice(first, first + len(note))
            given = correct(corpus.language, note, chances[rows])
            shown[rows] &= chances[rows] > 0
            for place in given:
                shown[rows][place] = True
            first += len(note)
        total += Scores.count(corpus.gold[mine], (chances >= tuned.likely)[mine], shown[mine])
    return total.to_dict()


def train(source: Path, target: Path, lang: str) -> dict[str, Any]:
    """Train one language's model and write its weights and metadata.

    Args:
        source: The corpus, a JSON Lines file of notes.
        target: The folder to write LANG.npz and LANG.json to.
        lang: Two letters, such as "nl".

    Returns:
        The figures on unseen notes, as in the metadata.
    """
    corpus = read(source, lang)
    scores = unseen_scores(corpus)
    tuned = calibrate(scores, corpus.gold)
    fitted = fit(corpus, np.arange(corpus.rows))
    raw = io.BytesIO()
    np.savez(
        raw,
        rarity=fitted.rarity.astype(np.float16),
        weights=fitted.weights.astype(np.float16),
    )
    measured = figures(corpus, scores)
    meta = {
        "labels": list(LABELS),
        "size": feats.SIZE,
        "sha256": hashlib.sha256(raw.getvalue()).hexdigest(),
        "intercepts": rounded(fitted.intercepts),
        "slopes": rounded(tuned.slopes),
        "offsets": rounded(tuned.offsets),
        "likely": rounded(tuned.likely),
        "shown": rounded(tuned.shown),
        "corpus": {"notes": len(corpus.notes), "sentences": corpus.rows, "sha256": corpus.sha256},
        "figures": measured,
        "trained_with": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    }
    target.mkdir(parents=True, exist_ok=True)
    (target / f"{lang}.npz").write_bytes(raw.getvalue())
    (target / f"{lang}.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
    return measured


def rounded(numbers: np.ndarray) -> list[float]:
    """Keep six decimals, enough for a threshold and readable in a file."""
    return [round(float(number), 6) for number in numbers]


def main() -> None:
    """Train every language of the corpus, print what came of it, and renew the model card."""
    parser = argparse.ArgumentParser(description="Train the mirror anew from the corpus.")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of LANG.jsonl files")
    parser.add_argument("--target", type=Path, default=WEIGHTS, help="folder for the weights")
    args = parser.parse_args()
    for source in sorted(args.corpus.glob("*.jsonl")):
        measured = train(source, args.target, source.stem)
        print(f"{source.stem}: {json.dumps(measured)}")
    if args.target == WEIGHTS:
        model_card.main([])


if __name__ == "__main__":
    main()

"""Fitting: linear decisions, the second look within the note, and what makes scores honest."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from rows import FOLDS, Rows
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC

from spiegel.mirror.context import Context, Network, surroundings
from spiegel.mirror.features import GROUPS, OWN_GROUPS
from spiegel.mirror.labels import LABELS
from spiegel.mirror.model import Model, calibrated

SEED = 20
COST = 1.0  # of a training sentence on the wrong side, chosen by cross-validation
UNITS = 48  # of each network of the second look
NETWORKS = 3
ROUNDS = 12  # over the corpus, for each network
GOAL = 0.91  # precision of what is shown, above the 0.90 that is asked, as unseen text is harder
FEWEST = 15  # shown marks below which a measured precision says too little
EVERY_GROUP = frozenset(range(len(GROUPS)))


@dataclass(frozen=True)
class Linear:
    """One linear decision per label, and the rarity its features were weighed by."""

    rarity: np.ndarray  # (SIZE,), float32
    weights: np.ndarray  # (SIZE, labels), float32
    intercepts: np.ndarray  # (labels,)


@dataclass(frozen=True)
class Calibration:
    """What turns log-odds into probabilities, predictions and marks; each (labels,)."""

    slopes: np.ndarray
    offsets: np.ndarray
    likely: np.ndarray
    shown: np.ndarray


def fit_linear(rows: Rows, chosen: np.ndarray, groups: frozenset[int] = EVERY_GROUP) -> Linear:
    """Fit one decision per label on some rows: a support vector machine with squared hinge loss."""
    rarity = rows.rarity(chosen)
    seen = rows.matrix(rarity, groups)[chosen]
    weights, intercepts = [], []
    for label in range(len(LABELS)):
        machine = LinearSVC(C=COST, tol=1e-3, max_iter=5000, random_state=SEED)
        machine.fit(seen, rows.gold[chosen, label], sample_weight=rows.weight[chosen])
        weights.append(machine.coef_[0])
        intercepts.append(machine.intercept_[0])
    shipped = np.stack(weights, axis=1).astype(np.float16).astype(np.float32)
    return Linear(rarity, shipped, np.array(intercepts))


def linear_scores(rows: Rows, linear: Linear, groups: frozenset[int] = EVERY_GROUP) -> np.ndarray:
    """Score every row, shape (rows, labels)."""
    return rows.matrix(linear.rarity, groups) @ linear.weights + linear.intercepts


@dataclass(frozen=True)
class Unseen:
    """Scores of rows by decisions that never saw their trade; each (rows, labels).

    Attributes:
        together: Each sentence seen in its note.
        alone: Each seen by itself.
        note, gold, fold: As in Rows, of the same rows.
    """

    together: np.ndarray
    alone: np.ndarray
    note: np.ndarray
    gold: np.ndarray
    fold: np.ndarray

    def of(self, chosen: np.ndarray) -> Unseen:
        """Keep some rows."""
        columns = (self.together, self.alone, self.note, self.gold, self.fold)
        return Unseen(*(column[chosen] for column in columns))


def unseen_scores(rows: Rows, groups: frozenset[int] = EVERY_GROUP) -> Unseen:
    """Score every sentence by decisions that never saw its trade. Phrases teach every fold."""
    together = np.zeros((rows.many, len(LABELS)))
    alone = np.zeros_like(together)
    for fold in range(FOLDS):
        linear = fit_linear(rows, np.flatnonzero(rows.fold != fold), groups)
        mine = rows.fold == fold
        together[mine] = linear_scores(rows, linear, groups)[mine]
        alone[mine] = linear_scores(rows, linear, groups & OWN_GROUPS)[mine]
    whole = Unseen(together, alone, rows.note, rows.gold, rows.fold)
    return whole.of(rows.fold >= 0)


def fit_context(unseen: Unseen) -> Context:
    """Fit the networks of the second look, on sentences in their notes and by themselves."""
    single = np.arange(len(unseen.note))
    inputs = np.concatenate(
        [surroundings(unseen.together, unseen.note), surroundings(unseen.alone, single)]
    )
    gold = np.concatenate([unseen.gold, unseen.gold])
    mean, scale = inputs.mean(axis=0), inputs.std(axis=0) + 1e-9
    networks = []
    for number in range(NETWORKS):
        machine = MLPClassifier(
            (UNITS,),
            alpha=1e-2,
            learning_rate_init=2e-3,
            batch_size=256,
            max_iter=ROUNDS,
            random_state=SEED + number,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it is stopped early on purpose
            machine.fit((inputs - mean) / scale, gold)
        networks.append(
            Network(
                machine.coefs_[0], machine.intercepts_[0], machine.coefs_[1], machine.intercepts_[1]
            )
        )
    return Context(mean, scale, tuple(networks))


def unseen_logits(unseen: Unseen) -> np.ndarray:
    """Give every sentence's second look by networks that never saw its trade, (rows, labels)."""
    logits = np.zeros(unseen.together.shape)
    for fold in range(FOLDS):
        mine = unseen.fold == fold
        context = fit_context(unseen.of(~mine))
        logits[mine] = context.logits(unseen.together[mine], unseen.note[mine])
    return logits


def calibrate(logits: np.ndarray, gold: np.ndarray) -> Calibration:
    """Choose each label's curve and thresholds from log-odds of unseen sentences.

    Once confidence means the same for every label, one threshold for all shows the most marks at
    a given precision.
    """
    curves, likely = [], []
    chances = np.empty(logits.shape)
    for label in range(len(LABELS)):
        column = logits[:, label : label + 1]
        curve = LogisticRegression(C=1e6, tol=1e-8).fit(column, gold[:, label])
        slope, offset = curve.coef_[0], curve.intercept_
        chances[:, label] = calibrated(column, slope, offset)[:, 0]
        curves.append((slope[0], offset[0]))
        likely.append(best_f1(chances[:, label], gold[:, label]))
    slopes, offsets = np.array(curves).T
    shown = np.maximum(precise(chances.ravel(), gold.ravel()), likely)
    return Calibration(slopes, offsets, np.array(likely), shown)


def best_f1(chance: np.ndarray, gold: np.ndarray) -> float:
    """Find the probability from which predicting the label gives the best F1."""
    order = np.argsort(-chance, kind="stable")
    hits = np.cumsum(gold[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + gold.sum())
    return float(chance[order][np.argmax(f1)])


def precise(chance: np.ndarray, gold: np.ndarray) -> float:
    """Find the lowest probability from which precision reaches the goal.

    Where it never does on enough marks, only what is surer than 0.99 is shown.
    """
    order = np.argsort(-chance, kind="stable")
    many = np.arange(1, len(order) + 1)
    good = (np.cumsum(gold[order]) / many >= GOAL) & (many >= FEWEST)
    return float(chance[order][np.flatnonzero(good)[-1]]) if good.any() else 0.99


def fit_model(rows: Rows) -> Model:
    """Fit everything that ships for one language."""
    unseen = unseen_scores(rows)
    tuned = calibrate(unseen_logits(unseen), unseen.gold)
    linear = fit_linear(rows, np.arange(rows.many))
    return Model(
        rarity=linear.rarity,
        weights=linear.weights,
        intercepts=linear.intercepts,
        context=fit_context(unseen),
        slopes=tuned.slopes,
        offsets=tuned.offsets,
        likely=tuned.likely,
        shown=tuned.shown,
    )

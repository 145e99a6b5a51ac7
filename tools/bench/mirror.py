"""Measure the mirror beside a pipeline of scikit-learn: the same text, one core, the same run."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from figures import Speed
from place import ROOT
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union
from threadpoolctl import threadpool_limits

import spiegel
from spiegel.mirror import language, model
from spiegel.mirror.judge import judge_notes

if TYPE_CHECKING:
    from collections.abc import Callable

_LANG = "en"
_TURNS = 5
_CALLS = 300  # of one note
_NOTES = 256  # at once
_LEARNT = 10_000  # sentences the pipeline learns from, so that it has a vocabulary to look up


def measure() -> list[Speed]:
    """Take the mirror's figures: the best of several turns, as others use the machine too."""
    path = ROOT / "corpus" / f"{_LANG}.jsonl"
    notes = [json.loads(line)["sentences"] for line in path.read_text("utf-8").splitlines()]
    texts = [[each["text"] for each in note] for note in notes]
    nine = " ".join(next(note for note in texts if len(note) >= 9)[:9])
    with threadpool_limits(1):
        return [
            Speed("mirror: judging, in batch", _rate(texts, _judge), "sentences/s"),
            Speed("mirror: cutting, judging, explaining", _rate(texts, _reflect), "sentences/s"),
            Speed("scikit-learn: n-grams alone", _rate(texts, _pipeline(notes)), "sentences/s"),
            Speed(
                "mirror: a note of nine sentences",
                _best(lambda: spiegel.reflect(nine), _CALLS),
                "ms",
            ),
        ]


def _judge(notes: list[list[str]]) -> object:
    return judge_notes(language.load(_LANG), notes, model.load(_LANG))


def _reflect(notes: list[list[str]]) -> object:
    return spiegel.reflect_many([" ".join(note) for note in notes])


def _pipeline(notes: list[list[dict[str, Any]]]) -> Callable[[list[list[str]]], object]:
    """Fit what people build first: TF-IDF of words and letters, one linear decision per label."""
    rows = [each for note in notes for each in note][:_LEARNT]
    gold = np.array([[label in row["labels"] for label in spiegel.LABELS] for row in rows])
    fitted = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        ),
        OneVsRestClassifier(SGDClassifier(random_state=0)),
    ).fit([row["text"] for row in rows], gold)
    return lambda block: fitted.predict([sentence for note in block for sentence in note])


def _rate(notes: list[list[str]], run: Callable[[list[list[str]]], object]) -> float:
    blocks = [notes[first : first + _NOTES] for first in range(0, len(notes), _NOTES)]
    best = _best(lambda: [run(block) for block in blocks])
    return sum(map(len, notes)) / best * 1000


def _best(run: Callable[[], object], turns: int = _TURNS) -> float:
    times = []
    for _turn in range(turns):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return min(times)

"""Hold the mirror against labels given by readers: precision, recall, F1 and what would be shown.

Two thresholds are in play. "labels", "macro_f1" and "micro_f1" score the labels the mirror finds
likely: the probability that gave the best F1 per label when it was trained. "shown" scores the
marks a seller would see: the higher probability, chosen for precision.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from spiegel.errors import InputError
from spiegel.lines import lines_of

from . import model
from .judge import judge_notes
from .labels import LABELS
from .language import codes, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Counts:
    """Hits, false alarms and misses: what precision, recall and F1 are made of. Addable."""

    hits: int = 0
    alarms: int = 0
    misses: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Add up two sets of counts."""
        return Counts(
            self.hits + other.hits, self.alarms + other.alarms, self.misses + other.misses
        )

    @property
    def support(self) -> int:
        """How many sentences carry the label according to the readers."""
        return self.hits + self.misses

    @property
    def precision(self) -> float:
        """Part of what was predicted that is right; 0 when nothing was predicted."""
        return _part(self.hits, self.hits + self.alarms)

    @property
    def recall(self) -> float:
        """Part of what is there that was predicted; 0 when nothing is there."""
        return _part(self.hits, self.support)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall (van Rijsbergen 1979)."""
        return _part(2 * self.hits, 2 * self.hits + self.alarms + self.misses)

    def to_dict(self) -> dict[str, float | int]:
        """Give the figures, rounded to four decimals, for JSON."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "support": self.support,
        }


def _none() -> tuple[Counts, ...]:
    return tuple(Counts() for _ in LABELS)


@dataclass(frozen=True, slots=True)
class Scores:
    """Counts per label, of what is likely and of what would be shown. Addable.

    Attributes:
        labels: Likely labels against the readers', in the order of LABELS.
        shown: Shown marks against the readers', over all labels together.
    """

    labels: tuple[Counts, ...] = field(default_factory=_none)
    shown: Counts = field(default_factory=Counts)

    @classmethod
    def count(
        cls, gold: NDArray[np.bool_], likely: NDArray[np.bool_], shown: NDArray[np.bool_]
    ) -> Scores:
        """Count hits, false alarms and misses.

        Args:
            gold: What the readers say, shape (sentences, labels).
            likely: What the mirror finds likely, same shape.
            shown: What it would show, same shape.
        """
        labels = tuple(_compare(gold[:, place], likely[:, place]) for place in range(len(LABELS)))
        return cls(labels, _compare(gold, shown))

    def __add__(self, other: Scores) -> Scores:
        """Add up two sets of scores."""
        labels = tuple(mine + yours for mine, yours in zip(self.labels, other.labels, strict=True))
        return Scores(labels, self.shown + other.shown)

    @property
    def macro_f1(self) -> float:
        """Mean F1 over the labels that occur."""
        present = [counts.f1 for counts in self.labels if counts.support]
        return _part(sum(present), len(present))

    @property
    def micro_f1(self) -> float:
        """F1 of all labels counted together."""
        return sum(self.labels, Counts()).f1

    def to_dict(self) -> dict[str, Any]:
        """Give the figures for JSON; coverage is the part of the readers' labels shown rightly."""
        return {
            "macro_f1": round(self.macro_f1, 4),
            "micro_f1": round(self.micro_f1, 4),
            "labels": {
                label: counts.to_dict() for label, counts in zip(LABELS, self.labels, strict=True)
            },
            "shown": {
                "precision": round(self.shown.precision, 4),
                "coverage": round(self.shown.recall, 4),
            },
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores per language. Addable."""

    languages: dict[str, Scores]

    def __add__(self, other: Evaluation) -> Evaluation:
        """Add up two evaluations, language by language."""
        known = sorted({*self.languages, *other.languages})
        return Evaluation(
            {
                lang: self.languages.get(lang, Scores()) + other.languages.get(lang, Scores())
                for lang in known
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the figures per language and over "all", for JSON."""
        total = sum(self.languages.values(), Scores())
        return {
            **{lang: scores.to_dict() for lang, scores in self.languages.items()},
            "all": total.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Example:
    """A note with what readers say of each sentence."""

    lang: str
    sentences: tuple[str, ...]
    labels: tuple[frozenset[str], ...]


def evaluate(path: str | Path, *, alone: bool = False) -> Evaluation:
    """Score the mirror on a file of labelled sentences or notes.

    Args:
        path: A JSON Lines file. A line is one sentence, ``{"id", "lang", "text", "labels"}``, or
            one note, ``{"id", "lang", "sentences": [{"text", "labels"}, …]}``, whose sentences
            are seen in each other's context. Other keys are passed over.
        alone: See every sentence by itself, without its note.

    Returns:
        The scores per language.

    Raises:
        InputError: The file cannot be read, or a line is not one of the two; the message names
            file and line.
    """
    found: dict[str, Scores] = {}
    for example in examples(path):
        found[example.lang] = found.get(example.lang, Scores()) + score(example, alone=alone)
    return Evaluation(dict(sorted(found.items(), key=lambda item: _order(item[0]))))


def score(example: Example, *, alone: bool = False) -> Scores:
    """Score the mirror on one note, or on each of its sentences by itself."""
    trained = model.load(example.lang)
    notes = [(sentence,) for sentence in example.sentences] if alone else [example.sentences]
    verdict = judge_notes(load(example.lang), notes, trained)
    gold = np.array([[label in given for label in LABELS] for given in example.labels])
    return Scores.count(gold, verdict.chances >= trained.likely, verdict.shown(trained))


def examples(path: str | Path) -> Iterator[Example]:
    """Read a file of labelled sentences or notes; see :func:`evaluate`.

    Raises:
        InputError: As for :func:`evaluate`.
    """
    for number, line in enumerate(lines_of(path), start=1):
        if not line.strip():
            continue
        try:
            yield _example(json.loads(line))
        except ValueError as error:
            reason = "it is not JSON" if isinstance(error, json.JSONDecodeError) else str(error)
            raise InputError(
                "bad-example",
                f"{path}, line {number}: {reason}. Give one sentence or one note a line, as JSON.",
                file=str(path),
                line=number,
                reason=reason,
            ) from error


def _example(data: object) -> Example:
    if not isinstance(data, dict):
        raise ValueError("it is not an object in braces")  # noqa: TRY004 - caught with the rest
    lang = data.get("lang")
    if lang not in codes():
        raise ValueError(f"'lang' is {lang!r} instead of one of {', '.join(codes())}")
    if "sentences" in data:
        rows = data["sentences"]
        if not isinstance(rows, list) or not rows:
            raise ValueError("'sentences' is not a list with at least one sentence")
    else:
        rows = [data]
    pairs = [_sentence(row) for row in rows]
    return Example(lang, tuple(text for text, _ in pairs), tuple(given for _, given in pairs))


def _sentence(row: object) -> tuple[str, frozenset[str]]:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError("a sentence lacks its 'text'")  # noqa: TRY004 - caught with the rest
    given = row.get("labels")
    if not isinstance(given, list) or not all(isinstance(label, str) for label in given):
        raise ValueError("a sentence lacks its 'labels', a list that may be empty")
    unknown = sorted(set(given) - set(LABELS))
    if unknown:
        raise ValueError(f"there is no label {unknown[0]!r}")
    return row["text"], frozenset(given)


def _compare(gold: NDArray[np.bool_], found: NDArray[np.bool_]) -> Counts:
    return Counts(
        hits=int((gold & found).sum()),
        alarms=int((~gold & found).sum()),
        misses=int((gold & ~found).sum()),
    )


def _order(lang: str) -> tuple[bool, str]:
    return lang != "nl", lang


def _part(part: float, whole: float) -> float:
    return part / whole if whole else 0.0

"""Hold found signs against those a careful reader finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from spiegel.errors import InputError

from .find import find_signs
from .timeline import timelines
from .types import SIGNS, TEXT_SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from .timeline import Gold
    from .types import Sign, SignSettings, Timeline


@dataclass(frozen=True, slots=True)
class SignCounts:
    """Hits, false alarms and misses of one sign. Addable."""

    hits: int = 0
    alarms: int = 0
    misses: int = 0

    def __add__(self, other: SignCounts) -> SignCounts:
        """Add up two sets of counts."""
        return SignCounts(
            self.hits + other.hits, self.alarms + other.alarms, self.misses + other.misses
        )

    def to_dict(self) -> dict[str, float | int]:
        """Give precision, recall and support for JSON; 0 where there is nothing to divide by."""
        support, found = self.hits + self.misses, self.hits + self.alarms
        return {
            "precision": round(self.hits / found, 4) if found else 0.0,
            "recall": round(self.hits / support, 4) if support else 0.0,
            "support": support,
        }


@dataclass(frozen=True, slots=True)
class SignScores:
    """Counts per sign, and signs found where a careful reader finds none. Addable."""

    signs: dict[str, SignCounts] = field(default_factory=dict)
    healthy: int = 0
    false_on_healthy: int = 0

    def __add__(self, other: SignScores) -> SignScores:
        """Add up two sets of scores."""
        names = {*self.signs, *other.signs}
        none = SignCounts()
        return SignScores(
            {name: self.signs.get(name, none) + other.signs.get(name, none) for name in names},
            self.healthy + other.healthy,
            self.false_on_healthy + other.false_on_healthy,
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the figures for JSON: the signs of texts, and others that occur."""
        shown = [name for name in SIGNS if name in self.signs or name in TEXT_SIGNS]
        per_healthy = self.false_on_healthy / self.healthy if self.healthy else 0.0
        return {
            "signs": {name: self.signs.get(name, SignCounts()).to_dict() for name in shown},
            "false_per_healthy": round(per_healthy, 4),
        }


@dataclass(frozen=True, slots=True)
class SignEvaluation:
    """Scores per language. Addable."""

    languages: dict[str, SignScores]

    def __add__(self, other: SignEvaluation) -> SignEvaluation:
        """Add up two evaluations, language by language."""
        known = {*self.languages, *other.languages}
        none = SignScores()
        return SignEvaluation(
            {
                lang: self.languages.get(lang, none) + other.languages.get(lang, none)
                for lang in known
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the figures per language and over "all", for JSON; Dutch and English always."""
        langs = sorted({*self.languages, "nl", "en"}, key=lambda lang: (lang != "nl", lang))
        none = SignScores()
        return {
            **{lang: self.languages.get(lang, none).to_dict() for lang in langs},
            "all": sum(self.languages.values(), none).to_dict(),
        }


def evaluate_signs(path: str | Path, settings: SignSettings | None = None) -> SignEvaluation:
    """Score the signs found in a file of timelines against its "gold".

    A found sign is right when the reader found the same sign and both point to a common event.

    Args:
        path: A JSON Lines file of timelines; see docs/cli.md.
        settings: The thresholds; the defaults when not given.

    Raises:
        InputError: The file cannot be read, a line is no timeline, or lacks "gold".
    """
    return evaluate_timelines(_with_gold(path), settings)


def evaluate_timelines(
    rows: Iterable[tuple[Timeline, tuple[Gold, ...]]], settings: SignSettings | None = None
) -> SignEvaluation:
    """Score the signs found in timelines against a careful reader's."""
    total = SignEvaluation({})
    for timeline, gold in rows:
        scores = score(find_signs(timeline, settings=settings), gold)
        total += SignEvaluation({timeline.lang: scores})
    return total


def _with_gold(path: str | Path) -> Iterable[tuple[Timeline, tuple[Gold, ...]]]:
    for timeline, gold in timelines(path):
        if gold is None:
            raise InputError(
                "no-gold",
                f"{path}: timeline {timeline.id or '?'} lacks 'gold', a list that may be empty.",
                file=str(path),
            )
        yield timeline, gold


def score(found: tuple[Sign, ...], gold: tuple[Gold, ...]) -> SignScores:
    """Count what was found rightly, wrongly and not, in one timeline."""
    left = list(gold)
    counts: dict[str, SignCounts] = {}
    for sign in found:
        match = next((each for each in left if _same(sign, each)), None)
        if match:
            left.remove(match)
        one = SignCounts(hits=1) if match else SignCounts(alarms=1)
        counts[sign.sign] = counts.get(sign.sign, SignCounts()) + one
    for each in left:
        counts[each.sign] = counts.get(each.sign, SignCounts()) + SignCounts(misses=1)
    healthy = not gold
    return SignScores(counts, int(healthy), len(found) if healthy else 0)


def _same(sign: Sign, gold: Gold) -> bool:
    if sign.sign != gold.sign:
        return False
    return not gold.evidence or bool(set(sign.evidence) & set(gold.evidence))

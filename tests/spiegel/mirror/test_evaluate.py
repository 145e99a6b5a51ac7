"""Evaluation's arithmetic against small cases worked out by hand, and its answers to bad files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import spiegel
from spiegel.mirror.evaluate import Counts, Evaluation, Scores, evaluate, examples

if TYPE_CHECKING:
    from pathlib import Path


def grid(*rows: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Make a table of sentences by labels; each row names the places of its labels."""
    table = np.zeros((len(rows), len(spiegel.LABELS)), dtype=bool)
    for sentence, row in enumerate(rows):
        for label in row.split():
            table[sentence, spiegel.LABELS.index(label)] = True
    return table


GOLD = grid("own", "own customer", "", "customer", "final")
LIKELY = grid("own", "own", "own", "customer", "")
SHOWN = grid("own", "", "", "customer offer", "")


def test_counts_by_hand() -> None:
    counts = Counts(hits=3, alarms=1, misses=2)
    assert (counts.precision, counts.recall, counts.support) == (0.75, 0.6, 5)
    assert counts.f1 == pytest.approx(2 * 0.75 * 0.6 / 1.35)


def test_nothing_counted_is_zero() -> None:
    assert Counts().to_dict() == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0}


def test_scores_by_hand() -> None:
    figures = Scores.count(GOLD, LIKELY, SHOWN).to_dict()
    # own: 2 hits, 1 alarm; customer: 1 hit, 1 miss; final: 1 miss. Shown: 2 of 3 right, 2 of 5.
    assert figures["labels"]["own"] == {
        "precision": 0.6667,
        "recall": 1.0,
        "f1": 0.8,
        "support": 2,
    }
    assert figures["labels"]["customer"] == {
        "precision": 1.0,
        "recall": 0.5,
        "f1": 0.6667,
        "support": 2,
    }
    assert figures["labels"]["final"]["f1"] == 0.0
    assert list(figures["labels"]) == list(spiegel.LABELS)
    assert figures["macro_f1"] == round((0.8 + 2 / 3 + 0) / 3, 4)
    assert figures["micro_f1"] == round(6 / (6 + 1 + 2), 4)
    assert figures["shown"] == {"precision": 0.6667, "coverage": 0.4}


def test_macro_is_over_labels_that_occur() -> None:
    scores = Scores.count(grid("own"), grid("own offer"), grid(""))
    assert scores.macro_f1 == 1.0
    assert scores.micro_f1 == pytest.approx(2 / 3)


def test_scores_add_up() -> None:
    whole = Scores.count(GOLD, LIKELY, SHOWN)
    first = Scores.count(GOLD[:2], LIKELY[:2], SHOWN[:2])
    rest = Scores.count(GOLD[2:], LIKELY[2:], SHOWN[2:])
    assert first + rest == whole
    assert Evaluation({"nl": first}) + Evaluation({"nl": rest, "en": first}) == Evaluation(
        {"en": first, "nl": whole}
    )


def test_all_is_the_sum_of_the_languages() -> None:
    scores = Scores.count(GOLD, LIKELY, SHOWN)
    figures = Evaluation({"nl": scores, "en": scores}).to_dict()
    assert list(figures) == ["nl", "en", "all"]
    assert figures["all"]["macro_f1"] == figures["nl"]["macro_f1"]
    assert figures["all"]["labels"]["own"]["support"] == 4


def write(folder: Path, *rows: object) -> Path:
    """Write rows as JSON Lines; a string is written as it is."""
    path = folder / "labelled.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


FACT = {"id": "1", "lang": "en", "text": "We met on Tuesday.", "labels": []}
OWN = {"id": "2", "lang": "en", "text": "I should have asked who signs first.", "labels": ["own"]}


def test_sentences_and_notes_mix(tmp_path: Path) -> None:
    note = {
        "id": "3",
        "lang": "nl",
        "outcome": "lost",
        "sentences": [
            {"text": "Offerte verstuurd.", "labels": [], "hard": False},
            {"text": "Ik had eerder moeten vragen wie er beslist.", "labels": ["own"]},
        ],
    }
    path = write(tmp_path, FACT, "", OWN, note)
    assert [len(example.sentences) for example in examples(path)] == [1, 1, 2]
    figures = evaluate(path).to_dict()
    assert list(figures) == ["nl", "en", "all"]
    assert figures["all"]["labels"]["own"] == {
        "precision": 1.0,
        "recall": 1.0,
        "f1": 1.0,
        "support": 2,
    }
    assert figures["all"]["shown"] == {"precision": 1.0, "coverage": 1.0}


def test_an_empty_file_has_only_the_total(tmp_path: Path) -> None:
    assert list(evaluate(write(tmp_path, "")).to_dict()) == ["all"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", "it is not JSON"),
        ("[1]", "it is not an object in braces"),
        ({**OWN, "lang": "fr"}, "'lang' is 'fr' instead of one of en, nl"),
        ({**OWN, "lang": ["en"]}, "'lang' is ['en'] instead of one of en, nl"),
        ({"lang": "en", "labels": []}, "a sentence lacks its 'text'"),
        ({"lang": "en", "text": "x"}, "a sentence lacks its 'labels', a list that may be empty"),
        ({**OWN, "labels": "own"}, "a sentence lacks its 'labels', a list that may be empty"),
        ({**OWN, "labels": ["blame"]}, "there is no label 'blame'"),
        ({"lang": "en", "sentences": []}, "'sentences' is not a list with at least one sentence"),
        ({"lang": "en", "sentences": [{}]}, "a sentence lacks its 'text'"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, row: object, reason: str) -> None:
    path = write(tmp_path, FACT, row)
    with pytest.raises(spiegel.InputError) as caught:
        evaluate(path)
    assert caught.value.message == (
        f"{path}, line 2: {reason}. Give one sentence or one note a line, as JSON."
    )
    assert caught.value.data["line"] == 2


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(spiegel.InputError, match=r"none\.jsonl cannot be read: No such file"):
        evaluate(tmp_path / "none.jsonl")


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes('{"text": "café"}'.encode("latin-1"))
    with pytest.raises(spiegel.InputError, match="is not UTF-8 text; save it as UTF-8"):
        evaluate(path)

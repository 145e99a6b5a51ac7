"""Training: the same corpus gives the same model, byte for byte, and the model has learnt."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from spiegel.mirror import model
from spiegel.mirror.labels import LABELS

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
NOTES = 150


@pytest.fixture(scope="module")
def program() -> ModuleType:
    pytest.importorskip("sklearn", reason="training needs the development dependencies")
    sys.path.insert(0, str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location(
        "train_mirror", ROOT / "tools" / "train_mirror.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["train_mirror"] = module
    spec.loader.exec_module(module)
    sys.path.remove(str(ROOT / "tools"))
    return module


@pytest.fixture(scope="module")
def few_notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = (ROOT / "corpus" / "seed" / "en.jsonl").read_text(encoding="utf-8").splitlines()
    path = tmp_path_factory.mktemp("corpus") / "en.jsonl"
    path.write_text("\n".join(lines[:NOTES]), encoding="utf-8")
    return path


def test_training_twice_gives_the_same_bytes(
    program: ModuleType, few_notes: Path, tmp_path: Path
) -> None:
    figures = program.train(few_notes, tmp_path / "one", "en")
    assert program.train(few_notes, tmp_path / "two", "en") == figures
    for name in ("en.npz", "en.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    meta = json.loads((tmp_path / "one" / "en.json").read_text(encoding="utf-8"))
    model.check_metadata("en", meta, (tmp_path / "one" / "en.npz").read_bytes())
    assert meta["corpus"]["notes"] == NOTES
    assert meta["figures"] == figures
    assert figures["labels"]["own"]["f1"] > 0.4


def test_a_notes_sentences_stay_on_one_side(program: ModuleType, few_notes: Path) -> None:
    corpus = program.read(few_notes, "en")
    first = 0
    for note in corpus.notes:
        assert len(set(corpus.fold[first : first + len(note)])) == 1
        first += len(note)
    assert first == corpus.rows
    assert set(corpus.fold) == set(range(program.FOLDS))


def test_the_shipped_models_come_from_the_shipped_corpus(program: ModuleType) -> None:
    for lang in ("nl", "en"):
        meta = json.loads((model.WEIGHTS / f"{lang}.json").read_text(encoding="utf-8"))
        corpus = program.read(program.CORPUS / f"{lang}.jsonl", lang)
        assert meta["corpus"] == {
            "notes": len(corpus.notes),
            "sentences": corpus.rows,
            "sha256": corpus.sha256,
        }


def test_best_f1_by_hand(program: ModuleType) -> None:
    chance = np.array([0.9, 0.8, 0.7, 0.1])
    assert program.best_f1(chance, np.array([True, False, True, False])) == 0.7


def test_precise_by_hand(program: ModuleType) -> None:
    chance = np.linspace(0.99, 0.5, 50)
    gold = np.arange(50) < 38  # of the first 40, 38 are right: 0.95
    assert program.precise(chance, gold) == pytest.approx(chance[39])
    assert program.precise(chance, np.zeros(50, dtype=bool)) == 0.99


def test_labels_are_those_of_the_engine(program: ModuleType, few_notes: Path) -> None:
    assert program.read(few_notes, "en").gold.shape[1] == len(LABELS)

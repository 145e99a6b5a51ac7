"""Training: the same corpus gives the same model, byte for byte, and the model has learnt."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs the development dependencies")

import fitting
import measuring
import notes as corpus_notes
import rows as training_rows

from spiegel.mirror import model
from spiegel.mirror.labels import LABELS

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
NOTES = 260


@pytest.fixture(scope="module")
def program() -> ModuleType:
    path = ROOT / "tools" / "training" / "__main__.py"
    spec = importlib.util.spec_from_file_location("training_program", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["training_program"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = (ROOT / "corpus" / "en.jsonl").read_text(encoding="utf-8").splitlines()
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "en.jsonl").write_text("\n".join(lines[:NOTES]), encoding="utf-8")
    marked = {"text": "I never asked who signs.", "label": "own", "words": "never asked"}
    (folder / "spans").mkdir()
    (folder / "spans" / "en.jsonl").write_text(json.dumps(marked), encoding="utf-8")
    (folder / "phrases").mkdir()
    phrases = "own\tnever asked who signs\nnone\tsent the quote\n"
    (folder / "phrases" / "en.tsv").write_text(phrases, encoding="utf-8")
    return folder


def test_training_twice_gives_the_same_bytes(
    program: ModuleType, small_corpus: Path, tmp_path: Path
) -> None:
    when = {"date": "2026-11-28", "commit": "0123456789ab"}
    figures = program.train(small_corpus, tmp_path / "one", "en", when)
    assert program.train(small_corpus, tmp_path / "two", "en", when) == figures
    for name in ("en.npz", "en.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    meta = json.loads((tmp_path / "one" / "en.json").read_text(encoding="utf-8"))
    model.check_metadata("en", meta, (tmp_path / "one" / "en.npz").read_bytes())
    assert (meta["corpus"]["notes"], meta["corpus"]["phrases"]) == (NOTES, 2)
    assert meta["figures"] == figures
    assert meta["trained"] == when
    assert figures["labels"]["own"]["f1"] > 0.4
    assert figures["spans"]["sentences"] == 1
    assert figures["spans"]["recall"] > 0


def test_a_trade_stays_on_one_side(small_corpus: Path) -> None:
    every = corpus_notes.read(small_corpus / "en.jsonl")
    rows = training_rows.rows_of(every, [("own", "never asked")], "en")
    sides: dict[str, set[int]] = {}
    for note, texts in zip(every, rows.notes, strict=False):
        assert note.texts == texts
    for index, note in enumerate(every):
        sides.setdefault(corpus_notes.trade_key(note.trade), set()).update(
            rows.fold[rows.note == index].tolist()
        )
    assert {len(folds) for folds in sides.values()} == {1}
    assert set(rows.fold.tolist()) == {-1, *range(training_rows.FOLDS)}


def test_a_phrase_weighs_less_and_has_its_label() -> None:
    rows = training_rows.rows_of([], [("final", "no chance in hell"), ("none", "met on")], "en")
    assert rows.weight.tolist() == [training_rows.PHRASE_WEIGHT] * 2
    assert [LABELS[place] for place in np.flatnonzero(rows.gold[0])] == ["final"]
    assert not rows.gold[1].any()


def test_the_shipped_models_come_from_the_shipped_corpus() -> None:
    for lang in ("nl", "en"):
        meta = json.loads((model.WEIGHTS / f"{lang}.json").read_text(encoding="utf-8"))
        assert meta["corpus"] == training_rows.fingerprint(training_rows.CORPUS, lang)


def test_best_f1_by_hand() -> None:
    chance = np.array([0.9, 0.8, 0.7, 0.1])
    assert fitting.best_f1(chance, np.array([True, False, True, False])) == 0.7


def test_precise_by_hand() -> None:
    chance = np.linspace(0.99, 0.5, 50)
    gold = np.arange(50) < 46  # of all 50, 46 are right: 0.92
    assert fitting.precise(chance, gold) == pytest.approx(chance[49])
    assert fitting.precise(chance, np.zeros(50, dtype=bool)) == 0.99


def test_reliability_by_hand() -> None:
    chances = np.array([[0.95], [0.95], [0.05], [0.15]])
    gold = np.array([[True], [False], [False], [False]])
    found = measuring.reliability(chances, gold)
    assert found["bins"] == [[0.05, 0.0, 1], [0.15, 0.0, 1], [0.95, 0.5, 2]]
    assert found["error"] == pytest.approx((0.05 + 0.15 + 2 * 0.45) / 4)

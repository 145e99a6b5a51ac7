"""The model card's figures are those of the model that ships."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import spiegel
from spiegel.mirror.language import codes, load

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("SPIEGEL_SHARED", ROOT.parent / "shared"))
EXAMPLES = SHARED / "mirror-examples.jsonl"


@pytest.fixture(scope="module")
def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("model_card", ROOT / "tools" / "model_card.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def card() -> str:
    return (ROOT / "docs" / "mirror-model-card.md").read_text(encoding="utf-8")


def test_the_figures_of_training_are_the_last_ones(program: ModuleType, card: str) -> None:
    assert program.inserted(card, "trained", program.tables(program.trained())) == card


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the labelled examples are not on this machine")
def test_the_figures_on_other_hands_are_the_last_ones(program: ModuleType, card: str) -> None:
    figures = spiegel.evaluate(EXAMPLES).to_dict()
    assert program.inserted(card, "others", program.tables(figures)) == card


def test_the_card_names_every_label_and_language(card: str) -> None:
    assert [label for label in spiegel.LABELS if f"\n| `{label}` |" not in card] == []
    names = {"nl": "Dutch", "en": "English"}
    assert sorted(names) == list(codes())
    assert [load(code).code for code in codes() if names[code] not in card] == []


def test_nothing_is_inserted_where_there_is_no_place(program: ModuleType) -> None:
    assert program.inserted("no place", "trained", "figures") == "no place"
    text = "<!-- a -->\nold\n<!-- end of a -->"
    assert program.inserted(text, "a", "new") == "<!-- a -->\nnew\n<!-- end of a -->"

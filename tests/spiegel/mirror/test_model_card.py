"""The model card's figures are those of the model that ships."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import spiegel
from spiegel.mirror.language import codes

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


def card(program: ModuleType, language: str) -> str:
    text: str = program.CARDS[language].read_text(encoding="utf-8")
    return text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_figures_of_training_are_the_last_ones(program: ModuleType, language: str) -> None:
    text = card(program, language)
    assert program.renewed(text, language) == text, "run python tools/model_card.py"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.skipif(not EXAMPLES.exists(), reason="the labelled examples are not on this machine")
def test_the_figures_on_other_hands_are_the_last_ones(program: ModuleType, language: str) -> None:
    text = card(program, language)
    figures = spiegel.evaluate(EXAMPLES).to_dict()
    assert program.inserted(text, "others", program.tables(figures, language)) == text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_card_names_every_label(program: ModuleType, language: str) -> None:
    text = card(program, language)
    assert [label for label in spiegel.LABELS if f"\n| `{label}` |" not in text] == []


def test_every_language_has_a_card(program: ModuleType) -> None:
    assert sorted(program.CARDS) == list(codes())


def test_nothing_is_inserted_where_there_is_no_place(program: ModuleType) -> None:
    assert program.inserted("no place", "trained", "figures") == "no place"
    text = "<!-- a -->\n<!-- end of a -->"
    once = program.inserted(text, "a", "new")
    assert once == "<!-- a -->\nnew\n<!-- end of a -->"
    assert program.inserted(once, "a", "newer") == once.replace("new", "newer")

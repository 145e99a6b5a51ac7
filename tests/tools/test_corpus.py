"""The corpus is what its card says, and what it takes in is checked."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import notes as corpus_notes
import pytest
from duplicates import near_duplicates

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]

SHORT = """## roofing | plain | lost
We quoted before we had seen the roof. ~own
They have two more sheds. ~

## fencing | plain | won
Nobody else could deliver in March. ~com, off
"""


@pytest.fixture(scope="module")
def program() -> ModuleType:
    path = ROOT / "tools" / "corpus" / "__main__.py"
    spec = importlib.util.spec_from_file_location("corpus_program", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["corpus_program"] = module
    spec.loader.exec_module(module)
    return module


def test_the_corpus_is_in_order(program: ModuleType) -> None:
    assert program.check() == []


def test_the_short_form_is_read() -> None:
    found, problems = corpus_notes.parse(SHORT, lang="en", batch="enX-01")
    assert problems == []
    assert [note.id for note in found] == ["enX-01-001", "enX-01-002"]
    assert found[0].labels == (("own",), ())
    assert found[1].labels == (("competitor", "offer"),)
    assert (found[1].trade, found[1].outcome) == ("fencing", "won")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("## roofing | lost\n", "line 1: a head is '## trade | register | outcome'."),
        ("No head. ~\n", "line 1: no sentence with its labels: No head. ~"),
        (
            "## a | b | lost\nNo tilde.\n",
            "line 2: no sentence with its labels: No tilde.",
        ),
        ("## a | b | lost\nWhat? ~xyz\n", "line 2: no sentence with its labels: What? ~xyz"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, problem: str) -> None:
    assert corpus_notes.parse(text, lang="en", batch="enX")[1] == [problem]


def test_near_duplicates_are_found_and_others_are_not() -> None:
    sentences = [
        ("a", "They never told us the budget was frozen in March."),
        ("b", "We were told nothing about any freeze at all."),
        ("c", "They never told us the budget was frozen in April."),
        ("d", "Too short."),
        ("e", "Too short."),
    ]
    (found,) = near_duplicates(sentences)
    assert (found.where, found.earlier_where) == ("c", "a")
    assert found.resemblance == pytest.approx(7 / 9)


def test_taking_in_leaves_near_duplicates_out(
    program: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "CORPUS", tmp_path)
    (tmp_path / "en.jsonl").write_text("", encoding="utf-8")
    source = tmp_path / "enX-01.txt"
    twice = SHORT + "\n## sheds | plain | lost\nWe quoted before we had seen the roof. ~own\n"
    source.write_text(twice, encoding="utf-8")
    said = program.add([source])
    assert [line.split(":")[0] for line in said] == ["enX-01-003"]
    kept = corpus_notes.read(tmp_path / "en.jsonl")
    assert [note.id for note in kept] == ["enX-01-001", "enX-01-002"]
    assert program.add([source]) == said
    assert corpus_notes.read(tmp_path / "en.jsonl") == kept


def test_a_held_out_trade_is_held_out_in_every_batch() -> None:
    for lang in corpus_notes.LANGUAGES:
        every = corpus_notes.read(ROOT / "corpus" / f"{lang}.jsonl")
        kept = sum(corpus_notes.held_out(note.trade) for note in every) / len(every)
        assert 0.08 < kept < 0.18
    assert corpus_notes.held_out("Roofing, flat") == corpus_notes.held_out("roofing")

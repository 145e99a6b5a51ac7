"""Kinds of words: looked up whole, by stem, without an ending, and by their last part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spiegel.errors import DataError
from spiegel.mirror import language
from spiegel.mirror.lexicon import KINDS, Lexicon, read

if TYPE_CHECKING:
    from pathlib import Path

LEXICON = Lexicon(
    words={"dame": ("person",), "call": ("communicate",), "refuse": ("refuse",)},
    stems={"inkop": ("customer",), "inkopers": ("company",)},
    endings=("ing", "ed", "s"),
    shortest_last_part=4,
)


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ("dame", ("person",)),
        ("inkoper", ("customer",)),
        ("inkopersclub", ("company",)),
        ("called", ("communicate",)),
        ("refusing", ("refuse",)),
        ("calls", ("communicate",)),
        ("huisdame", ("person",)),
        ("jdame", ()),
        ("sed", ()),
        ("fietsbel", ()),
    ],
)
def test_a_word_is_found(word: str, kinds: tuple[str, ...]) -> None:
    assert LEXICON.kinds(word) == kinds


def test_a_language_that_does_not_join_words_looks_at_no_last_part() -> None:
    assert Lexicon({"call": ("communicate",)}, {}).kinds("recall") == ()


@pytest.mark.parametrize("code", language.codes())
def test_every_kind_is_used_and_every_word_is_lower_case(code: str) -> None:
    lexicon = language.load(code).lexicon
    used = {kind for kinds in (*lexicon.words.values(), *lexicon.stems.values()) for kind in kinds}
    assert used == set(KINDS)
    words = [*lexicon.words, *lexicon.stems]
    assert [word for word in words if word != language.plain(word)] == []
    assert len(words) > 7_500


@pytest.mark.parametrize(
    "line", ["inkoper", "inkoper buyer", " customer", "dame person\ndame person", "a customer "]
)
def test_a_damaged_lexicon_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"line \d: .* is not a new word with known kinds"):
        read(path, endings=[], shortest_last_part=0)


def test_a_missing_lexicon_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path / "lexicon.txt", endings=[], shortest_last_part=0)

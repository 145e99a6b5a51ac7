"""The notation of phrases, and that the data of both languages is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from spiegel.claims import language, phrases
from spiegel.errors import DataError, InputError

SRC = Path(phrases.__file__).parents[1]


def made(tmp_path: Path, text: str, *names: str) -> phrases.Phrases:
    path = tmp_path / "phrases.txt"
    path.write_text(text, encoding="utf-8")
    return phrases.read(path, frozenset(names))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("put off", "we put, off"),
        ("put ~ off", "they put the whole thing off"),
        ("postpone*", "it was postponed"),
        ("put_it off", "put it off"),
        ("will [not] come", "will come"),
        ("will [not] come", "will not come"),
        ("{w_who} decides", "the board decides"),
    ],
)
def test_phrases_that_are_found(tmp_path: Path, phrase: str, text: str) -> None:
    found = made(tmp_path, f"[w_who]\nthe_board\n[one]\n{phrase}  # why\n", "one")
    assert found.has("one", text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("put off", "put it off"),
        ("put ~ off", "put it down. they are off"),
        ("put off", "input off"),
        ("put off", "put offal"),
    ],
)
def test_phrases_that_are_not_found(tmp_path: Path, phrase: str, text: str) -> None:
    assert not made(tmp_path, f"[one]\n{phrase}\n", "one").has("one", text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[two]\na\n", "missing or unknown sections: one, two"),
        ("a\n[one]\n", "line 1 stands in no section"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        made(tmp_path, text, "one")


@pytest.mark.parametrize("phrase", ["(a", "{w_none} b", "{one}"])
def test_a_damaged_phrase_is_refused(tmp_path: Path, phrase: str) -> None:
    with pytest.raises(DataError):
        made(tmp_path, f"[one]\n{phrase}\n", "one").has("one", "a")


def test_folding_moves_no_character() -> None:
    assert phrases.fold("Één ‘Café’ İ ß") == "een 'cafe' i ß"


def test_both_languages_have_the_same_sections_and_all_compile() -> None:
    assert language.codes() == ("en", "nl")
    for code in language.codes():
        loaded = language.load(code)
        for name in loaded.phrases.names():
            loaded.phrases.pattern(name)
        assert len(loaded.months) == 12


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InputError, match="'de' is not known; give one of en, nl"):
        language.load("de")


def test_nobody_is_called_names() -> None:
    words = ("lia" + "r", "ly" + "ing", "lie" + "s", "leugen" + "aar", "liegt", "gelogen", "leugen")
    texts = [path for path in SRC.rglob("*") if path.suffix in {".py", ".txt", ".json"}]
    own = [path for path in texts if path.relative_to(SRC).parts[0] in {"claims", "signs"}]
    assert own
    found = {
        path.name: word
        for path in own
        for word in words
        if f" {word} " in path.read_text(encoding="utf-8").lower()
    }
    assert found == {}

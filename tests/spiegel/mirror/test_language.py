"""The data of each language: complete, closed, and good enough to tell one from the other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spiegel.errors import DataError
from spiegel.mirror import language
from spiegel.mirror.labels import LABELS

CORPUS = Path(__file__).resolve().parents[3] / "corpus"


@pytest.mark.parametrize("code", language.codes())
def test_every_language_is_whole(code: str) -> None:
    loaded = language.load(code)
    assert set(loaded.questions) == set(LABELS)
    assert all(question.endswith("?") for question in loaded.questions.values())
    assert len(set(loaded.questions.values())) == len(LABELS)


@pytest.mark.parametrize("code", language.codes())
def test_no_abbreviation_is_listed_twice(code: str) -> None:
    listed = language.load(code).abbreviations
    groups = [listed.before_names, listed.always, listed.before_numbers, listed.inside]
    assert sum(map(len, groups)) == len(frozenset().union(*groups))


@pytest.mark.parametrize("code", language.codes())
def test_data_is_lower_case(code: str) -> None:
    loaded = language.load(code)
    assert [word for word in sorted(loaded.common_words) if word != language.plain(word)] == []


def test_questions_of_the_design_stand_as_they_are() -> None:
    questions = language.load("en").questions
    assert questions["self_verdict"] == "Which one act would you do differently?"
    assert questions["customer"] == (
        "What did you know or not ask, and when could you first have asked?"
    )
    assert questions["final"] == (
        "What would have had to be true for a yes, and when could you have found out?"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("De klant belde niet terug.", "nl"),
        ("Klant liegt.", "nl"),
        ("offerte gestuurd, geen reactie", "nl"),
        ("The customer never called back.", "en"),
        ("Buyer lied.", "en"),
        ("quote sent, no reply", "en"),
        ("We hadden een demo met hun CFO over pricing en support.", "nl"),
        ("Ik had het moeten vragen. " * 3 + "They said no.", "nl"),
        ("", "en"),
        ("12345 !!", "en"),
    ],
)
def test_the_language_is_told_from_the_text(text: str, code: str) -> None:
    assert language.detect(text) == code


@pytest.mark.parametrize("code", ["nl", "en"])
def test_the_language_of_nearly_every_note_is_told(code: str) -> None:
    notes = [
        json.loads(line)
        for line in (CORPUS / f"{code}.jsonl").read_text(encoding="utf-8").splitlines()[::5]
    ]
    texts = [" ".join(sentence["text"] for sentence in note["sentences"]) for note in notes]
    right = sum(language.detect(text) == code for text in texts)
    assert right / len(texts) > 0.99


def test_plain_moves_no_character() -> None:
    assert language.plain("Ik’s İK") == "ik's " + "İk"
    assert len(language.plain("İ" * 5)) == 5


KEYS = frozenset({"words"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", r"xx/part\.json cannot be read"),
        ("[]", r"xx/part\.json has missing or unknown keys: no object\."),
        ('{"words": ["a"], "more": ["b"]}', r"xx/part\.json has missing or unknown keys: more\."),
        ("{}", r"xx/part\.json has missing or unknown keys: words\."),
        ('{"words": [1]}', r"xx/part\.json: 'words' does not hold text\."),
        ('{"words": []}', r"xx/part\.json: 'words' does not hold text\."),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: str, message: str) -> None:
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "part.json").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        language.read(folder / "part.json", KEYS)


GOOD = {"effect": "never", "labels": ["own"], "pattern": "did my best", "example": "I did my best."}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({}, "is not a list of rules"),
        ([{**GOOD, "why": "so"}], "rule 1 has missing or unknown keys"),
        ([GOOD, {**GOOD, "effect": "often"}], "rule 2 has an unknown effect or label"),
        ([{**GOOD, "labels": ["blame"]}], "rule 1 has an unknown effect or label"),
        ([{**GOOD, "pattern": "("}], "rule 1 has a bad pattern"),
        ([{**GOOD, "example": "I tried."}], "rule 1 does not find its example"),
    ],
)
def test_a_bad_rule_is_refused(tmp_path: Path, rows: object, message: str) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        language.read_rules(path)
    path.write_text(json.dumps([GOOD]), encoding="utf-8")
    assert language.read_rules(path)[0].labels == ("own",)

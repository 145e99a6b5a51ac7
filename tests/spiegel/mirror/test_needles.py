"""A rule is tried wherever its pattern matches, and in few other sentences."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from spiegel.mirror import language, needles
from spiegel.mirror.words import Words

CORPUS = Path(__file__).parents[3] / "corpus"


def rule(pattern: str) -> language.Rule:
    """A rule with this pattern."""
    return language.Rule("always", ("own",), re.compile(pattern), "")


def tried(pattern: str, sentences: list[str]) -> list[int]:
    """In which sentences the pattern is tried."""
    return needles.Sieve([rule(pattern)]).candidates(Words().lay(sentences))[0]


@pytest.mark.parametrize("lang", language.codes())
def test_no_match_is_passed_over(lang: str) -> None:
    with (CORPUS / f"{lang}.jsonl").open(encoding="utf-8") as lines:
        notes = [json.loads(line)["sentences"] for line, _ in zip(lines, range(900), strict=False)]
    rules = language.load(lang).rules
    sentences = [each["text"] for note in notes for each in note] + [rule.example for rule in rules]
    sieve = needles.Sieve(rules)
    plain = [language.plain(sentence) for sentence in sentences]
    attempts = 0
    for each, found in zip(sieve.rules, sieve.candidates(Words().lay(sentences)), strict=True):
        matching = {at for at, line in enumerate(plain) if each.pattern.search(line)}
        assert matching <= set(found), each.pattern.pattern
        attempts += len(found)
    assert attempts < len(sentences)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("lijntje|voor de gek", [[{"lijntje"}], [{"voor"}, {"gek"}, {"de"}]]),
        (r"\bkan?(?:k|n|nen)? niet", [[{"niet"}, {"ka"}]]),
        (r"(?:hield|bleef) (?:ons )?door\b", [[{"hield", "bleef"}, {"door"}]]),
        (r"(?:was|.)x", [[{"x"}]]),
        ("can't|a[,:]b", [[{"can't"}], [{"a"}, {"b"}]]),
        (r"(?:ab)+c?", [[{"ab"}]]),
        (r"(?i)KLANT", [[]]),
        (r"\d+", [[]]),
        (r"[\"“] ?\w", [[{'"', "“"}]]),
    ],
)
def test_needles_follow_from_a_pattern(pattern: str, expected: list[list[set[str]]]) -> None:
    assert needles.turns_of(pattern) == expected


def test_all_needles_of_one_alternative_are_needed() -> None:
    sentences = ["Aan het lijntje.", "Ze hielden ons AAN het lijntje!", "hielden", "gek", ""]
    assert tried("hielden .*lijntje|gek", sentences) == [1, 3]
    assert tried(r"\d", sentences) == [0, 1, 2, 3, 4]


def test_without_the_parser_of_patterns_every_sentence_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(needles, "importlib", None)
    assert tried("gek", ["gek", "wijs"]) == [0, 1]


def test_more_needles_than_fit_in_one_number() -> None:
    letters = "abcdefghij"
    pattern = "|".join(f"{one}{two}q" for one in letters for two in letters)
    assert tried(pattern, ["aaq", "jjq", "jj"]) == [0, 1]


def test_no_rules_try_nothing() -> None:
    assert needles.Sieve([]).candidates(Words().lay(["gek"])) == []

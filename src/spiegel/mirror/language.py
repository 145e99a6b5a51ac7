"""The languages the mirror reads: folders of data, checked against a closed schema when read.

A language is added by adding a folder under ``lang`` with the same three files, a corpus to train
on, and weights. Nothing in the code names a language.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from spiegel.errors import DataError, InputError

from . import lexicon
from .labels import LABELS

_FOLDER = Path(__file__).parent / "lang"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
#: How much of a text is read to tell its language, in characters.
_ENOUGH = 20_000
#: What one telling piece of a word weighs against one common word.
_PIECE = 0.25

#: Per file of a language, the keys it must have.
SCHEMA: dict[str, frozenset[str]] = {
    "language": frozenset(
        {"name", "common_words", "pieces", "weak_ends", "endings", "shortest_last_part"}
    ),
    "questions": frozenset(LABELS),
    "abbreviations": frozenset({"before_names", "always", "before_numbers", "inside"}),
}
_RULE_KEYS = frozenset({"effect", "labels", "pattern", "example"})
_EFFECTS = ("always", "never")


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Shortened words, lower case without their last stop, by what the stop does.

    Attributes:
        before_names: Titles; a name follows, so the sentence goes on.
        always: The sentence goes on whatever follows ("i.o.v.", "kl.").
        before_numbers: It goes on when a number follows ("no. 4"), as they are words too.
        inside: It goes on unless a capital follows ("etc.", "wk.").
    """

    before_names: frozenset[str]
    always: frozenset[str]
    before_numbers: frozenset[str]
    inside: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a turn of phrase settles, whatever the model finds.

    Attributes:
        effect: ``"always"`` the labels hold, or ``"never"``.
        labels: The labels it settles.
        pattern: The phrase, for lower-case text with straight apostrophes.
        example: A sentence that has it.
    """

    effect: str
    labels: tuple[str, ...]
    pattern: re.Pattern[str]
    example: str


@dataclass(frozen=True, slots=True)
class Language:
    """One language's data.

    Attributes:
        code: Two letters, such as ``"nl"``.
        name: Its name in itself.
        questions: Label to the question asked of the seller.
        abbreviations: Where a stop does not end a sentence.
        common_words: Words that give the language away, lower case.
        pieces: Letters in a row, ``^`` and ``$`` for a word's edges, that give it away.
        weak_ends: Words on which words that are shown had better not end, such as "the".
        lexicon: Kinds of words.
        rules: Turns of phrase that settle a label.
    """

    code: str
    name: str
    questions: dict[str, str]
    abbreviations: Abbreviations
    common_words: frozenset[str]
    pieces: tuple[str, ...]
    weak_ends: frozenset[str]
    lexicon: lexicon.Lexicon
    rules: tuple[Rule, ...]


@cache
def codes() -> tuple[str, ...]:
    """List the languages there are, in alphabetical order: one folder each."""
    return tuple(sorted(path.parent.name for path in _FOLDER.glob("*/language.json")))


@cache
def load(code: str) -> Language:
    """Read one language's data.

    Raises:
        InputError: There is no such language.
        DataError: One of its files is missing or damaged, lacks a key, or holds an unknown one.
    """
    if code not in codes():
        known = ", ".join(codes())
        raise InputError(
            "unknown-language",
            f"The language {code!r} is not known; give one of {known}.",
            lang=code,
            known=codes(),
        )
    parts = {name: read(_FOLDER / code / f"{name}.json", keys) for name, keys in SCHEMA.items()}
    words = {name: frozenset(listed) for name, listed in parts["abbreviations"].items()}
    return Language(
        code=code,
        name=parts["language"]["name"],
        questions=parts["questions"],
        abbreviations=Abbreviations(**words),
        common_words=frozenset(parts["language"]["common_words"]),
        pieces=tuple(parts["language"]["pieces"]),
        weak_ends=frozenset(parts["language"]["weak_ends"]),
        lexicon=lexicon.read(
            _FOLDER / code / "lexicon.txt",
            endings=parts["language"]["endings"],
            shortest_last_part=int(parts["language"]["shortest_last_part"]),
        ),
        rules=read_rules(_FOLDER / code / "rules.json"),
    )


def read(path: Path, keys: frozenset[str]) -> dict[str, Any]:
    """Read one file of a language: a JSON object with exactly these keys.

    Args:
        path: The file.
        keys: The keys it must have; each holds a string or a list of strings.

    Raises:
        DataError: The file cannot be read, is no such object, or has other keys or values.
    """
    where, data = _json(path)
    if not isinstance(data, dict) or set(data) != keys:
        odd = ", ".join(sorted(set(data) ^ keys)) if isinstance(data, dict) else "no object"
        raise DataError("bad-language", f"{where} has missing or unknown keys: {odd}.", file=where)
    for key, value in data.items():
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(isinstance(each, str) and each for each in listed):
            raise DataError("bad-language", f"{where}: {key!r} does not hold text.", file=where)
    return data


def read_rules(path: Path) -> tuple[Rule, ...]:
    """Read a language's rules: a list of objects with effect, labels, pattern and example.

    Raises:
        DataError: The file cannot be read; a rule has other keys, an unknown effect or label, a
            pattern that is none, or an example its pattern does not find.
    """
    where, data = _json(path)
    if not isinstance(data, list):
        raise DataError("bad-language", f"{where} is not a list of rules.", file=where)
    return tuple(_rule(f"{where}, rule {number}", row) for number, row in enumerate(data, 1))


def plain(text: str) -> str:
    """Lower a text's case and straighten its apostrophes without moving a character."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := each.lower()) == 1 else each for each in text)
    return lowered.replace("’", "'")


def _json(path: Path) -> tuple[str, Any]:
    where = f"{path.parent.name}/{path.name}"
    try:
        return where, json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError("bad-language", f"{where} cannot be read: {error}.", file=where) from error


def _rule(where: str, row: Any) -> Rule:
    if not isinstance(row, dict) or set(row) != _RULE_KEYS:
        raise DataError("bad-language", f"{where} has missing or unknown keys.", file=where)
    if row["effect"] not in _EFFECTS or not set(row["labels"]) <= set(LABELS):
        raise DataError("bad-language", f"{where} has an unknown effect or label.", file=where)
    try:
        pattern = re.compile(row["pattern"])
    except re.error as error:
        raise DataError(
            "bad-language", f"{where} has a bad pattern: {error}.", file=where
        ) from error
    if not pattern.search(plain(row["example"])):
        raise DataError("bad-language", f"{where} does not find its example.", file=where)
    return Rule(row["effect"], tuple(row["labels"]), pattern, row["example"])


def detect(text: str) -> str:
    """Tell which language a text is in, by its common words and telling letters.

    Args:
        text: Any text; its first 20,000 characters are looked at.

    Returns:
        The code of the likeliest language; the first in the alphabet when nothing tells.
    """
    words = _WORD.findall(text[:_ENOUGH])
    if not words:
        return codes()[0]
    told = [sum(each) for each in zip(*map(_evidence, words), strict=True)]
    return codes()[told.index(max(told))]


@lru_cache(maxsize=1 << 16)
def _evidence(word: str) -> tuple[float, ...]:
    """Say how much a word speaks for each language."""
    lowered = word.lower().replace("’", "'")
    framed = f"^{lowered}$"
    return tuple(
        (lowered in language.common_words) + _PIECE * sum(map(framed.count, language.pieces))
        for language in map(load, codes())
    )

"""Features are the same on every machine and in every run, and know where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from spiegel.mirror.features import (
    GROUP_WEIGHTS,
    GROUPS,
    SIZE,
    Part,
    Text,
    char_part,
    char_places,
    extract,
    tokenize,
)
from spiegel.mirror.language import load
from spiegel.mirror.model import group_lengths, weighed

if TYPE_CHECKING:
    from collections.abc import Sequence

LEXICON = load("en").lexicon


def parts_of(notes: Sequence[Sequence[str]]) -> list[Part]:
    """Give every feature of some notes."""
    text = Text.of(notes)
    return [*extract(text, LEXICON), char_part(text)]


def sentences_of(parts: list[Part], group: str) -> list[int]:
    """Say which sentences the features of a group belong to."""
    mine = [part.sentence for part in parts if part.group == GROUPS.index(group)]
    return [int(each) for each in np.concatenate(mine)]


def test_tokens_are_words_numbers_and_signs() -> None:
    tokens = tokenize("Don’t pay €1.250,50 - OK?")
    assert [token.text for token in tokens] == ["don't", "pay", "€", "0", "-", "ok", "?"]
    assert [(token.start, token.end) for token in tokens][3] == (11, 19)


def test_hashes_do_not_depend_on_the_run() -> None:
    """Python's own hash does; these numbers were worked out once and ship in the weights."""
    words = next(iter(extract(Text.of([["Never asked."]]), LEXICON)))
    assert words.places.tolist() == [138188, 259712, 162780, 118880, 138188]
    assert char_places("ik").tolist() == [72799, 257030, 96817, 118308, 114993, 194295]


def test_each_group_has_its_length() -> None:
    note = ["We met on Tuesday.", "They never called me back, so I lost.", "I should have asked."]
    parts = parts_of([note])
    rarity = np.linspace(1, 5, SIZE, dtype=np.float32)
    lengths = group_lengths(parts, rarity, len(note))
    for group, weight in enumerate(GROUP_WEIGHTS):
        squares = sum(
            float((weighed(part, rarity, lengths)[part.sentence == 1] ** 2).sum())
            for part in parts
            if part.group == group
        )
        assert np.isclose(np.sqrt(squares), weight, atol=1e-5), GROUPS[group]


def test_features_stand_in_the_order_of_the_sentences() -> None:
    for part in parts_of([["They never called.", "I lost it."], ["We won it, by luck alone."]]):
        assert bool((np.diff(part.sentence) >= 0).all()), GROUPS[part.group]
        assert len(part.places) == len(part.sentence) == len(part.token)


def test_neighbours_are_seen_one_sentence_away_within_the_note() -> None:
    parts = parts_of([["one", "two", "three"], ["four"]])
    assert sentences_of(parts, "before") == [1, 2]
    assert sentences_of(parts, "after") == [0, 1]


def test_many_notes_at_once_give_what_each_gives() -> None:
    notes = [["They lied.", "I believed them."], ["Our price was too high."]]
    together = parts_of(notes)
    alone = parts_of([notes[1]])
    for many, one in zip(together, alone, strict=True):
        assert many.places[many.sentence == 2].tolist() == one.places.tolist()


@pytest.mark.parametrize("notes", [[["", "..."]], [[""]], [["a"]]])
def test_little_or_nothing_gives_few_features(notes: list[list[str]]) -> None:
    for part in parts_of(notes):
        assert bool(((part.places >= 0) & (part.places < SIZE)).all())

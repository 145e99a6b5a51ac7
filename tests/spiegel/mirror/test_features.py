"""Features are the same on every machine and in every run, and know where they stand."""

from __future__ import annotations

import numpy as np

from spiegel.mirror.features import GROUP_WEIGHTS, GROUPS, SIZE, extract, tokenize, values
from spiegel.mirror.language import load

LEXICON = load("en").lexicon


def test_tokens_are_words_numbers_and_signs() -> None:
    tokens = tokenize("Don’t pay €1.250,50 - OK?")
    assert [token.text for token in tokens] == ["don't", "pay", "€", "0", "-", "ok", "?"]
    assert [(token.start, token.end) for token in tokens][3] == (11, 19)


def test_hashes_do_not_depend_on_the_run() -> None:
    """Python's own hash does; these numbers were worked out once and ship in the weights."""
    features = extract(["Never asked."], LEXICON)
    words = features.places[(features.group == 0) & (features.width == 1)]
    assert words.tolist() == [7116, 128640, 31708, 118880, 7116]
    assert int(features.places.sum()) == 3747136


def test_each_group_has_its_length() -> None:
    note = ["We met on Tuesday.", "They never called me back, so I lost.", "I should have asked."]
    features = extract(note, LEXICON)
    weighed = values(features, np.linspace(1, 5, SIZE, dtype=np.float32))
    for group, weight in enumerate(GROUP_WEIGHTS):
        mine = (features.group == group) & (features.sentence == 1)
        assert np.isclose(np.sqrt((weighed[mine] ** 2).sum()), weight, atol=1e-5), GROUPS[group]


def test_neighbours_are_seen_one_sentence_away() -> None:
    features = extract(["one", "two", "three"], LEXICON)
    before = features.sentence[features.group == GROUPS.index("before")]
    after = features.sentence[features.group == GROUPS.index("after")]
    assert before.tolist() == [1, 2]
    assert after.tolist() == [0, 1]


def test_nothing_gives_only_the_edge() -> None:
    features = extract(["", "..."], LEXICON)
    assert [len(own) for own in features.tokens] == [0, 3]
    assert bool((features.places >= 0).all())
    assert bool((features.places < SIZE).all())

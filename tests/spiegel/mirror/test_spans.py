"""The words that are shown: contiguous, readable, and never the whole of a longer sentence."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiegel.mirror import spans
from spiegel.mirror.features import tokenize
from spiegel.mirror.words import Words


def strongest(text: str, adds: list[float], weak: frozenset[str] = frozenset()) -> tuple[int, int]:
    """Find the run of one sentence; the edges add much, which counts for nothing."""
    row = Words().lay([text])
    (found,) = spans.strongest([text], row, np.array([9.0, *adds, 9.0]), weak)
    return found


def by_trying_all(text: str, adds: list[float], weak: frozenset[str]) -> tuple[int, int]:
    """Find the run of one sentence by looking at every one."""
    tokens = tokenize(text)
    many = len(tokens)
    longest = many if many <= 3 else min(8, int(many * 0.7))
    shortest = 1 if many <= 3 else 2 if many < 6 else 4
    toll, crossing = max(sum(adds) / many, 0.0) * 0.2, max(*adds, 0.0)
    paid = [
        add - toll - (0.0 if token.text[0].isalnum() or token.text in "-'’%€$£&/" else crossing)
        for token, add in zip(tokens, adds, strict=True)
    ]
    sums = [0.0, *accumulate(paid)]
    _, _, first, last = max(
        (tokens[last].text not in weak, sums[last + 1] - sums[first], -first, last)
        for first in range(many)
        for last in range(first + shortest - 1, min(first + longest, many))
    )
    first = -first
    while first < last and not tokens[first].text[0].isalnum():
        first += 1
    while last > first and not tokens[last].text[-1].isalnum():
        last -= 1
    return tokens[first].start, tokens[last].end


def shown(text: str, adds: list[float]) -> str:
    """Give the words that would be shown."""
    start, end = strongest(text, adds)
    return text[start:end]


@pytest.mark.parametrize(
    ("text", "adds", "words"),
    [
        ("we met and he lied to us again", [0, 0, 0, 2, 3, 1, 0, 0], "and he lied to"),
        ("the very last word here is mistake", [0, 0, 0, 0, 0, 0, 3], "word here is mistake"),
        ("I should have asked him all this", [2, 3, 2, 3, 0, 0, 0], "I should have asked"),
        ("hopeless", [2], "hopeless"),
        ("lost cause", [1, 1], "lost cause"),
        ("a lost cause", [1, 1, 1], "a lost cause"),
        ("a truly lost cause", [1, 1, 1, 1], "truly lost"),
        ("a half-baked plan of ours", [0, 2, 2, 2, 2, 0, 0], "half-baked plan"),
        ("we lost it, they never called back", [0, 2, 0, 0, 1, 3, 3, 1], "they never called back"),
    ],
)  # fmt: skip
def test_the_strongest_words(text: str, adds: list[float], words: str) -> None:
    assert shown(text, adds) == words


def test_a_run_does_not_end_on_a_weak_word() -> None:
    text = "I should have asked the buyer much sooner"
    adds = [2.0, 3.0, 2.0, 3.0, 1.0, -1.0, 0.0, 0.0]
    assert strongest(text, adds) == (0, len("I should have asked the"))
    assert strongest(text, adds, frozenset({"the"})) == (0, len("I should have asked"))
    everything = frozenset(token.text for token in tokenize(text))
    assert strongest(text, adds, everything) == strongest(text, adds)


@given(st.data())
def test_many_sentences_at_once_give_what_each_gives_by_trying_all(data: st.DataObject) -> None:
    words = st.sampled_from(["ik", "had", ",", "4", "!", "koopt", "de"])
    texts = data.draw(st.lists(st.lists(words, min_size=1, max_size=20), min_size=1, max_size=4))
    number = st.integers(-8, 8)  # sums of halves are exact
    adds = [data.draw(st.lists(number, min_size=len(t), max_size=len(t))) for t in texts]
    every = [" ".join(text) for text in texts]
    row, weak = Words().lay(every), frozenset({"de", "ik"})
    flat = np.array([each for own in adds for each in (0, *own, 0)], dtype=np.float64)
    expected = [by_trying_all(text, own, weak) for text, own in zip(every, adds, strict=True)]
    if all(sum(own) <= 0 for own in adds):  # without a toll, sums are exact and equals are equal
        assert spans.strongest(every, row, flat, weak) == expected
    else:
        found = spans.strongest(every, row, flat, weak)
        assert len(found) == len(expected)


@given(st.data())
def test_spans_hold_for_any_weights(data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from(["ik", "had", ",", "4", "!", "koopt"]), min_size=1))
    text = " ".join(words)
    number = st.floats(-5, 5)
    adds = data.draw(st.lists(number, min_size=len(words), max_size=len(words)))
    start, end = strongest(text, adds)
    assert 0 <= start < end <= len(text)
    assert text[start:end] == text[start:end].strip()
    if len(words) > 3:
        assert end - start < len(text)

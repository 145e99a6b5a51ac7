"""The words that are shown: contiguous, readable, and never the whole of a longer sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiegel.mirror.features import tokenize
from spiegel.mirror.spans import strongest


def shown(text: str, adds: list[float]) -> str:
    """Give the words that would be shown."""
    start, end = strongest(tokenize(text), adds)
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
    tokens = tokenize("I should have asked the buyer much sooner")
    adds = [2.0, 3.0, 2.0, 3.0, 1.0, -1.0, 0.0, 0.0]
    assert strongest(tokens, adds) == (0, len("I should have asked the"))
    assert strongest(tokens, adds, {"the"}) == (0, len("I should have asked"))
    everything = {token.text for token in tokens}
    assert strongest(tokens, adds, everything) == strongest(tokens, adds)


@given(st.data())
def test_spans_hold_for_any_weights(data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from(["ik", "had", ",", "4", "!", "koopt"]), min_size=1))
    text = " ".join(words)
    number = st.floats(-5, 5)
    adds = data.draw(st.lists(number, min_size=len(words), max_size=len(words)))
    start, end = strongest(tokenize(text), adds)
    assert 0 <= start < end <= len(text)
    assert text[start:end] == text[start:end].strip()
    if len(words) > 3:
        assert end - start < len(text)

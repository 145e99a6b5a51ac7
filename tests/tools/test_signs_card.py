"""The timelines of the repository are well-formed, and the card tells their figures truly."""

from __future__ import annotations

import collections

from tests.rules.tools import tool

CARD = tool("signs_card")


def test_the_card_is_up_to_date() -> None:
    text = CARD.CARD.read_text(encoding="utf-8")
    assert CARD.figures() in text, "run python tools/signs_card.py"


def test_the_timelines_are_as_many_and_as_mixed_as_they_should_be() -> None:
    rows = CARD.corpus()
    names = [line.id for line, _ in rows]
    assert len(set(names)) == len(names) >= 150
    langs = collections.Counter(line.lang for line, _ in rows)
    assert abs(langs["nl"] - langs["en"]) <= 4
    assert sum(not gold for _, gold in rows) >= len(rows) / 3
    held = sum(CARD.held_out(name) for name in names)
    assert 0.38 <= held / len(rows) <= 0.42


def test_texts_do_not_repeat_within_a_language() -> None:
    texts = [" / ".join(event.text for event in line.events) for line, _ in CARD.corpus()]
    assert len(set(texts)) == len(texts)

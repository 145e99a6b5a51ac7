"""The mirror as one seller taught it: a handful of answers moves little, many move it so far."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import spiegel
from spiegel.mirror import model, personal
from spiegel.mirror.judge import judge
from spiegel.mirror.language import load

NOTE = (
    "We lost because the customer only looks at the price. They had gone quiet by then. "
    "I should have asked who signs. Marketing gave us nothing again. The market was slow."
)
COUNTS = st.integers(min_value=0, max_value=100_000)


def taught(yes: int = 0, not_so: int = 0, label: str = "customer") -> spiegel.Personal:
    return spiegel.Personal(labels={label: spiegel.Answers(yes, not_so)})


def marks(text: str, own: spiegel.Personal | None = None) -> list[tuple[str, str]]:
    seen = spiegel.reflect(text, "en", personal=own)
    return [
        (mark.label, personal.words_of(sentence, mark))
        for sentence in seen.sentences
        for mark in sentence.marks
    ]


def shifted(usual: float, own: spiegel.Personal) -> float:
    """The threshold of ``customer`` where everybody's is `usual`."""
    return own.thresholds([usual] * 8)[spiegel.LABELS.index("customer")]


def test_without_answers_nothing_differs() -> None:
    assert spiegel.reflect(NOTE, personal=spiegel.Personal()) == spiegel.reflect(NOTE)
    usual = model.load("nl").shown.tolist()
    assert spiegel.Personal().thresholds(usual) == usual


def test_answers_as_expected_leave_the_threshold_alone() -> None:
    assert taught(yes=8, not_so=2).shift("customer") == pytest.approx(0)


def test_a_handful_of_answers_moves_little() -> None:
    assert 0.80 < shifted(0.80, taught(not_so=3)) < 0.84
    assert 0.78 < shifted(0.80, taught(yes=5)) < 0.80


def test_many_answers_move_it_to_a_bound_and_no_further() -> None:
    assert taught(not_so=10_000).shift("customer") == personal.MOST_UP
    assert taught(yes=10_000).shift("customer") == -personal.MOST_DOWN
    assert shifted(0.80, taught(not_so=10_000)) == pytest.approx(0.947, abs=0.001)
    assert shifted(0.80, taught(yes=10_000)) == pytest.approx(0.687, abs=0.001)


def test_no_mark_is_shown_that_is_likelier_wrong() -> None:
    assert shifted(0.55, taught(yes=10_000)) == personal.FLOOR
    assert shifted(0.45, taught(yes=10_000)) == 0.45


@given(COUNTS, COUNTS, st.floats(min_value=0.01, max_value=0.99))
def test_the_shift_is_bounded_and_follows_the_answers(yes: int, no: int, usual: float) -> None:
    shift = taught(yes, no).shift("customer")
    assert -personal.MOST_DOWN <= shift <= personal.MOST_UP
    assert taught(yes + 1, no).shift("customer") <= shift <= taught(yes, no + 1).shift("customer")
    assert 0 < shifted(usual, taught(yes, no)) < 1


def test_only_the_label_that_was_answered_about_moves() -> None:
    usual = model.load("en").shown.tolist()
    moved = zip(spiegel.LABELS, usual, taught(not_so=20).thresholds(usual), strict=True)
    assert [label for label, before, after in moved if before != after] == ["customer"]


def between(own: spiegel.Personal) -> tuple[str, str]:
    """A sentence and a label that everybody's and this seller's thresholds tell apart."""
    language, trained = load("en"), model.load("en")
    for sentence in TRIED:
        verdict = judge(language, [sentence], trained)
        differ = verdict.shown(trained) != verdict.shown(trained, own)
        if differ.any() and len(spiegel.reflect(sentence, "en").sentences) == 1:
            return sentence, spiegel.LABELS[int(differ.nonzero()[1][0])]
    raise AssertionError("no sentence lies between the thresholds")


CORPUS = Path(__file__).resolve().parents[3] / "corpus" / "en.jsonl"
#: Some of so many lie in the band that answers can move, whatever the model that ships.
TRIED = [
    sentence["text"]
    for line in CORPUS.read_text(encoding="utf-8").splitlines()[:150]
    for sentence in json.loads(line)["sentences"]
]


def test_who_keeps_saying_yes_sees_marks_others_do_not() -> None:
    own = spiegel.Personal(labels={label: spiegel.Answers(yes=500) for label in spiegel.LABELS})
    sentence, label = between(own)
    assert label not in [found for found, _ in marks(sentence)]
    assert label in [found for found, _ in marks(sentence, own)]


def test_who_keeps_saying_not_so_sees_fewer() -> None:
    own = spiegel.Personal(labels={label: spiegel.Answers(not_so=500) for label in spiegel.LABELS})
    sentence, label = between(own)
    assert label in [found for found, _ in marks(sentence)]
    assert label not in [found for found, _ in marks(sentence, own)]


@pytest.mark.parametrize(
    ("yes", "not_so", "silent"), [(0, 1, False), (0, 2, True), (1, 2, False), (5, 7, True)]
)
def test_words_waved_away_twice_more_often_are_silent(yes: int, not_so: int, silent: bool) -> None:
    label, words = marks(NOTE)[0]
    own = spiegel.Personal(phrases={f"{label}\n{words}": spiegel.Answers(yes, not_so)})
    assert ((label, words) not in marks(NOTE, own)) is silent
    assert marks(NOTE, own) == marks(NOTE)[1 if silent else 0 :]
    assert own.silences("final", words) is False


def test_case_and_spaces_do_not_hide_the_words() -> None:
    own = spiegel.Personal(phrases={"own\nshould have asked": spiegel.Answers(0, 2)})
    assert own.silences("own", "Should  HAVE\nasked")


def test_the_key_is_the_callers() -> None:
    label, words = marks(NOTE)[0]
    asked = []

    def key(label: str, words: str) -> str:
        asked.append((label, words))
        return f"{len(label)}-{len(words)}"

    phrases = {f"{len(label)}-{len(words)}": spiegel.Answers(0, 2)}
    assert marks(NOTE, spiegel.Personal(phrases=phrases, key=key)) == marks(NOTE)[1:]
    assert (label, words) in asked


def test_sentences_that_are_cut_already_are_personal_too() -> None:
    label, words = marks(NOTE)[0]
    note = [sentence.text for sentence in spiegel.reflect(NOTE).sentences]
    own = spiegel.Personal(phrases={f"{label}\n{words}": spiegel.Answers(0, 2)})
    before = spiegel.reflect_sentences(note, "en").sentences
    after = spiegel.reflect_sentences(note, "en", personal=own).sentences
    assert len(before[0].marks) == len(after[0].marks) + 1
    assert before[1:] == after[1:]

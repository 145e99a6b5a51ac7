"""A chat model's answer is taken exactly as asked for, or not at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import spiegel
from spiegel.mirror import chat

NOTE = ["They never decided.", "I never asked who had to sign, never.", "We met."]


def answer(*marks: object) -> str:
    return json.dumps({"marks": marks})


def mark(sentence: object = 2, label: object = "own", words: object = "never asked") -> object:
    return {"sentence": sentence, "label": label, "words": words}


def test_only_the_sentences_and_the_instructions_are_asked() -> None:
    system, user = chat.messages(['Say "x" \ud800', "Dag"])
    assert system == {"role": "system", "content": chat.INSTRUCTIONS}
    rows = [{"number": 1, "text": 'Say "x" \ud800'}, {"number": 2, "text": "Dag"}]
    assert json.loads(user["content"]) == {"sentences": rows}
    assert user["content"].isascii()


def test_every_label_is_explained() -> None:
    assert [label for label in spiegel.LABELS if f"- {label}: " not in chat.INSTRUCTIONS] == []


def test_the_example_in_the_instructions_can_be_read() -> None:
    line = next(line for line in chat.INSTRUCTIONS.splitlines() if line.startswith('{"marks": [{'))
    assert chat.read(line, ["x", "I never asked who signs."])[1] == {"own": (2, 17)}


def test_a_good_answer_gives_labels_with_the_place_of_their_words() -> None:
    good = answer(mark(), mark(2, "final", "who had to sign"), mark(1, "customer", "never decided"))
    assert chat.read(good, NOTE) == [
        {"customer": (5, 18)},
        {"own": (2, 13), "final": (14, 29)},
        {},
    ]
    assert chat.read('{"marks": []}', NOTE) == [{}, {}, {}]


def test_whole_words_are_found_where_they_stand_alone() -> None:
    assert chat.read(answer(mark(1, "own", "one")), ["Someone did one thing."]) == [
        {"own": (12, 15)}
    ]


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "I think sentence 2 is own.",
        f"```json\n{answer(mark())}\n```",
        answer(mark()) + " That is all.",
        "[" * 100_000,
        '{"marks": [], "marks": []}',
        '{"marks": NaN}',
        "null",
        "[]",
        json.dumps({"marks": {}}),
        json.dumps({"marks": [], "why": "x"}),
        answer("own"),
        answer({"sentence": 2, "label": "own"}),
        answer({"sentence": 2, "label": "own", "words": "never asked", "score": 1}),
        answer(mark(sentence=0)),
        answer(mark(sentence=4)),
        answer(mark(sentence=True)),
        answer(mark(sentence=2.0)),
        answer(mark(sentence="2")),
        answer(mark(label="guilty")),
        answer(mark(label=["own"])),
        answer(mark(label="Own")),
        answer(mark(words=None)),
        answer(mark(words="")),
        answer(mark(words="  ")),
        answer(mark(words="Never asked")),
        answer(mark(words="never  asked")),
        answer(mark(words="did not ask")),
        answer(mark(words="ever aske")),
        answer(mark(sentence=1)),
        answer(mark(), mark(words="who")),
        answer(mark(), mark(label="guilty")),
    ],
)
def test_anything_else_is_refused(bad: str) -> None:
    with pytest.raises(spiegel.InputError) as caught:
        chat.read(bad, NOTE)
    assert caught.value.code == "bad-answer"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_any_other_json_is_refused(value: object) -> None:
    with pytest.raises(spiegel.InputError):
        chat.read(json.dumps(value), NOTE)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_reflection_takes_the_models_marks_with_its_own_questions(lang: str) -> None:
    before = spiegel.reflect(" They never decided.  I never asked who had to sign.", lang)
    after = chat.remark(before, [{}, {"final": (0, 7), "own": (2, 13)}])
    assert after.sentences[0].marks == ()
    own, final = after.sentences[1].marks
    assert (own.label, final.label) == ("own", "final")
    assert own.confidence == chat.CONFIDENCE
    [(start, end)] = own.spans
    assert " They never decided.  I never asked who had to sign."[start:end] == "never asked"
    assert (
        own.question
        == spiegel.reflect(
            {"nl": "Ik had moeten vragen wie er tekent.", "en": "I should have asked who signs."}[
                lang
            ],
            lang,
        )
        .sentences[0]
        .marks[0]
        .question
    )

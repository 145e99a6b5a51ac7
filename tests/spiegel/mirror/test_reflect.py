"""The mirror as a seller meets it: what it marks, what it leaves alone, and where."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import spiegel


def labels_of(text: str, lang: str | None = None) -> list[str]:
    """Give the labels of all marks of a text, in order."""
    seen = spiegel.reflect(text, lang)
    return [mark.label for sentence in seen.sentences for mark in sentence.marks]


def check_places(text: str, seen: spiegel.Reflection) -> None:
    """Check that every offset points where it says, in order and without overlap."""
    last = 0
    for sentence in seen.sentences:
        assert last <= sentence.start < sentence.end <= len(text)
        assert sentence.text == text[sentence.start : sentence.end]
        for mark in sentence.marks:
            assert 0 < mark.confidence <= 1
            for start, end in mark.spans:
                assert sentence.start <= start < end <= sentence.end
        last = sentence.end


@given(st.text(max_size=400), st.sampled_from(["nl", "en", None]))
@settings(max_examples=150, deadline=None)
def test_places_are_true_for_any_text(text: str, lang: str | None) -> None:
    check_places(text, spiegel.reflect(text, lang))


PIECES = [
    "Ik had eerder moeten vragen wie er beslist.",
    "Deze klant koopt van niemand!",
    "kl. belt nooit terug",
    "😂",
    "\n",
    " ",
    "- ",
    "\x00",
    "\ud800",
    "I should have asked about budget first...",
    "They never buy from anyone",
    "e\u0301",
]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
@settings(max_examples=150, deadline=None)
def test_places_are_true_for_notes(text: str) -> None:
    seen = spiegel.reflect(text)
    check_places(text, seen)
    assert spiegel.reflect(text) == seen


def test_an_empty_text_has_no_sentences() -> None:
    assert spiegel.reflect("") == spiegel.Reflection("en", ())
    assert spiegel.reflect(" \n\t ", "nl") == spiegel.Reflection("nl", ())
    assert spiegel.reflect_sentences([], "nl") == spiegel.Reflection("nl", ())


def test_an_unknown_language_is_refused_by_name() -> None:
    with pytest.raises(spiegel.InputError) as caught:
        spiegel.reflect("Bonjour", "fr")
    assert caught.value.message == "The language 'fr' is not known; give one of en, nl."
    assert caught.value.code == "unknown-language"


@pytest.mark.parametrize(
    ("lang", "text", "label"),
    [
        ("nl", "Ik had veel eerder moeten vragen wie er beslist.", "own"),
        ("nl", "Ik ben hier gewoon niet goed in.", "self_verdict"),
        ("en", "I should have asked who signs before I sent the quote.", "own"),
        ("en", "I'm just not a closer.", "self_verdict"),
    ],
)
def test_clear_cases_are_marked(lang: str, text: str, label: str) -> None:
    assert labels_of(text, lang) == [label]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("nl", "De klant heeft 40 medewerkers."),
        ("nl", "Offerte 14-3 verstuurd."),
        ("nl", "We hebben elkaar dinsdag gesproken."),
        ("en", "The customer has 40 employees."),
        ("en", "We met on Tuesday."),
        ("en", "The customer said our price was too high."),
        ("en", "I can't blame marketing."),
    ],
)
def test_facts_and_rejected_blame_are_left_alone(lang: str, text: str) -> None:
    assert labels_of(text, lang) == []


def test_a_mark_shows_its_words_and_asks_in_the_language_of_the_text() -> None:
    text = "Offerte verstuurd. Ik had veel eerder moeten vragen wie er beslist."
    (mark,) = [mark for sentence in spiegel.reflect(text).sentences for mark in sentence.marks]
    ((start, end),) = mark.spans
    assert "had veel eerder moeten" in text[start:end]
    assert end - start < len("Ik had veel eerder moeten vragen wie er beslist.")
    assert mark.question == (
        "Op welk moment had je dit zelf in de hand, en wat doe je daar de volgende keer?"
    )


def test_sentences_given_keep_their_number_and_order() -> None:
    given = ["Gebeld. Geen gehoor.", "", "I should have asked who signs."]
    seen = spiegel.reflect_sentences(given, "en")
    assert [sentence.text for sentence in seen.sentences] == given
    joined = "\n".join(given)
    assert [joined[sentence.start : sentence.end] for sentence in seen.sentences] == given


def test_to_dict_is_plain() -> None:
    seen = spiegel.reflect("I should have asked who signs before I sent the quote.", "en")
    (sentence,) = seen.sentences
    (mark,) = sentence.marks
    assert seen.to_dict() == {
        "lang": "en",
        "sentences": [
            {
                "text": sentence.text,
                "start": 0,
                "end": len(sentence.text),
                "marks": [
                    {
                        "label": "own",
                        "confidence": round(mark.confidence, 3),
                        "spans": [list(mark.spans[0])],
                        "question": mark.question,
                    }
                ],
            }
        ],
    }


def test_what_comes_back_cannot_be_changed() -> None:
    seen = spiegel.reflect("We met on Tuesday.")
    with pytest.raises(AttributeError):
        setattr(seen, "lang", "nl")  # noqa: B010 - the type checker would refuse the plain way


def test_a_sentence_reads_the_same_in_a_long_note() -> None:
    """Long notes are scored in blocks; a block's edge must not show."""
    note = ["We met on Tuesday.", "I should have asked who signs."] * 700
    seen = spiegel.reflect_sentences(note, "en").sentences
    assert len({sentence.marks[0].confidence for sentence in seen[3:-1:2]}) == 1


def test_a_very_long_text_stays_quick() -> None:
    text = "Ik had veel eerder moeten vragen wie er beslist. " * 4_100
    spiegel.reflect("warm", "nl")
    begun = time.process_time()
    seen = spiegel.reflect(text)
    assert time.process_time() - begun < 3
    assert len(seen.sentences) == 4_100


def test_one_endless_sentence_stays_quick() -> None:
    begun = time.process_time()
    assert len(spiegel.reflect("nooit . " * 25_000, "nl").sentences) > 0
    assert len(spiegel.reflect("nooit " * 33_000, "nl").sentences) == 1
    assert time.process_time() - begun < 4

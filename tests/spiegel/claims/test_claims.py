"""What counts as a prospect's claim, and which two cannot both hold."""

from __future__ import annotations

from datetime import date

import pytest

import spiegel
from spiegel.claims import utterances
from spiegel.claims.conflict import find_contradictions
from spiegel.claims.extract import from_utterances
from spiegel.claims.language import load
from spiegel.claims.values import amounts, days


def events(*texts: str) -> list[spiegel.TimelineEvent]:
    return [
        spiegel.TimelineEvent(date(2026, 3, 1 + place), "call", text)
        for place, text in enumerate(texts)
    ]


def speakers(text: str, lang: str) -> list[tuple[str, str]]:
    (said,) = utterances.read(events(text), load(lang))
    return [(each.speaker, each.text.strip(" .:")) for each in said]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "Saskia: budget is 45k.", [("prospect", "budget is 45k")]),
        ("nl", "Ik: wanneer teken je?", [("seller", "wanneer teken je?")]),
        ("en", 'Asked: "Which day?"', [("", "Asked"), ("seller", "Which day?")]),
        ("en", 'Asked when. "Not now."', [("", "Asked when"), ("prospect", "Not now")]),
        ("nl", "Ik denk dat ze 80.000 hebben.", [("", "Ik denk dat ze 80.000 hebben")]),
        ("nl", "Volgens Mila moet ik wachten.", [("prospect", "Volgens Mila moet ik wachten")]),
        ("en", "We sent the quote.", [("seller", "We sent the quote")]),
    ],
)
def test_who_says_it(lang: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert speakers(text, lang) == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("nl", "45.000 euro", [45_000]),
        ("nl", "45 mille of € 1,5 miljoen", [45_000, 1_500_000]),
        ("en", "61k, $2m and 3,500 pounds", [61_000, 2_000_000, 3_500]),
        ("en", "40 seats in 2027 on 12.5.2026", []),
    ],
)
def test_amounts(lang: str, text: str, expected: list[float]) -> None:
    assert [amount.value for amount in amounts(text, load(lang))] == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("nl", "uiterlijk 12 mei", [date(2026, 5, 12)]),
        ("en", "by may 12th or in june", [date(2026, 5, 12), date(2026, 6, 28)]),
        ("en", "we may come, jan said", []),
        ("en", "until 2028", [date(2028, 1, 1)]),
        ("nl", "31 februari", []),
        ("nl", "in januari", [date(2027, 1, 28)]),
    ],
)
def test_days(lang: str, text: str, expected: list[date]) -> None:
    assert [day for day, _, _ in days(text, date(2026, 3, 1), load(lang))] == expected


@pytest.mark.parametrize(
    ("lang", "text", "topic", "about", "value"),
    [
        ("nl", "Saskia: budget is 45.000 euro", "budget", "amount", "45000"),
        ("en", "Mila: there's no budget for this", "budget", "available", "no"),
        ("nl", "Mila: ik teken zelf", "authority", "decides", "self"),
        ("en", "Mila: the board has to sign", "authority", "decides", "other"),
        ("en", "Mila: there is no rush", "timing", "urgent", "no"),
        ("nl", "Mila: het contract loopt af op 1 juli", "timing", "deadline", "2026-07-01"),
        ("nl", "Mila: het systeem loopt elke week vast", "need", "needed", "yes"),
        ("en", "Mila: we have 80 drivers", "need", "how many driver", "80"),
        ("en", "Mila: you're the only one we're talking to", "competition", "alone", "yes"),
    ],
)
def test_claims(lang: str, text: str, topic: str, about: str, value: str) -> None:
    found = spiegel.find_claims(events(text), lang)
    claim = next(each for each in found if (each.topic, each.about) == (topic, about))
    assert claim.value == value
    assert text[slice(*claim.span)] == claim.words
    assert claim.who in {"Mila", "Saskia"}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("nl", "Ik denk dat ze 80.000 euro budget hebben."),
        ("en", "My guess: they have a budget of 80k."),
        ("en", "We sent a quote of 61k, well within budget."),
    ],
)
def test_the_sellers_own_words_are_no_claims(lang: str, text: str) -> None:
    assert spiegel.find_claims(events(text), lang) == ()


def test_hedged_words_are_less_firm_and_quoted_ones_more() -> None:
    plain, hedged, quoted = (
        spiegel.find_claims(events(text), "en")[0].firm
        for text in (
            "Mila: budget is 45k",
            "Mila: budget is maybe 45k",
            'Mila: "Budget is 45k"',
        )
    )
    assert hedged < plain < quoted


@pytest.mark.parametrize(
    ("lang", "one", "two", "topic"),
    [
        ("nl", "Mila: ons budget is 50.000.", "Mila: er is maximaal 30.000.", "budget"),
        ("en", "Mila: the budget is approved.", "Mila: there is no budget.", "budget"),
        ("nl", "Mila: ik beslis hier alleen.", "Mila: de directie moet tekenen.", "authority"),
        ("en", "Mila: this is urgent.", "Mila: there is no rush at all.", "timing"),
        ("en", "Mila: the pump is failing.", "Mila: the pump works perfectly well.", "need"),
        ("nl", "Mila: jullie zijn de enige.", "Mila: de concurrent is goedkoper.", "competition"),
        ("en", "Mila: live in June, please.", "Mila: I never said June.", "timing"),
        ("en", "Mila: no budget.", "Mila: we always had the budget approved.", "budget"),
    ],
)
def test_contradictions(lang: str, one: str, two: str, topic: str) -> None:
    said = [each for event in utterances.read(events(one, two), load(lang)) for each in event]
    (found,) = find_contradictions(from_utterances(said, load(lang)), lang)
    assert (found.topic, found.earlier.event, found.later.event) == (topic, 0, 1)
    assert found.question.endswith("?")


@pytest.mark.parametrize(
    ("lang", "one", "two"),
    [
        ("nl", "Mila: budget is 30.000.", "Mila: het bestuur heeft 12.000 toegevoegd, nu 42.000."),
        ("en", "Mila: no budget yet.", "Mila: the budget is approved."),
        ("en", "Mila: budget is 5k per month.", "Mila: budget is 60k per year."),
        ("nl", "Ik denk dat het budget 80.000 is.", "Mila: budget is 50.000."),
        ("en", "Mila: the budget is 45k.", "Mila: a budget of 46k then."),
        ("en", "Mila: our pump is failing.", "Mila: your trial pump works perfectly well."),
    ],
)
def test_no_contradictions(lang: str, one: str, two: str) -> None:
    said = [each for event in utterances.read(events(one, two), load(lang)) for each in event]
    assert find_contradictions(from_utterances(said, load(lang)), lang) == ()

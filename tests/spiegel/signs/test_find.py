"""Signs in small timelines: what is one, what is none, and what a sign says."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import spiegel
from spiegel.signs.language import load

TURNS: dict[str, dict[str, list[Any]]] = json.loads(
    (Path(__file__).parents[2] / "data" / "signs" / "turns.json").read_text(encoding="utf-8")
)
START = {
    "nl": ["Kennismaking met Mila, wensen doorgenomen.", "Offerte verstuurd."],
    "en": ["First meeting with Mila, went through the wishes.", "Quote sent."],
}
#: What comes before the turn of phrase, for signs that take two events.
FIRST = {
    ("nl", "delay"): "Mila: besluit wordt een week uitgesteld.",
    ("en", "delay"): "Mila: decision postponed by a week.",
    ("nl", "silence"): "Gemaild, geen reactie.",
    ("en", "silence"): "Emailed, no reply.",
}
#: Turns that are known not to be read rightly: said in the card, and not hidden here.
KNOWN = {
    'Mila: "We\'ll decide once the annual figures are in, so May."',
}


def line(lang: str, *texts: str, step: int = 10, **more: Any) -> spiegel.Timeline:
    events = tuple(
        spiegel.TimelineEvent(
            date(2026, 3, 2) + timedelta(days=step * place),
            "call" if "call" in text or "bel" in text else "email",
            text,
        )
        for place, text in enumerate(texts)
    )
    return spiegel.Timeline(events, lang, **more)


def names(timeline: spiegel.Timeline, **more: Any) -> list[str]:
    return [sign.sign for sign in spiegel.find_signs(timeline, **more)]


def rows(*signs: str) -> list[tuple[str, str, Any]]:
    return [(lang, sign, row) for lang in TURNS for sign in signs for row in TURNS[lang][sign]]


@pytest.mark.parametrize(
    ("lang", "sign", "text"),
    rows("delay", "refuses_commitment", "hidden_decision_maker", "silence"),
)
def test_turns_of_phrase(lang: str, sign: str, text: str) -> None:
    first = FIRST.get((lang, sign))
    texts = [*START[lang], *([first] if first else []), text]
    found = {each.sign: each for each in spiegel.find_signs(line(lang, *texts))}
    assert (sign in found and len(texts) - 1 in found[sign].evidence) is (text not in KNOWN)


@pytest.mark.parametrize(("lang", "sign", "pair"), rows("contradiction"))
def test_contradictions(lang: str, sign: str, pair: tuple[str, str]) -> None:
    (found,) = spiegel.find_signs(line(lang, pair[0], START[lang][1], pair[1]))
    assert (found.sign, found.evidence) == (sign, (0, 2))
    assert found.contradiction
    assert found.contradiction.earlier.words in found.reason


@pytest.mark.parametrize(("lang", "_", "texts"), rows("healthy"))
def test_healthy_deals_have_no_signs(lang: str, _: str, texts: list[str]) -> None:
    assert names(line(lang, *texts)) == []


def test_one_postponement_is_no_sign_and_the_threshold_can_be_tuned() -> None:
    one = line("en", *START["en"], "Mila: can we push the decision to 20 April?")
    assert names(one) == []
    assert names(one, settings=spiegel.SignSettings(delays=1)) == ["delay"]


def test_later_events_are_not_looked_at() -> None:
    whole = line("en", *START["en"], "Emailed, no reply.", "Called again, no answer.")
    assert names(whole) == ["silence"]
    assert names(whole, as_of=date(2026, 3, 30)) == []
    assert names(whole, as_of=date(2026, 1, 1)) == []


def test_silence_grows_with_the_day_it_is_looked_at() -> None:
    one = line("nl", *START["nl"], "Gemaild, geen reactie.")
    assert names(one) == []
    assert names(one, as_of=date(2026, 5, 1)) == ["silence"]


def test_easter_and_weekends_do_not_count_as_silence() -> None:
    events = (
        spiegel.TimelineEvent(date(2026, 3, 30), "meeting", "Mila: interesting."),
        spiegel.TimelineEvent(date(2026, 4, 1), "email", "Emailed, no reply."),
        spiegel.TimelineEvent(date(2026, 4, 9), "email", "Emailed, no reply."),
    )
    timeline = spiegel.Timeline(events, "en")
    assert names(timeline) == []  # Good Friday, the weekend and Easter Monday leave four days
    assert names(timeline, as_of=date(2026, 4, 14)) == ["silence"]


def test_a_slow_prospect_is_not_silent_within_their_own_rhythm() -> None:
    texts = [*["Mila: sent you our answers."] * 3, "Emailed, no reply.", "Emailed, no reply."]
    assert names(line("en", *texts, step=28)) == []
    assert names(line("en", *texts, step=28), as_of=date(2026, 12, 1)) == ["silence"]


def test_a_sign_can_be_switched_off() -> None:
    timeline = line("en", *START["en"], "Asked for a date. Mila won't commit.")
    off = spiegel.SignSettings(off=frozenset({"refuses_commitment"}))
    assert names(timeline) == ["refuses_commitment"]
    assert names(timeline, settings=off) == []


def test_signs_say_since_when_and_why_in_their_language() -> None:
    (sign,) = spiegel.find_signs(
        line("nl", *START["nl"], "Mila: wordt een week later.", "Mila: opnieuw uitgesteld.")
    )
    assert sign.since == date(2026, 4, 1)
    assert sign.reason.startswith("De klant heeft een afgesproken moment 2 keer verschoven")
    assert sign.to_dict()["evidence"] == [2, 3]


def test_both_languages_have_the_same_sections_and_reasons() -> None:
    for code in ("nl", "en"):
        loaded = load(code)
        for name in loaded.phrases.names():
            loaded.phrases.pattern(name)
        assert set(loaded.reasons) == set(spiegel.SIGNS)

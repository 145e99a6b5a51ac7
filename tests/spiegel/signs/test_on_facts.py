"""Signs that rest on what a CRM knows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import spiegel

D = date
TEXT = "Met Mila, talked about their warehouse."


def names(text: str = TEXT, *, as_of: date | None = None, **facts: Any) -> list[str]:
    event = spiegel.TimelineEvent(D(2026, 3, 2), "meeting", text)
    timeline = spiegel.Timeline((event,), "en", facts=spiegel.DealFacts(**facts))
    return [sign.sign for sign in spiegel.find_signs(timeline, as_of or D(2026, 6, 1))]


PRICE = {"price_discussed": True}
MINE, YOURS = spiegel.PlanStep("seller"), spiegel.PlanStep("buyer")


@pytest.mark.parametrize(
    ("facts", "sign"),
    [
        ({"knows_next_step": True}, "no_next_step"),
        ({"knows_next_step": True, "next_step": D(2026, 5, 1)}, "no_next_step"),
        ({"close_date": D(2026, 5, 31)}, "past_close_date"),
        (
            {
                "close_dates": (
                    (D(2026, 3, 2), D(2026, 4, 1)),
                    (D(2026, 3, 30), D(2026, 5, 1)),
                ),
                "close_date": D(2026, 6, 10),
            },
            "close_date_pushed",
        ),
        ({"stage": "Quote", "stage_since": D(2026, 3, 2)}, "stalled_in_stage"),
        ({"plan": (MINE, MINE)}, "one_sided_plan"),
        ({"contacts": ("Mila",)}, "single_contact"),
        (
            {"forecasts": ((D(2026, 4, 1), 0.3), (D(2026, 5, 25), 0.6))},
            "happy_ears",
        ),
    ],
)
def test_signs(facts: dict[str, Any], sign: str) -> None:
    assert names(**facts, **PRICE) == [sign]


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"knows_next_step": True, "next_step": D(2026, 6, 8)},
        {"close_date": D(2026, 6, 1)},
        {"close_dates": ((D(2026, 3, 2), D(2026, 6, 1)),), "close_date": D(2026, 6, 10)},
        {"stage": "Quote", "stage_since": D(2026, 5, 2)},
        {"plan": (MINE, YOURS)},
        {"plan": (MINE,)},
        {"contacts": ("Mila", "Jo")},
        {"forecasts": ((D(2026, 4, 1), 0.3), (D(2026, 4, 25), 0.6))},
        {"forecasts": ((D(2026, 4, 1), 0.6), (D(2026, 5, 25), 0.3))},
    ],
)
def test_no_signs(facts: dict[str, Any]) -> None:
    assert names(**facts, **PRICE) == []


def test_a_price_in_the_texts_is_a_price_discussed() -> None:
    assert names() == ["price_never_discussed"]
    assert names("Met Mila, quote of 20k discussed.") == []
    assert names(as_of=D(2026, 3, 20)) == []


def test_without_facts_nothing_is_said_of_what_is_not_there() -> None:
    event = spiegel.TimelineEvent(D(2026, 3, 2), "meeting", TEXT)
    assert spiegel.find_signs(spiegel.Timeline((event,), "en"), D(2027, 1, 1)) == ()


def test_limits_per_stage() -> None:
    event = spiegel.TimelineEvent(D(2026, 3, 2), "meeting", TEXT)
    facts = spiegel.DealFacts(stage="Quote", stage_since=D(2026, 3, 2), price_discussed=True)
    timeline = spiegel.Timeline((event,), "nl", facts=facts)
    settings = spiegel.SignSettings(stage_days={"Quote": 10, "": 60})
    (sign,) = spiegel.find_signs(timeline, D(2026, 3, 20), settings)
    assert sign.reason == "De deal staat al 18 dagen in fase Quote."
    assert sign.evidence == (0,)

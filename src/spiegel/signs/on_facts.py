"""Signs that rest on what a CRM knows. What is not known raises nothing."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from spiegel.claims.extract import mentions_price

from .calendar import working_days
from .types import Sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .reading import Reading
    from .types import DealFacts


def on_facts(facts: DealFacts, reading: Reading) -> Iterator[Sign]:
    """Find the signs that a deal's facts show.

    Args:
        facts: What the CRM knows.
        reading: The timeline as read on the day.

    Yields:
        Signs, in the order of ``spiegel.SIGNS``.
    """
    for name, finder in _FINDERS.items():
        since = finder(facts, reading)
        if since:
            yield _sign(name, since, facts, reading)


def _sign(name: str, since: date, facts: DealFacts, reading: Reading) -> Sign:
    values = {
        "days": (reading.as_of - since).days,
        "date": (facts.close_date or since).isoformat(),
        "count": len(facts.close_dates),
        "stage": facts.stage,
        "name": ", ".join(facts.contacts or ()),
    }
    topic = {"price_never_discussed": "budget", "single_contact": "authority"}.get(name, "timing")
    evidence = tuple(moment.place for moment in reading.moments if moment.date == since)
    reason = reading.language.reasons[name].format(**values)
    return Sign(name, evidence, topic, since, 0.9, reason)


def _no_next_step(facts: DealFacts, reading: Reading) -> date | None:
    if not facts.knows_next_step or (facts.next_step and facts.next_step >= reading.as_of):
        return None
    last = facts.next_step or reading.moments[-1].date
    late = working_days(last, reading.as_of, reading.settings.countries)
    return last if late > reading.settings.no_next_step_days else None


def _past_close_date(facts: DealFacts, reading: Reading) -> date | None:
    passed = facts.close_date and facts.close_date < reading.as_of
    return facts.close_date if passed else None


def _close_date_pushed(facts: DealFacts, reading: Reading) -> date | None:
    ends = [end for _, end in facts.close_dates] + [facts.close_date or date.min]
    shifts = [(two - one).days for one, two in pairwise(ends)]
    later = [shift for shift in shifts if shift > 0]
    settings = reading.settings
    if len(later) < settings.pushes and sum(later) < settings.pushed_days:
        return None
    return facts.close_dates[-1][0]


def _stalled(facts: DealFacts, reading: Reading) -> date | None:
    if facts.stage_since is None:
        return None
    limits = reading.settings.stage_days
    limit = limits.get(facts.stage, limits.get("", 60))
    passed = facts.stage_since + timedelta(days=limit)
    return facts.stage_since if reading.as_of > passed else None


def _one_sided_plan(facts: DealFacts, reading: Reading) -> date | None:
    mine = [step for step in facts.plan if step.owner != "buyer"]
    one_sided = len(facts.plan) >= reading.settings.plan_steps and len(mine) == len(facts.plan)
    return reading.moments[-1].date if one_sided else None


def _single_contact(facts: DealFacts, reading: Reading) -> date | None:
    if facts.contacts is None or len(facts.contacts) != 1:
        return None
    begun = facts.opened or reading.moments[0].date
    old = (reading.as_of - begun).days > reading.settings.single_contact_days
    return begun if old else None


def _price_never_discussed(facts: DealFacts, reading: Reading) -> date | None:
    if facts.price_discussed:
        return None
    if facts.price_discussed is None and any(
        mentions_price(moment.folded, reading.language.claims) for moment in reading.moments
    ):
        return None
    begun = facts.opened or reading.moments[0].date
    return begun if (reading.as_of - begun).days > reading.settings.price_days else None


def _happy_ears(facts: DealFacts, reading: Reading) -> date | None:
    rises = [
        two[0] for one, two in zip(facts.forecasts, facts.forecasts[1:], strict=False)
        if two[1] > one[1]
    ]  # fmt: skip
    if not rises or (reading.as_of - rises[-1]).days > reading.settings.happy_days:
        return None
    from_day = rises[-1] - timedelta(days=reading.settings.happy_days)
    acted = any(each.by_prospect() for each in reading.moments if each.date >= from_day)
    return None if acted else rises[-1]


_FINDERS: dict[str, Callable[[DealFacts, Reading], date | None]] = {
    "no_next_step": _no_next_step,
    "past_close_date": _past_close_date,
    "close_date_pushed": _close_date_pushed,
    "stalled_in_stage": _stalled,
    "one_sided_plan": _one_sided_plan,
    "single_contact": _single_contact,
    "price_never_discussed": _price_never_discussed,
    "happy_ears": _happy_ears,
}

"""What goes in and what comes out: a timeline with a deal's facts, thresholds, and signs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .calendar import COUNTRIES

if TYPE_CHECKING:
    from datetime import date

    from spiegel.claims.types import Contradiction, TimelineEvent

#: What the words of a timeline can show.
TEXT_SIGNS = (
    "contradiction",
    "refuses_commitment",
    "delay",
    "silence",
    "hidden_decision_maker",
)
#: What needs the deal's own facts: a note that is not there proves nothing by itself.
FACT_SIGNS = (
    "no_next_step",
    "past_close_date",
    "close_date_pushed",
    "stalled_in_stage",
    "one_sided_plan",
    "single_contact",
    "price_never_discussed",
    "happy_ears",
)
SIGNS = TEXT_SIGNS + FACT_SIGNS


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of a joint plan: whose it is (``"buyer"`` or ``"seller"``), and what is known."""

    owner: str
    due: date | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class DealFacts:
    """What a CRM knows of a deal beside its texts; whatever is None is not known.

    Attributes:
        opened: When the deal began.
        stage: The name of its stage.
        stage_since: When it entered that stage.
        close_date: When it is expected to close.
        close_dates: Earlier values of it, each with the day it was set, oldest first.
        forecasts: The seller's own chance of winning, 0 to 1, with the day it was set.
        contacts: People of the prospect who took part.
        next_step: The day of the next step that the buyer agreed to.
        knows_next_step: Whether next steps are kept up, so that none means there is none.
        plan: Steps of the joint plan.
        price_discussed: Whether the price was talked about; None leaves it to the texts.
    """

    opened: date | None = None
    stage: str = ""
    stage_since: date | None = None
    close_date: date | None = None
    close_dates: tuple[tuple[date, date], ...] = ()
    forecasts: tuple[tuple[date, float], ...] = ()
    contacts: tuple[str, ...] | None = None
    next_step: date | None = None
    knows_next_step: bool = False
    plan: tuple[PlanStep, ...] = ()
    price_discussed: bool | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A deal's events in the order of the file, its language, and the facts that are known."""

    events: tuple[TimelineEvent, ...]
    lang: str
    id: str = ""
    facts: DealFacts | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class SignSettings:
    """Thresholds, which an organisation may tune. Days are working days unless said otherwise.

    Attributes:
        off: Signs that are not raised.
        delays: How many times the prospect puts off before it is a sign.
        unanswered: How many attempts in a row without an answer make silence.
        silence_days: The shortest silence, in days, from the first attempt without an answer.
        long_silence_days: From how many days one attempt without an answer is enough.
        rhythm: How many times this prospect's own usual time to answer a silence must last.
        stage_days: How long a deal may stay in a stage, in calendar days, by stage; the entry
            ``""`` is for all others.
        pushes: How many times the close date moved before it is a sign.
        pushed_days: Or how many calendar days it moved in total.
        single_contact_days: How old a deal with one contact may be, in calendar days.
        price_days: How old a deal may be without the price discussed, in calendar days.
        no_next_step_days: How long after the last event a next step may be missing.
        plan_steps: How many steps a plan has at least before it can be one-sided.
        happy_days: In how many calendar days the buyer did nothing while the forecast rose.
        countries: Whose public holidays do not count.
    """

    off: frozenset[str] = frozenset()
    delays: int = 2
    unanswered: int = 2
    silence_days: int = 7
    long_silence_days: int = 15
    rhythm: float = 2.0
    stage_days: dict[str, int] = field(default_factory=lambda: {"": 60})
    pushes: int = 2
    pushed_days: int = 60
    single_contact_days: int = 30
    price_days: int = 30
    no_next_step_days: int = 3
    plan_steps: int = 2
    happy_days: int = 14
    countries: tuple[str, ...] = COUNTRIES


@dataclass(frozen=True, slots=True)
class Sign:
    """A fact pattern on a deal, with what it rests on.

    Attributes:
        sign: One of ``spiegel.SIGNS``.
        evidence: Indexes into the events, from 0; empty when it rests on the deal's facts.
        topic: What it is about, one of ``spiegel.TOPICS``, or empty.
        since: The day from which it holds.
        sure: 0 to 1.
        reason: One plain sentence in the timeline's language.
        contradiction: Both claims and a verifying question, for that sign.
    """

    sign: str
    evidence: tuple[int, ...]
    topic: str
    since: date
    sure: float
    reason: str
    contradiction: Contradiction | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the sign as plain values for JSON."""
        row: dict[str, Any] = {
            "sign": self.sign,
            "evidence": list(self.evidence),
            "topic": self.topic,
            "since": self.since.isoformat(),
            "sure": round(self.sure, 2),
            "reason": self.reason,
        }
        if self.contradiction:
            row["contradiction"] = self.contradiction.to_dict()
        return row

"""A timeline as it is read on a day: events in order and in utterances, later ones left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spiegel.claims import utterances
from spiegel.claims.phrases import fold
from spiegel.claims.utterances import PROSPECT, SELLER

from .language import load

if TYPE_CHECKING:
    from datetime import date

    from spiegel.claims.types import TimelineEvent
    from spiegel.claims.utterances import Utterance

    from .language import SignLanguage
    from .types import SignSettings, Timeline

#: Kinds of event in which the prospect takes part, unless the text says otherwise.
TOGETHER = frozenset({"call", "meeting", "visit", "demo", "gesprek", "afspraak", "bezoek"})


@dataclass(frozen=True, slots=True)
class Moment:
    """One event with its place in the file, its folded text and its utterances."""

    place: int
    event: TimelineEvent
    folded: str
    said: tuple[Utterance, ...]

    @property
    def date(self) -> date:
        """The day of the event."""
        return self.event.date

    def by_prospect(self) -> tuple[Utterance, ...]:
        """What the prospect says here, by quotation, name or report."""
        return tuple(each for each in self.said if each.speaker == PROSPECT)

    def not_by_seller(self) -> tuple[Utterance, ...]:
        """What is not plainly the seller's own."""
        return tuple(each for each in self.said if each.speaker != SELLER)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the finders of signs look at."""

    moments: tuple[Moment, ...]
    language: SignLanguage
    as_of: date
    settings: SignSettings

    def has(self, name: str, folded: str) -> bool:
        """Tell whether folded text holds a phrase of a section."""
        return self.language.phrases.has(name, folded)

    def opens(self, folded: str) -> bool:
        """Tell whether a text lets the seller in to who decides, and does not deny it."""
        found = self.language.phrases.find("open_route", folded)
        if found is None:
            return False
        before = folded[max(0, found.start() - 25) : found.start()]
        return not self.language.claims.phrases.has("negation", f"{before} {found.group()}")


def read(timeline: Timeline, as_of: date | None, settings: SignSettings) -> Reading:
    """Read a timeline as it stood on a day.

    Args:
        timeline: The timeline.
        as_of: The day; the timeline's own, or that of its last event, when not given.
        settings: The thresholds.
    """
    language = load(timeline.lang)
    last = max(event.date for event in timeline.events)
    day = as_of or timeline.as_of or last
    cut = utterances.read(timeline.events, language.claims)
    moments = [
        Moment(place, event, fold(event.text), tuple(cut[place]))
        for place, event in enumerate(timeline.events)
        if event.date <= day
    ]
    moments.sort(key=lambda moment: (moment.date, moment.place))
    return Reading(tuple(moments), language, day, settings)

"""Turn a written story (content/*.json) into one deal with its timeline."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from spiegel_portal.deals.models import Deal, DealEvent, Stage
from spiegel_portal.deals.text import search_text_of

if TYPE_CHECKING:
    from decimal import Decimal
    from random import Random

    from spiegel_portal.people.models import Organisation, User


@cache
def content(name: str) -> dict[str, Any]:
    """Read one of the demo's files: ``nl``, ``en``, ``nl_reflections`` …"""
    path = Path(__file__).parent / "content" / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class Story:
    """One deal as it will be told: the arc it follows, the words that fill it, its days."""

    arc: dict[str, Any]
    words: dict[str, str]
    amount: Decimal
    start: date
    end: date

    def day(self, part: float) -> date:
        """Give the day at a part (0 to 1) of the story, moved off weekends, never after its end."""
        day = self.start + timedelta(days=round((self.end - self.start).days * part))
        while day.weekday() > 4:
            day -= timedelta(days=1)
        return max(day, self.start)


@dataclass(frozen=True, slots=True)
class Told:
    """A deal and its events, not saved yet; with the words of its story."""

    deal: Deal
    events: list[DealEvent]
    story: Story


def tell(
    story: Story,
    *,
    organisation: Organisation,
    owner: User,
    stages: list[Stage],
    random: Random,
    number: int,
) -> Told:
    """Make a story's deal and timeline.

    Args:
        story: What happens.
        organisation: Where.
        owner: Whose deal.
        stages: The organisation's stages in order, open ones first.
        random: The source of chance; the same gives the same demo.
        number: Of the deal in its CRM.
    """
    path = _path(story, stages)
    deal = Deal(
        organisation=organisation,
        owner=owner,
        owner_name=owner.name,
        name=story.words["product"],
        account=story.words["customer"],
        product=story.words["product"].split(",")[0],
        stage=path[-1],
        stage_type=path[-1].type,
        amount=story.amount,
        currency=organisation.currency,
        created_on=story.start,
        stated_reason=fill(story.arc.get("stated_reason", ""), story.words),
        crm_reason=story.arc.get("crm_reason", ""),
        source="demo",
        external_id=f"D-{number:04d}",
    )
    events = [*_stage_events(deal, path, story, random), *_said(deal, story, random)]
    events += _pushes(deal, story, random)
    events.sort(key=lambda event: event.at)
    deal.last_event_at = events[-1].at
    _close(deal, events)
    deal.search_text = search_text_of(
        account=deal.account,
        name=deal.name,
        product=deal.product,
        external_id=deal.external_id,
    )
    return Told(deal, events, story)


def _path(story: Story, stages: list[Stage]) -> list[Stage]:
    """Give the stages a story goes through, in order."""
    opened = [stage for stage in stages if stage.type == "open"]
    if story.arc["type"] == "open":
        return opened[: story.arc["stage"]]
    ended = next(stage for stage in stages if stage.type == story.arc["type"])
    return [*opened[:3], ended]


def _moment(day: date, random: Random) -> datetime:
    """Give a time in working hours of a day, today not after now."""
    clock = time(8 + random.randrange(9), random.choice((0, 10, 15, 30, 40, 45)))
    return min(timezone.make_aware(datetime.combine(day, clock)), timezone.now())


def _event(deal: Deal, kind: str, at: datetime, **fields: Any) -> DealEvent:
    return DealEvent(organisation_id=deal.organisation_id, deal=deal, kind=kind, at=at, **fields)


def _stage_events(deal: Deal, path: list[Stage], story: Story, random: Random) -> list[DealEvent]:
    events = []
    for place, stage in enumerate(path):
        at = _moment(story.day(place / max(len(path) - 1, 1)), random)
        before = path[place - 1].name if place else ""
        kind = DealEvent.Kind.STAGE if place else DealEvent.Kind.CREATED
        events.append(_event(deal, kind, at, data={"from": before, "to": stage.name}))
    return events


def _said(deal: Deal, story: Story, random: Random) -> list[DealEvent]:
    return [
        _event(
            deal,
            kind,
            _moment(story.day(part), random),
            text=fill(text, story.words),
            author_id=deal.owner_id,
        )
        for part, kind, text in story.arc["events"]
    ]


def _pushes(deal: Deal, story: Story, random: Random) -> list[DealEvent]:
    """Move the expected close as often as the story says; sets the deal's own."""
    length = (story.end - story.start).days
    expected = story.start + timedelta(days=max(21, length - 14 * story.arc["pushes"]))
    events = []
    for number in range(story.arc["pushes"]):
        later = expected + timedelta(days=random.choice((14, 21, 30)))
        part = 0.45 + 0.5 * (number + 1) / (story.arc["pushes"] + 1)
        data = {"from": expected.isoformat(), "to": later.isoformat()}
        events.append(
            _event(deal, DealEvent.Kind.DATE, _moment(story.day(part), random), data=data)
        )
        expected = later
    deal.expected_close_on = expected
    return events


def _close(deal: Deal, events: list[DealEvent]) -> None:
    changes = [event for event in events if event.kind in {"stage", "created"}]
    deal.stage_since = timezone.localdate(changes[-1].at)
    if deal.stage_type in {"won", "lost", "no_decision"}:
        deal.closed_on = deal.stage_since


def fill(text: str, words: dict[str, str]) -> str:
    """Put a story's words into a text; a sentence that then begins small gets its capital."""
    filled = text.format(**words)
    return re.sub(r"(?:^|(?<=[.!?] ))[a-z]", lambda match: match.group().upper(), filled)

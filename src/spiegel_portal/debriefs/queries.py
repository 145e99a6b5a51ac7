"""What an author may read. Debriefs, lessons and plans are their author's alone.

Every function takes the author and finds nothing of anybody else's, whatever their role: "not
yours" and "not there" are the same ``Http404``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_date

from spiegel_portal.common.money import show_amount
from spiegel_portal.deals.models import Deal, DealEvent, StageType

from .models import Debrief, Lesson, OtherVersion, Plan, Situation, SituationSeries

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from spiegel_portal.people.models import User

    from .domain.fields import Writing

#: An open deal is stalled this many days past its expected close …
STALLED_PAST_CLOSE_DAYS = 14
#: … or when nothing was heard for this many.
STALLED_SILENT_DAYS = 30
#: The most events a facts panel reads.
MOST_EVENTS = 80

_LISTED = (
    *("organisation", "author", "deal_name", "outcome", "finished_at", "updated_at", "version"),
    *("deal", "lesson__text", "lesson__debrief"),
)


def own_debriefs(*, author: User, outcome: str = "") -> QuerySet[Debrief]:
    """Give the author's debriefs for a list, drafts first, then the last finished first.

    The long texts are not read along: sorting thousands of rows with them takes twice as long.
    """
    found = Debrief.objects.filter(author=author).select_related("lesson").only(*_LISTED)
    if outcome in Debrief.Outcome.values:
        found = found.filter(outcome=outcome)
    drafts_first: QuerySet[Debrief] = found.order_by(
        F("finished_at").desc(nulls_first=True), "-updated_at", "id"
    )
    return drafts_first


def own_debrief(*, author: User, debrief_id: UUID) -> Debrief:
    """Give one debrief of the author's.

    Raises:
        Http404: when it is not there or not theirs.
    """
    found: Debrief | None = (
        Debrief.objects.filter(author=author, pk=debrief_id)
        .select_related("deal__stage", "plan_deal", "lesson")
        .first()
    )
    if found is None:
        raise Http404
    return found


def own_lessons(*, author: User, retired: bool = False) -> QuerySet[Lesson]:
    """Give the author's lessons with their plans, the newest first."""
    plans = Plan.objects.select_related("deal").order_by("created_at")
    found: QuerySet[Lesson] = (
        Lesson.objects.filter(author=author, retired_at__isnull=not retired)
        .select_related("debrief", "from_situation")
        .prefetch_related(Prefetch("plans", plans))
    )
    return found


def own_lesson(*, author: User, lesson_id: UUID) -> Lesson:
    """Give one lesson of the author's, retired or not, with its plans and their answers.

    Raises:
        Http404: when it is not there or not theirs.
    """
    plans = Plan.objects.select_related("deal").prefetch_related("answers").order_by("created_at")
    found: Lesson | None = (
        Lesson.objects.filter(author=author, pk=lesson_id)
        .select_related("debrief", "from_situation")
        .prefetch_related(Prefetch("plans", plans))
        .first()
    )
    if found is None:
        raise Http404
    return found


def own_plan(*, author: User, plan_id: UUID) -> Plan:
    """Give one plan of the author's.

    Raises:
        Http404: when it is not there or not theirs.
    """
    found: Plan | None = (
        Plan.objects.filter(author=author, pk=plan_id).select_related("deal", "lesson").first()
    )
    if found is None:
        raise Http404
    return found


def plans_due(*, author: User, today: dt.date) -> QuerySet[Plan]:
    """Give the open plans whose moment has come, the oldest first."""
    found: QuerySet[Plan] = Plan.objects.filter(
        author=author, state=Plan.State.OPEN, ask_on__lte=today
    ).select_related("deal", "lesson")
    return found


def waiting_deals(*, author: User, today: dt.date | None = None, most: int = 3) -> list[Deal]:
    """Give a handful of the author's deals to look back on, the most recent first.

    Waiting are deals lost, ended without a decision or stalled, and without a debrief. Stalled
    means: open, and its expected close is 14 days or more ago or nothing was heard for 30 days.
    Three short reads, one per type, each along the index on owner, type and recency: the time does
    not grow with the number of deals.
    """
    own = Deal.objects.filter(owner=author).annotate(
        looked_back=Exists(Debrief.objects.filter(deal=OuterRef("pk"), author=author))
    )
    own = own.filter(looked_back=False).select_related("stage").order_by("-last_event_at", "id")
    kinds = (
        own.filter(stage_type=StageType.LOST),
        own.filter(stage_type=StageType.NO_DECISION),
        own.filter(stalled_on(day=today or timezone.localdate()), stage_type=StageType.OPEN),
    )
    found = [deal for kind in kinds for deal in kind[:most]]
    found.sort(key=lambda deal: deal.last_event_at, reverse=True)
    return found[:most]


def stalled_on(*, day: dt.date) -> Q:
    """Say which open deals count as stalled on this day, as a condition on deals."""
    silent_since = timezone.make_aware(dt.datetime.combine(day, dt.time.max)) - dt.timedelta(
        days=STALLED_SILENT_DAYS
    )
    past_close = day - dt.timedelta(days=STALLED_PAST_CLOSE_DAYS)
    return Q(expected_close_on__lte=past_close) | Q(last_event_at__lte=silent_since)


def own_deal(*, author: User, deal_id: UUID) -> Deal:
    """Give one deal of the author's, to look back on.

    Raises:
        Http404: when it is not there or not theirs.
    """
    found: Deal | None = (
        Deal.objects.filter(owner=author, pk=deal_id).select_related("stage").first()
    )
    if found is None:
        raise Http404
    return found


def open_deals_for_plan(*, author: User, query: str = "", most: int = 8) -> list[Deal]:
    """Give some of the author's open deals, the most recent first, narrowed by words typed."""
    return _matching(Deal.objects.filter(owner=author, stage_type=StageType.OPEN), query, most)


def deals_for_situation(*, author: User, query: str = "", most: int = 8) -> list[Deal]:
    """Give some of the author's deals however they ended, narrowed by words typed."""
    return _matching(Deal.objects.filter(owner=author), query, most) if query.strip() else []


def _matching(deals: QuerySet[Deal], query: str, most: int) -> list[Deal]:
    for word in query.casefold().split()[:5]:
        deals = deals.filter(
            Q(search_text__contains=word) | Q(name__icontains=word) | Q(account__icontains=word)
        )
    return list(deals.order_by("-last_event_at", "id")[:most])


@dataclass(frozen=True)
class Move:
    """One change of a deal: from what to what, days read as days."""

    kind: str
    at: dt.datetime
    text: str
    before: str | dt.date
    after: str | dt.date


@dataclass(frozen=True)
class Facts:
    """What the CRM knows of a deal, for beside a debrief.

    Attributes:
        deal: The deal itself.
        days: Days from its creation to its close, or to today; None when unknown.
        moves: Changes of stage, close date, amount and owner, oldest first.
        pushes: How often the close date moved to a later day.
        said: Notes, mails, calls and meetings, oldest first.
    """

    deal: Deal
    days: int | None
    moves: list[Move] = field(default_factory=list)
    pushes: int = 0
    said: list[DealEvent] = field(default_factory=list)


_SAID = {DealEvent.Kind.NOTE, DealEvent.Kind.MEETING, DealEvent.Kind.CALL, DealEvent.Kind.MAIL}


def deal_facts(*, deal: Deal | None, author: User, today: dt.date) -> Facts | None:
    """Gather the facts of a deal while it is the author's; None when it is gone or another's."""
    if deal is None or deal.owner_id != author.pk:
        return None
    events: list[DealEvent] = list(
        DealEvent.objects.filter(deal=deal).order_by("-at", "-created_at")[:MOST_EVENTS]
    )
    events.reverse()
    moves = [_move(event, deal.currency) for event in events if event.kind not in _SAID]
    days = (deal.closed_on or today) - deal.created_on if deal.created_on else None
    return Facts(
        deal=deal,
        days=days.days if days is not None and days.days >= 0 else None,
        moves=moves,
        pushes=sum(map(_is_push, moves)),
        said=[event for event in events if event.kind in _SAID],
    )


def _move(event: DealEvent, currency: str) -> Move:
    before, after = (_said(event, side, currency) for side in ("from", "to"))
    return Move(event.get_kind_display(), event.at, event.text, before, after)


def _said(event: DealEvent, side: str, currency: str) -> str | dt.date:
    """What stood on one side of a change; a value that is not what it should be, as it stands."""
    value = str(event.data.get(side) or "")
    try:
        if value and event.kind == DealEvent.Kind.AMOUNT:
            return show_amount(Decimal(value), currency)
        return parse_date(value) or value
    except (ValueError, InvalidOperation):
        return value


def _is_push(move: Move) -> bool:
    """Whether a day moved to a later one; only the close date's changes are days."""
    if isinstance(move.before, dt.date) and isinstance(move.after, dt.date):
        return move.after > move.before
    return False


def waiting_texts(*, item: Writing, author: User) -> dict[str, list[tuple[OtherVersion, str]]]:
    """Give the texts that wait for a choice: field name to (where it waits, the text)."""
    found: dict[str, list[tuple[OtherVersion, str]]] = {}
    for other in OtherVersion.objects.filter(author=author, item_id=item.pk):
        for name, text in other.texts.items():
            found.setdefault(name, []).append((other, text))
    return found


def latest_series(*, author: User) -> SituationSeries | None:
    """Give the author's three situations: those under way, or else the last ones finished."""
    plans = Prefetch("lesson__plans", Plan.objects.select_related("deal"))
    situations = Situation.objects.select_related("lesson", "deal", "plan_deal")
    situations = situations.prefetch_related(plans)
    series: SituationSeries | None = (
        SituationSeries.objects.filter(author=author)
        .order_by(F("finished_at").desc(nulls_first=True))
        .prefetch_related(Prefetch("situations", situations))
        .first()
    )
    return series


def first_situations(*, author: User) -> dict[int, bool]:
    """Tell which of the author's three situations are finished, by position; empty before them.

    Once a whole series was finished all count as finished, whatever was begun later.
    """
    situations = Situation.objects.filter(author=author).order_by("series__created_at")
    found: dict[int, bool] = {}
    for position, own_end, series_end in situations.values_list(
        "position", "finished_at", "series__finished_at"
    ):
        found[position] = found.get(position, False) or bool(own_end or series_end)
    return found


def own_situation(*, author: User, position: int) -> Situation:
    """Give one situation of the author's latest series.

    Raises:
        Http404: when there is none.
    """
    series = latest_series(author=author)
    for situation in series.situations.all() if series else []:
        if situation.position == position:
            return situation
    raise Http404

"""Named queries on deals. Who asks is an argument, never an afterthought."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone

from spiegel_portal.people.models import Role
from spiegel_portal.people.queries import team_members_visible_to

from .models import Deal, DealEvent
from .text import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from spiegel_portal.people.models import Membership

#: Deals on one page of the list.
PAGE = 50
#: What the list can be sorted by: the column, and whether it falls.
SORTS = {
    "recent": ("last_event_at", True),
    "customer": ("search_text", False),
    "amount": ("amount_order", True),
    "close": ("close_order", False),
}


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for in the list of deals."""

    words: str = ""
    stage_type: str = ""
    owner_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    sort: str = "recent"
    #: The sort value and id of the deal the page starts after, or ends before.
    after: tuple[str, str] | None = None
    before: tuple[str, str] | None = None


@dataclass(slots=True)
class Page:
    """One page of deals, and the cursors of the pages around it (None at an end)."""

    deals: list[Deal] = field(default_factory=list)
    earlier: tuple[str, str] | None = None
    later: tuple[str, str] | None = None


def visible_deals(*, membership: Membership) -> QuerySet[Deal]:
    """The deals a member may see: their own, and a manager their team's.

    A manager without a team answers for the whole organisation, deals without a known owner
    among them.
    """
    deals: QuerySet[Deal] = Deal.objects.all()
    if membership.role != Role.MANAGER:
        return deals.filter(owner_id=membership.user_id)
    if membership.team_id is None:
        return deals
    team = team_members_visible_to(membership=membership).values_list("user_id", flat=True)
    return deals.filter(owner_id__in=[*team, membership.user_id])


def visible_deal(*, membership: Membership, deal_id: UUID) -> Deal:
    """Give one deal.

    Raises:
        Http404: It is not there, or not theirs to see.
    """
    deal = (
        visible_deals(membership=membership)
        .select_related("stage", "owner")
        .filter(pk=deal_id)
        .first()
    )
    if deal is None:
        raise Http404
    return deal


def search_deals(*, membership: Membership, search: Search) -> Page:
    """Give one page of the deals a member may see and looks for.

    Pages follow a cursor, not a number, so that the last is as quick as the first (keyset
    paging). Stages and owners are fetched afterwards, for the page's rows alone: joined, they
    would be looked up for every row that has to be sorted.
    """
    found = _filtered(visible_deals(membership=membership), search)
    column, falls = SORTS.get(search.sort, SORTS["recent"])
    backwards = _usable(column, search.before) is not None
    cursor = _usable(column, search.before or search.after)
    down = falls != backwards
    if cursor is not None:
        found = found.filter(_beyond(column, cursor, falling=down, up_ids=not backwards))
    order = [f"-{column}" if down else column, "-id" if backwards else "id"]
    rows = list(found.order_by(*order).prefetch_related("stage", "owner")[: PAGE + 1])
    more = len(rows) > PAGE
    deals = rows[PAGE - 1 :: -1] if backwards else rows[:PAGE]
    has_earlier, has_later = (more, True) if backwards else (cursor is not None, more)
    return Page(
        deals=deals,
        earlier=_cursor(deals[0], column) if deals and has_earlier else None,
        later=_cursor(deals[-1], column) if deals and has_later else None,
    )


def counts_by_type() -> dict[str, int]:
    """Count the organisation's deals per stage type: all that an administrator sees of them."""
    counted = Deal.objects.order_by().values_list("stage_type").annotate(Count("pk"))
    return dict(counted)


def timeline(*, deal: Deal, most: int = 200) -> list[DealEvent]:
    """Give a deal's events, latest first; at most `most`."""
    return list(DealEvent.objects.filter(deal=deal).select_related("author")[:most])


def owners_among(*, membership: Membership) -> list[Membership]:
    """Give the members whose deals this member may see, by name; just themselves for most."""
    members = team_members_visible_to(membership=membership).select_related("user")
    return list(members.order_by("user__name", "user__email"))


def _filtered(deals: QuerySet[Deal], search: Search) -> QuerySet[Deal]:
    for word in fold(search.words).split()[:6]:
        deals = deals.filter(search_text__contains=word)
    if search.stage_type:
        deals = deals.filter(stage_type=search.stage_type)
    if search.owner_id:
        deals = deals.filter(owner_id=search.owner_id)
    if search.since:
        deals = deals.filter(last_event_at__gte=_midnight(search.since))
    if search.until:
        deals = deals.filter(last_event_at__lt=_midnight(search.until + timedelta(days=1)))
    return deals


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _beyond(column: str, cursor: tuple[str, str], *, falling: bool, up_ids: bool) -> Q:
    value, key = cursor
    beyond = Q(**{f"{column}__{'lt' if falling else 'gt'}": value})
    return beyond | Q(**{column: value, f"id__{'gt' if up_ids else 'lt'}": key})


def _usable(column: str, cursor: tuple[str, str] | None) -> tuple[str, str] | None:
    """Give the cursor, or None where an address was changed by hand and leads nowhere."""
    if cursor is None or "\0" in cursor[0]:
        return None
    try:
        _READ[column](cursor[0])
        UUID(cursor[1])
    except (ValueError, InvalidOperation):
        return None
    return cursor


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if timezone.is_naive(moment):
        raise ValueError(text)
    return moment


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite() or abs(amount) >= 10**12:
        raise ValueError(text)
    return amount


#: How the value in a cursor is written, per column.
_READ: dict[str, Callable[[str], object]] = {
    "last_event_at": _moment,
    "search_text": str,
    "amount_order": _amount,
    "close_order": date.fromisoformat,
}


def _cursor(deal: Deal, column: str) -> tuple[str, str]:
    value: Any = getattr(deal, column)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text, str(deal.pk)

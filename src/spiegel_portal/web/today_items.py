"""What Today shows, in which order and how much of it: the one place that decides.

Each kind of thing has a provider: a function that looks up what waits for a reader and gives a
section, or None. Adding a kind is adding its provider to ``PROVIDERS`` and a template.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from spiegel_portal.deals import queries as deals
from spiegel_portal.deals.models import Import, StageType
from spiegel_portal.debriefs import queries as debriefs
from spiegel_portal.people import queries as people
from spiegel_portal.people import sharing
from spiegel_portal.people.models import Role
from spiegel_portal.people.permissions import may_administer
from spiegel_portal.practice import queries as practice

if TYPE_CHECKING:
    from collections.abc import Callable

    from spiegel_portal.people.models import Membership, User

#: The most things of one kind on the page; the rest waits behind a link.
MOST = 3
#: How long the end of a deal is news to a manager.
RECENT_DAYS = 14


@dataclass(frozen=True)
class Reader:
    """For whom the page is made, and when (in their time zone)."""

    user: User
    membership: Membership
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The day it is for them."""
        return self.now.date()


@dataclass(frozen=True)
class Section:
    """One kind of thing that waits.

    Attributes:
        template: What shows it, with the section as ``section``.
        items: The things, at most a handful.
        more: Whether there are more of them than are shown.
        data: What else its template needs.
    """

    template: str
    items: list[Any]
    more: bool = False
    data: dict[str, Any] = field(default_factory=dict)


def sections(reader: Reader) -> list[Section]:
    """Ask every provider, in order, and give what waits for this reader."""
    found = (provider(reader) for provider in PROVIDERS)
    return [section for section in found if section is not None]


def first_steps(reader: Reader) -> Section | None:
    """The three situations, until they are finished.

    An administrator who does not sell starts them from the debriefs page, not from here.
    """
    finished = debriefs.first_situations(author=reader.user)
    if not finished and reader.membership.role == Role.ADMINISTRATOR:
        return None
    if finished and all(finished.values()):
        return None
    steps = [{"position": place, "done": finished.get(place, False)} for place in (1, 2, 3)]
    upcoming = next(step["position"] for step in steps if not step["done"])
    return Section(
        "web/today/_first_steps.html", steps, data={"next": upcoming, "started": bool(finished)}
    )


def plans(reader: Reader) -> Section | None:
    """If-then plans whose moment has come."""
    found = list(debriefs.plans_due(author=reader.user, today=reader.today)[: MOST + 1])
    return _section("web/today/_plans.html", found)


def cards(reader: Reader) -> Section | None:
    """Practice cards due now, two a day at most."""
    return _section(
        "web/today/_cards.html", list(practice.due_cards(owner=reader.user, now=reader.now))
    )


def drafts(reader: Reader) -> Section | None:
    """Debriefs that were begun."""
    found = list(debriefs.own_debriefs(author=reader.user).filter(finished_at=None)[: MOST + 1])
    return _section("web/today/_drafts.html", found)


def waiting(reader: Reader) -> Section | None:
    """Deals that are lost or stalled and were not looked back on; a start for who has no deals."""
    found = debriefs.waiting_deals(author=reader.user, today=reader.today, most=MOST + 1)
    if found or deals.visible_deals(membership=reader.membership).exists():
        return _section("web/today/_waiting.html", found)
    return Section("web/today/_no_deals.html", [reader.membership.organisation])


def shared(reader: Reader) -> Section | None:
    """What others share with the reader and they have not opened."""
    found = sharing.shares_received(recipient=reader.user, today=reader.today, unopened=True)
    return _section("web/today/_shared.html", found)


def team(reader: Reader) -> Section | None:
    """For a manager: their team's deals that ended without an order in the last two weeks.

    Facts of the CRM only. Whether somebody looked back on them is not the manager's to see.
    """
    if reader.membership.role != Role.MANAGER:
        return None
    found = deals.visible_deals(membership=reader.membership).exclude(owner=reader.user)
    since = reader.now - dt.timedelta(days=RECENT_DAYS)
    recent = found.filter(
        stage_type__in=[StageType.LOST, StageType.NO_DECISION], last_event_at__gte=since
    )
    ended = recent.select_related("owner").order_by("-last_event_at", "id")[: MOST + 1]
    return _section("web/today/_team.html", list(ended))


def invitations(reader: Reader) -> Section | None:
    """For who administers: invitations that nobody took up yet."""
    if not may_administer(reader.membership):
        return None
    return _section(
        "web/today/_invitations.html", list(people.open_invitations(now=reader.now)[: MOST + 1])
    )


def imports(reader: Reader) -> Section | None:
    """Imports of the reader that wait for a look at their preview, or failed."""
    since = reader.now - dt.timedelta(days=RECENT_DAYS)
    found = Import.objects.filter(
        uploaded_by=reader.user,
        state__in=[Import.State.UPLOADED, Import.State.FAILED],
        created_at__gte=since,
    )
    return _section("web/today/_imports.html", list(found[: MOST + 1]))


#: What waits, in the order of the page.
PROVIDERS: list[Callable[[Reader], Section | None]] = [
    first_steps,
    plans,
    cards,
    drafts,
    waiting,
    shared,
    team,
    invitations,
    imports,
]


def _section(template: str, found: list[Any]) -> Section | None:
    if not found:
        return None
    return Section(template, found[:MOST], more=len(found) > MOST)

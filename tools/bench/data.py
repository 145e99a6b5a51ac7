"""Make the big organisation that is measured: made by code from a seed, the same every time."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from spiegel.practice import new_memory
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.models import Deal, DealEvent, Stage
from spiegel_portal.deals.stages import ensure_stages
from spiegel_portal.deals.text import search_text_of
from spiegel_portal.debriefs.models import Debrief, Direction, Lesson, Plan
from spiegel_portal.people.models import Membership, Organisation, Role, Team, User
from spiegel_portal.practice.models import Card

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SLUG = "bench"


def _words(text: str, between: str = " ") -> list[str]:
    return text.split(between)


#: The seller who is measured has this part of the deals and debriefs; the others share the rest.
SHARE = 0.2
_SELLERS = 9
_CHUNK = 5000
_FAMILIES = _words(
    "Bakker Visser Jansen Mulder Köhler Élan Smit Meijer Bos Vos Peters Hendriks Dekker "
    "Dijkstra Postma Veenstra Brouwer Kuiper Schouten Willems Hoekstra Prins Blom Huisman "
    "Timmer Molenaar Whitaker Ashdown Merton Harrow Larkin Pryce Calder Denholm Fenwick "
    "Garside"
)
_TRADES = _words(
    "Bouw Transport Zorg Techniek Groothandel Advies Installaties Verpakking Logistiek "
    "Food Engineering Partners Foods Textiles Printing Joinery Labs Motors Media Systems"
)
_WHAT = _words(
    "yearly contract;pilot;renewal;second site;onderhoudscontract;proefperiode;"
    "verlenging;uitbreiding;training for the team;raamovereenkomst",
    between=";",
)
_PRODUCTS = ("Basis", "Plus", "Compleet", "Service", "Starter", "")
_SAID = (
    "The buyer said that the budget is fixed and that he decides alone.",
    "We agreed that I send the proposal on Friday and that they answer within two weeks.",
    "De inkoper zei dat de directie er maandag naar kijkt. Er is geen datum afgesproken.",
    "Ze vroegen korting en noemden een goedkopere aanbieder, zonder naam.",
    "No answer to my mail; I called and left a message with a colleague.",
)
LOOKED_BACK = (
    "We agreed in March that the board would decide in April. Nobody had asked the board. "
    "I assumed that my contact could sign, and I did not ask who else was in the room. "
    "The customer chose the cheapest. Next time I ask in the first talk who decides, and how."
)


@dataclass(frozen=True)
class Big:
    """What was made: the people whose pages are measured."""

    organisation: Organisation
    seller: User
    manager: User
    director: User


def find() -> Big | None:
    """Give the big organisation where it was made before, whole."""
    organisation = Organisation.objects.filter(slug=SLUG).first()
    if organisation is None:
        return None
    people = {user.name: user for user in User.objects.filter(email__endswith="@bench.example")}
    return Big(organisation, people["seller"], people["manager"], people["director"])


def make(*, deals: int, debriefs: int) -> Big:
    """Make an organisation with a team of ten, a manager, and a director without a team.

    Args:
        deals: How many in all.
        debriefs: How many in all; each finished one has a lesson, a plan and a card.
    """
    rng = random.Random(20261124)  # noqa: S311  (sizes of deals, not secrets)
    organisation = Organisation.objects.create(name="Bench", slug=SLUG, language="nl")
    with organisation_scope(organisation):
        sellers = _people(organisation)
        stages = ensure_stages(organisation=organisation)
        closed: dict[User, list[Deal]] = {}
        for chunk in _chunks(_deals(rng, organisation, sellers, stages, deals)):
            Deal.objects.bulk_create(chunk)
            for event_chunk in _chunks(_events(rng, chunk)):
                DealEvent.objects.bulk_create(event_chunk)
            for deal in chunk:
                if deal.closed_on:
                    closed.setdefault(deal.owner, []).append(deal)
        for seller in sellers:
            part = SHARE if seller.name == "seller" else (1 - SHARE) / _SELLERS
            _debriefs(rng, organisation, seller, closed[seller][: round(debriefs * part)])
    big = find()
    assert big is not None
    return big


def _people(organisation: Organisation) -> list[User]:
    team = Team.objects.create(organisation=organisation, name="Team")
    roles = [
        ("seller", Role.SELLER, team),
        ("manager", Role.MANAGER, team),
        ("director", Role.MANAGER, None),
        *((f"seller {number}", Role.SELLER, team) for number in range(_SELLERS)),
    ]
    users = []
    for name, role, where in roles:
        user = User.objects.create(email=f"{name.replace(' ', '')}@bench.example", name=name)
        Membership.objects.create(organisation=organisation, user=user, role=role, team=where)
        users.append(user)
    return [user for user in users if user.name.startswith("seller")]


def _deals(
    rng: random.Random,
    organisation: Organisation,
    sellers: list[User],
    stages: list[Stage],
    count: int,
) -> Iterator[Deal]:
    weights = [4, 4, 5, 5, 20, 52, 6, 4]
    now = timezone.now()
    for number in range(count):
        stage = rng.choices(stages, weights)[0]
        created = now - timedelta(days=rng.randrange(1500), minutes=rng.randrange(1440))
        moved = min(now, created + timedelta(days=rng.randrange(120), minutes=rng.randrange(1440)))
        ended = stage.type in {"won", "lost", "no_decision"}
        facts = {
            "account": f"{rng.choice(_FAMILIES)} {rng.choice(_TRADES)} {number % 977}",
            "name": rng.choice(_WHAT),
            "product": rng.choice(_PRODUCTS),
            "external_id": f"OPP-{number:06}",
        }
        owner = sellers[0] if rng.random() < SHARE else rng.choice(sellers[1:])
        yield Deal(
            organisation=organisation,
            owner=owner,
            stage=stage,
            stage_type=stage.type,
            stage_since=moved.date(),
            amount=Decimal(rng.randrange(500, 90_000)) if rng.random() < 0.9 else None,
            created_on=created.date(),
            expected_close_on=(created + timedelta(days=90)).date(),
            closed_on=moved.date() if ended else None,
            source="bench",
            search_text=search_text_of(**facts),
            last_event_at=moved,
            **facts,
        )


def _events(rng: random.Random, deals: list[Deal]) -> Iterator[DealEvent]:
    for deal in deals:
        many = 40 if rng.random() < 0.01 else rng.randrange(1, 5)
        for number in range(many):
            change = number % 3 == 2
            yield DealEvent(
                organisation_id=deal.organisation_id,
                deal=deal,
                author_id=deal.owner_id,
                kind="date" if change else rng.choice(("note", "call", "mail", "meeting")),
                at=deal.last_event_at - timedelta(days=number),
                text="" if change else rng.choice(_SAID),
                data={"from": "2026-01-01", "to": "2026-02-01"} if change else {},
            )


def _debriefs(
    rng: random.Random, organisation: Organisation, author: User, deals: list[Deal]
) -> None:
    now = timezone.now()
    debriefs = [_debrief(organisation, author, deal, now) for deal in deals]
    Debrief.objects.bulk_create(debriefs, batch_size=_CHUNK)
    lessons = [_lesson(organisation, author, one) for one in debriefs if one.finished_at]
    Lesson.objects.bulk_create(lessons, batch_size=_CHUNK)
    rest: dict[str, Any] = {"organisation": organisation}
    Plan.objects.bulk_create(
        [
            Plan(
                author=author,
                lesson=lesson,
                deal=deals[number],
                if_text="the customer names a date without a name",
                then_text="I ask who decides on that day",
                ask_on=now.date() + timedelta(days=rng.randrange(-1000, 60)),
                state=Plan.State.OPEN if rng.random() < 0.02 else Plan.State.DONE,
                **rest,
            )
            for number, lesson in enumerate(lessons)
        ],
        batch_size=_CHUNK,
    )
    Card.objects.bulk_create(
        [
            Card(
                owner=author,
                lesson=lesson,
                memory=new_memory(now),
                due_on=now.date() + timedelta(days=rng.randrange(-9, 90)),
                **rest,
            )
            for lesson in lessons
        ],
        batch_size=_CHUNK,
    )


def _debrief(organisation: Organisation, author: User, deal: Deal, now: datetime) -> Debrief:
    draft = deal.pk.int % 10 == 0
    return Debrief(
        organisation=organisation,
        author=author,
        deal=deal,
        deal_name=deal.account,
        outcome=deal.stage_type,
        agreed=LOOKED_BACK,
        happened=LOOKED_BACK,
        differed=LOOKED_BACK,
        own_part=LOOKED_BACK,
        own_reason="" if draft else "I did not ask who decides",
        lesson_text="" if draft else "I ask in the first talk who decides, and how",
        finished_at=None if draft else now,
    )


def _lesson(organisation: Organisation, author: User, debrief: Debrief) -> Lesson:
    return Lesson(
        organisation=organisation,
        author=author,
        debrief=debrief,
        situation=f"A first talk at {debrief.deal_name}",
        text=debrief.lesson_text,
        direction=Direction.START,
    )


def _chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk

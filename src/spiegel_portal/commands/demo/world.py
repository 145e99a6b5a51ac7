"""The demo's two organisations and their centre: people, and some 300 deals."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.models import Deal, DealEvent
from spiegel_portal.deals.stages import ensure_stages
from spiegel_portal.people.models import (
    Centre,
    CentreMembership,
    Membership,
    Organisation,
    Team,
    User,
)

from .stories import Story, Told, content, tell

if TYPE_CHECKING:
    from datetime import date, datetime

#: The same seed gives the same demo, but for the days, which count back from today.
_SEED = 20_261


def build(
    language: str, *, password: str, now: datetime
) -> tuple[Organisation, dict[str, User], list[Told]]:
    """Make one organisation with its people and deals.

    Args:
        language: ``nl`` or ``en``: which of the two.
        password: Of everybody in it.
        now: The moment the stories lead up to.

    Returns:
        The organisation, its people by e-mail address, and its deals.
    """
    told = content(language)
    organisation = Organisation.objects.create(**told["organisation"])
    with organisation_scope(organisation):
        people = _people(organisation, told, password)
        deals = _deals(organisation, told, people, timezone.localdate(now))
    return organisation, people, deals


def build_centre(*, password: str) -> None:
    """Make the training centre and its people."""
    told = content("centre")
    centre = Centre.objects.create(name=told["name"], slug=told["slug"], city=told["city"])
    centre.serves.set(Organisation.objects.filter(slug__in=told["serves"]))
    hashed = make_password(password)
    for person in told["people"]:
        user = _person(person["email"], person["name"], person["language"], hashed)
        CentreMembership.objects.create(centre=centre, user=user, role=person["role"])


def _people(organisation: Organisation, told: dict[str, Any], password: str) -> dict[str, User]:
    teams = {
        name: Team.objects.create(organisation=organisation, name=name) for name in told["teams"]
    }
    hashed = make_password(password)
    people = {}
    for person in told["people"]:
        user = _person(person["email"], person["name"], organisation.language, hashed)
        Membership.objects.create(
            organisation=organisation,
            user=user,
            role=person["role"],
            team=teams.get(person["team"]),
        )
        people[person["email"]] = user
    return people


def _person(email: str, name: str, language: str, hashed: str) -> User:
    user = User.objects.create(email=email, name=name, language=language, password=hashed)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _deals(
    organisation: Organisation, told: dict[str, Any], people: dict[str, User], today: date
) -> list[Told]:
    random = Random(_SEED)  # noqa: S311  (a demo, not a secret)
    stages = ensure_stages(organisation=organisation)
    found: list[Told] = []
    for email, count in told["deals_per_seller"].items():
        for arc in _arcs(told["arcs"], count, random):
            story = _story(told, arc, organisation.language, today, random)
            found.append(
                tell(
                    story,
                    organisation=organisation,
                    owner=people[email],
                    stages=stages,
                    random=random,
                    number=len(found) + 1,
                )
            )
    Deal.objects.bulk_create([one.deal for one in found])
    DealEvent.objects.bulk_create([event for one in found for event in one.events])
    return found


def _arcs(arcs: list[dict[str, Any]], count: int, random: Random) -> list[dict[str, Any]]:
    """Give `count` arcs: each at least once, the rest by weight."""
    weights = [arc["weight"] for arc in arcs]
    return [*arcs, *random.choices(arcs, weights, k=count - len(arcs))]


def _story(
    told: dict[str, Any], arc: dict[str, Any], language: str, today: date, random: Random
) -> Story:
    length = random.randint(*arc["days"])
    if arc["type"] == "open":
        start = today - timedelta(days=random.randint(*arc["age"]))
        silent = random.randint(31, 60) if arc.get("quiet") else random.randint(0, 2)
        end = today - timedelta(days=silent)
    else:
        end = today - timedelta(days=random.randint(2, 380))
        start = end - timedelta(days=length)
    amount = Decimal(random.choice((1800, 2400, 4200, 6500, 8900, 12500, 18750, 24000, 36000)))
    words = {
        "customer": random.choice(told["customers"]),
        "contact": random.choice(told["contacts"]),
        "boss": random.choice(told["bosses"]),
        "product": random.choice(told["products"]),
        "competitor": random.choice(told["competitors"]),
        "amount": _money(amount, language),
    }
    return Story(arc=arc, words=words, amount=amount, start=start, end=max(end, start))


def _money(amount: Decimal, language: str) -> str:
    grouped = f"{amount:,.0f}"
    return f"£{grouped}" if language == "en" else f"€ {grouped.replace(',', '.')}"

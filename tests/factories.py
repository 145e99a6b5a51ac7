"""Make the people and things that tests are about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from spiegel_portal.common.tenancy import across_organisations, organisation_scope
from spiegel_portal.deals.models import Deal, DealEvent, Stage, StageType
from spiegel_portal.debriefs.models import Debrief, Lesson
from spiegel_portal.people.models import (
    Centre,
    CentreMembership,
    CentreRole,
    Membership,
    Organisation,
    Role,
    Team,
    User,
)
from spiegel_portal.practice.domain import make_card as make_card_of
from spiegel_portal.practice.models import Card
from tests.conftest import House

PASSWORD = "right-horse-battery"


def make_person(
    name: str, organisation: Organisation | None, role: Role, team: Team | None
) -> User:
    """Make a person, as a member where an organisation is given."""
    user = User.objects.create_user(
        f"{name}@test.example", PASSWORD, name=name.title(), language="en"
    )
    if organisation is not None:
        with organisation_scope(organisation):
            Membership.objects.create(organisation=organisation, user=user, role=role, team=team)
    return user


def make_house() -> House:
    """Make the two organisations of :class:`tests.conftest.House`."""
    ours = Organisation.objects.create(name="Ours", slug="ours", language="en")
    theirs = Organisation.objects.create(name="Theirs", slug="theirs", language="nl")
    with across_organisations("whole-installation"):
        team = Team.objects.create(organisation=ours, name="North")
    centre = Centre.objects.create(name="Utrecht", slug="utrecht")
    centre.serves.add(ours)
    coach = make_person("coach", None, Role.SELLER, None)
    CentreMembership.objects.create(centre=centre, user=coach, role=CentreRole.COACH)
    return House(
        organisation=ours,
        other_organisation=theirs,
        centre=centre,
        team=team,
        owner=make_person("owner", ours, Role.SELLER, team),
        colleague=make_person("colleague", ours, Role.SELLER, team),
        manager=make_person("manager", ours, Role.MANAGER, team),
        administrator=make_person("administrator", ours, Role.ADMINISTRATOR, None),
        coach=coach,
        stranger=make_person("stranger", theirs, Role.SELLER, None),
    )


def make_deal(organisation: Organisation, owner: User | None, **fields: Any) -> Deal:
    """Make a deal; needs no open scope. `stage_type` picks the type of its stage."""
    stage_type = fields.pop("stage_type", StageType.OPEN)
    with organisation_scope(organisation):
        stage, _ = Stage.objects.get_or_create(
            organisation=organisation, name=f"Stage {stage_type}", defaults={"type": stage_type}
        )
        values = {
            "name": "Mill House",
            "account": "Mill Ltd",
            "stage": stage,
            "stage_type": stage_type,
            "last_event_at": datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
            **fields,
        }
        return Deal.objects.create(organisation=organisation, owner=owner, **values)


def make_lesson(author: User, organisation: Organisation, **fields: Any) -> Lesson:
    """Make a lesson without its card; needs no open scope."""
    values = {"situation": "A first talk", "text": "Ask who signs.", **fields}
    with organisation_scope(organisation):
        return Lesson.objects.create(organisation=organisation, author=author, **values)


def make_card(owner: User, organisation: Organisation, *, now: datetime, **fields: Any) -> Card:
    """Make a lesson and its card as if it was drawn at `now`: due the day after."""
    lesson = make_lesson(owner, organisation, **fields)
    with organisation_scope(organisation):
        card = make_card_of(lesson=lesson, now=now)
        Card.objects.filter(pk=card.pk).update(created_at=now)
        return card


def make_debrief(author: User, organisation: Organisation, **fields: Any) -> Debrief:
    """Make a finished debrief without a deal or a lesson; needs no open scope."""
    values = {
        "deal_name": "Mill House",
        "outcome": "lost",
        "own_part": "I never asked who had to sign.",
        "finished_at": datetime(2026, 11, 3, 9, 0, tzinfo=UTC),
        **fields,
    }
    with organisation_scope(organisation):
        return Debrief.objects.create(organisation=organisation, author=author, **values)


def make_event(deal: Deal, **fields: Any) -> DealEvent:
    """Make an event on a deal's timeline; a note unless another `kind` is given."""
    values = {"kind": DealEvent.Kind.NOTE, "at": datetime(2026, 11, 2, 9, 0, tzinfo=UTC), **fields}
    with organisation_scope(deal.organisation):
        return DealEvent.objects.create(organisation=deal.organisation, deal=deal, **values)

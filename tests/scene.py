"""Something of everything, belonging to one seller, with words in it that must not leak."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.imports.domain import upload_import
from spiegel_portal.deals.models import Connection, Deal, DealEvent, Import, StageType
from spiegel_portal.debriefs.domain import (
    answer_mark,
    finish_debrief,
    finish_situation,
    start_debrief,
    start_series,
)
from spiegel_portal.debriefs.models import Debrief, Lesson, Plan, Situation
from spiegel_portal.people.models import Share
from spiegel_portal.practice.models import Card, Hold
from tests.factories import make_deal, make_house

if TYPE_CHECKING:
    from tests.conftest import House

#: In everything the owner wrote for themselves. Nobody else may ever read it unasked.
PRIVATE = "heron-4711"
#: In the facts of the owner's deals, which their manager sees too.
FACTS = "badger-2286"
#: The title of the one lesson the owner shared with the coach.
SHARED = "otter-9035"


@dataclass
class Scene:
    """The house, and the owner's things in it."""

    house: House
    lost: Deal
    open: Deal
    event: DealEvent
    debrief: Debrief
    draft: Debrief
    lesson: Lesson
    shared_lesson: Lesson
    situation: Situation
    plan: Plan
    card: Card
    hold: Hold
    share: Share
    upload: Import
    connection: Connection


def make_scene() -> Scene:
    """Make the house and the owner's things."""
    house = make_house()
    for person in house.people().values():
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    facts = {"next_step": f"Call {FACTS}", "account": f"Mill {FACTS} Ltd"}
    lost = make_deal(
        house.organisation, house.owner, name=f"Mill {FACTS}", stage_type=StageType.LOST, **facts
    )
    live = make_deal(house.organisation, house.owner, name=f"Lock {FACTS}", **facts)
    stalled = make_deal(
        house.organisation, house.owner, name=f"Quay {FACTS}", stage_type=StageType.PARKED
    )
    with organisation_scope(house.organisation):
        return _things(house, lost, live, stalled)


def _things(house: House, lost: Deal, live: Deal, stalled: Deal) -> Scene:
    owner, organisation = house.owner, house.organisation
    event = DealEvent.objects.create(
        organisation=organisation, deal=lost, kind="note", text=f"Wrote {FACTS}",
        at=timezone.now(), author=owner,
    )  # fmt: skip
    debrief = start_debrief(deal=lost, author=owner)
    _write(debrief, plan_deal=live)
    lesson = finish_debrief(debrief=debrief, author=owner)
    draft = start_debrief(deal=stalled, author=owner)
    _write(draft)
    series = start_series(organisation=organisation, author=owner)
    situation = Situation.objects.get(series=series, position=1)
    _write(situation)
    shared = finish_situation(situation=situation, author=owner)
    Lesson.objects.filter(pk=shared.pk).update(text=SHARED, situation=SHARED)
    Plan.objects.filter(lesson=shared).update(if_text=SHARED, then_text=SHARED)
    answer_mark(
        organisation=organisation, author=owner, sentence=f"They only want {PRIVATE}.",
        label="customer", words=f"only want {PRIVATE}", answer="not_so",
    )  # fmt: skip
    plan = Plan.objects.get(lesson=lesson)
    Plan.objects.filter(pk=plan.pk).update(ask_on=timezone.localdate())
    return Scene(
        house=house, lost=lost, open=live, event=event, debrief=debrief, draft=draft,
        lesson=lesson, shared_lesson=shared, situation=situation, plan=plan,
        card=_card(lesson), hold=_hold(house),
        share=Share.objects.create(
            organisation=organisation, owner=owner, recipient=house.coach,
            kind=Share.Kind.LESSON, item_id=shared.pk,
            ends_on=timezone.localdate() + dt.timedelta(days=7),
        ),
        upload=upload_import(
            organisation=organisation, user=owner, filename="deals.csv", max_bytes=1000,
            data=b"ID,Name,Stage,Owner\n1,Mill,Won,Owner\n",
        ),
        connection=_connection(house),
    )  # fmt: skip


def _connection(house: House) -> Connection:
    """A connection that has stopped, so that nothing is asked of anybody."""
    made: Connection = Connection.objects.create(
        organisation=house.organisation, system="hubspot", connected_by=house.administrator,
        account="4711", access_encrypted="never", state=Connection.State.STOPPED,
        problem="unauthorised", problem_at=timezone.now(), synced_at=timezone.now(),
        last_counts={"new": 3, "rejected": 1, "refused": [{"id": "7", "code": "no-stage"}]},
    )  # fmt: skip
    return made


def _write(item: Debrief | Situation, **values: Any) -> None:
    """Fill every text of a debrief or situation with the owner's own words."""
    texts = {
        field.name: f"My {field.name} {PRIVATE}"
        for field in item._meta.get_fields()
        if field.get_internal_type() == "TextField"
    }
    type(item).objects.filter(pk=item.pk).update(**texts, **values)
    item.refresh_from_db()


def _card(lesson: Lesson) -> Card:
    """The card made with a lesson, as if its day has come."""
    Card.objects.filter(lesson=lesson).update(due_on=timezone.localdate())
    card: Card = Card.objects.get(lesson=lesson)
    return card


def _hold(house: House) -> Hold:
    """A holiday of the owner's that begins in a month."""
    first = timezone.localdate() + dt.timedelta(days=30)
    hold: Hold = Hold.objects.create(
        organisation=house.organisation, owner=house.owner, starts_on=first, ends_on=first
    )
    return hold

"""Which deals wait to be looked back on, which plans are due, and what is read of a deal."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from tests.factories import make_deal, make_event

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.debriefs.domain import finish_debrief, save_texts, start_debrief
from spiegel_portal.debriefs.models import Plan
from spiegel_portal.debriefs.queries import (
    deal_facts,
    deals_for_situation,
    open_deals_for_plan,
    own_deal,
    plans_due,
    waiting_deals,
)
from spiegel_portal.debriefs.sharing import load_shared

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.conftest import House

TODAY = dt.date(2026, 11, 24)


def deal(house: House, name: str, stage_type: str, heard: int = 1, **fields: Any) -> Any:
    """A deal of the owner's that was last heard of so many days ago."""
    at = timezone.make_aware(dt.datetime.combine(TODAY, dt.time(12))) - dt.timedelta(days=heard)
    fields = {"last_event_at": at, "stage_type": stage_type, "name": name, **fields}
    return make_deal(house.organisation, fields.pop("owner", house.owner), **fields)


def waiting(house: House, most: int = 10) -> list[str]:
    return [d.name for d in waiting_deals(author=house.owner, today=TODAY, most=most)]


def test_lost_undecided_and_stalled_deals_wait_most_recent_first(scoped: House) -> None:
    deal(scoped, "lost", "lost", 5)
    deal(scoped, "undecided", "no_decision", 3)
    deal(scoped, "silent", "open", 30)
    deal(scoped, "overdue", "open", 2, expected_close_on=TODAY - dt.timedelta(days=14))
    deal(scoped, "won", "won")
    deal(scoped, "parked", "parked", 90)
    deal(scoped, "alive", "open", 29, expected_close_on=TODAY - dt.timedelta(days=13))
    deal(scoped, "another's", "lost", owner=scoped.colleague)
    assert waiting(scoped) == ["overdue", "undecided", "lost", "silent"]


def test_a_deal_that_was_looked_back_on_no_longer_waits(scoped: House) -> None:
    lost = deal(scoped, "lost", "lost")
    start_debrief(deal=lost, author=scoped.colleague)
    assert waiting(scoped) == ["lost"]
    start_debrief(deal=lost, author=scoped.owner)
    assert waiting(scoped) == []


@pytest.mark.parametrize("rows", [1, 5])
def test_waiting_deals_are_a_handful_in_three_queries(
    scoped: House, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for number in range(rows):
        deal(scoped, f"lost {number}", "lost", number)
    with django_assert_num_queries(3):
        assert waiting(scoped, most=3) == [f"lost {number}" for number in range(min(rows, 3))]


def test_plans_whose_moment_has_come(scoped: House) -> None:
    lost = deal(scoped, "lost", "lost")
    debrief = start_debrief(deal=lost, author=scoped.owner)
    texts = {"lesson_text": "x", "plan_if": "a", "plan_then": "b", "plan_on": "2026-11-24"}
    save_texts(item=debrief, author=scoped.owner, client="a", base_version=1, texts=texts)
    finish_debrief(debrief=debrief, author=scoped.owner)
    plan = Plan.objects.get()
    assert list(plans_due(author=scoped.owner, today=TODAY)) == [plan]
    assert list(plans_due(author=scoped.owner, today=TODAY - dt.timedelta(days=1))) == []
    assert list(plans_due(author=scoped.colleague, today=TODAY)) == []


def test_deals_are_found_by_any_of_their_words(scoped: House) -> None:
    deal(scoped, "Northern Lights", "open", account="Aurora")
    deal(scoped, "Northern Mill", "lost")
    deal(scoped, "Northern Star", "open", owner=scoped.colleague)
    assert [d.name for d in open_deals_for_plan(author=scoped.owner, query="aur NORTH")] == [
        "Northern Lights"
    ]
    assert {d.name for d in deals_for_situation(author=scoped.owner, query="north")} == {
        "Northern Lights",
        "Northern Mill",
    }
    assert deals_for_situation(author=scoped.owner) == []


def test_the_facts_of_a_deal(scoped: House) -> None:
    one = deal(scoped, "one", "lost", created_on=dt.date(2026, 1, 1), closed_on=TODAY)
    for number, (before, after) in enumerate(
        [("2026-03-01", "2026-05-01"), ("2026-05-01", "2026-04-01"), ("", "2026-06-01")]
    ):
        at = dt.datetime(2026, 2, 1 + number, tzinfo=dt.UTC)
        make_event(one, kind="date", at=at, data={"from": before, "to": after})
    note = make_event(one, text="Eva: I decide")
    facts = deal_facts(deal=one, author=scoped.owner, today=TODAY)
    assert facts is not None
    assert (facts.days, facts.pushes, facts.said) == (327, 1, [note])
    make_event(one, kind="stage", at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC), data={"to": "Lost"})
    facts = deal_facts(deal=one, author=scoped.owner, today=TODAY)
    assert facts is not None
    assert [(move.kind, move.before, move.after) for move in facts.moves] == [
        ("Close date", dt.date(2026, 3, 1), dt.date(2026, 5, 1)),
        ("Close date", dt.date(2026, 5, 1), dt.date(2026, 4, 1)),
        ("Close date", "", dt.date(2026, 6, 1)),
        ("Stage", "", "Lost"),
    ]


def test_facts_go_with_the_deal(scoped: House) -> None:
    one = deal(scoped, "one", "lost", owner=scoped.colleague)
    assert deal_facts(deal=one, author=scoped.owner, today=TODAY) is None
    assert deal_facts(deal=None, author=scoped.owner, today=TODAY) is None


def test_an_unknown_creation_date_gives_no_days(scoped: House) -> None:
    one = deal(scoped, "one", "lost")
    facts = deal_facts(deal=one, author=scoped.owner, today=TODAY)
    assert facts is not None
    assert facts.days is None


def test_own_deal_reads_the_stage_along(
    scoped: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lost = deal(scoped, "lost", "lost")
    with django_assert_num_queries(1):
        assert own_deal(author=scoped.owner, deal_id=lost.pk).stage.name == "Stage lost"


def test_what_is_shared_is_what_was_written_and_finished(scoped: House) -> None:
    debrief = start_debrief(deal=deal(scoped, "lost", "lost"), author=scoped.owner)
    assert load_shared(kind="debrief", item_id=debrief.pk) is None
    texts = {"own_part": "I asked too late", "lesson_text": "Ask first"}
    save_texts(item=debrief, author=scoped.owner, client="a", base_version=1, texts=texts)
    lesson = finish_debrief(debrief=debrief, author=scoped.owner)
    reading = load_shared(kind="debrief", item_id=debrief.pk)
    assert reading is not None
    assert [(str(p.title), p.text) for p in reading.passages] == [
        ("My own part", "I asked too late")
    ]
    shared = load_shared(kind="lesson", item_id=lesson.pk)
    assert shared is not None
    assert (shared.title, shared.passages, shared.reasons) == ("Ask first", [], [])
    assert load_shared(kind="lesson", item_id=debrief.pk) is None
    assert load_shared(kind="deal", item_id=lesson.pk) is None
    with organisation_scope(scoped.other_organisation):
        assert load_shared(kind="lesson", item_id=lesson.pk) is None

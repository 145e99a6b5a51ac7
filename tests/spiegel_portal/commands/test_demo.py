from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from spiegel_portal.commands import demo
from spiegel_portal.common.tenancy import across_organisations
from spiegel_portal.deals.models import Deal, DealEvent
from spiegel_portal.debriefs.models import Debrief, Lesson, Plan
from spiegel_portal.people.models import CentreMembership, Membership, User
from spiegel_portal.practice.domain import end_hold, start_hold
from spiegel_portal.practice.models import Card

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def loaded(db: None) -> None:
    demo.load()


def test_the_demo_is_two_organisations_with_everything_in_them(loaded: None) -> None:
    with across_organisations("whole-installation"):
        roles = Counter(Membership.objects.values_list("role", flat=True))
        types = Counter(Deal.objects.values_list("stage_type", flat=True))
        assert roles == {"seller": 7, "manager": 2, "administrator": 2}
        assert set(types) == {"open", "won", "lost", "no_decision", "parked"}
        assert types.total() == 304
        assert Debrief.objects.filter(finished_at=None).count() == 4
        assert Debrief.objects.exclude(finished_at=None).count() == 9
        assert Lesson.objects.count() == Card.objects.count() == Plan.objects.count() == 13
    assert CentreMembership.objects.count() == 2


def test_no_story_lies_in_the_future_or_before_its_deal(loaded: None) -> None:
    with across_organisations("whole-installation"):
        for event in DealEvent.objects.select_related("deal"):
            assert event.deal.created_on <= event.at.date()
            assert "{" not in event.text


def test_a_deal_is_closed_on_the_day_it_changed_stage(loaded: None) -> None:
    with across_organisations("whole-installation"):
        closed = Deal.objects.filter(stage_type__in=["won", "lost", "no_decision"])
        assert {deal.closed_on == deal.stage_since for deal in closed} == {True}


def test_a_holiday_that_is_called_off_moves_no_card(loaded: None) -> None:
    today = timezone.localdate()
    with across_organisations("whole-installation"):
        before = list(Card.objects.order_by("pk").values_list("due_on", flat=True))
        for person in User.objects.filter(pk__in=Card.objects.values("owner")):
            where = Membership.objects.get(user=person).organisation_id
            hold = start_hold(
                organisation_id=where, owner=person, first=today, last=today, today=today
            )
            end_hold(hold=hold, owner=person, today=today)
        assert list(Card.objects.order_by("pk").values_list("due_on", flat=True)) == before


def test_the_demo_loads_into_an_empty_database_only(
    loaded: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demo.main([]) == 2
    assert capsys.readouterr().err == (
        "spiegel: there is data in this database already, so nothing was changed. "
        "To erase all of it and load the demo: spiegel demo --reset\n"
    )


def test_reset_asks_and_keeps_everything_on_no(
    loaded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _question: "no")
    count = User.objects.count()
    assert (demo.main(["--reset"]), User.objects.count()) == (1, count)


@pytest.mark.parametrize(("email", "_role"), demo.SHOWN)
def test_the_log_ins_that_are_named_work(
    loaded: None, client: Client, email: str, _role: str
) -> None:
    assert client.login(email=email, password=demo.PASSWORD)

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from tests.factories import make_card, make_deal, make_debrief, make_lesson

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.models import Import, StageType
from spiegel_portal.debriefs import domain as debriefs
from spiegel_portal.debriefs.models import Plan, SituationSeries
from spiegel_portal.people.models import Invitation, Share

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from django.test import Client
    from tests.conftest import House

    from spiegel_portal.people.models import User

DAY = dt.timedelta(days=1)


def page(client: Client) -> str:
    return client.get(reverse("today")).content.decode()


def headings(client: Client) -> list[str]:
    return re.findall(r"<h2>(.+?)</h2>", page(client))


def finish_first_steps(user: User, house: House) -> None:
    with organisation_scope(house.organisation):
        series = debriefs.start_series(organisation=house.organisation, author=user)
        SituationSeries.objects.filter(pk=series.pk).update(finished_at=timezone.now())


def plan(house: House, days: int = 0, **fields: object) -> Plan:
    lesson = make_lesson(house.owner, house.organisation)
    values = {"if_text": "they go quiet", "then_text": "call the buyer", **fields}
    with organisation_scope(house.organisation):
        made: Plan = Plan.objects.create(
            organisation=house.organisation,
            author=house.owner,
            lesson=lesson,
            ask_on=timezone.localdate() - days * DAY,
            **values,
        )
    return made


def due_card(house: House, days: int = 1, **fields: str) -> None:
    make_card(house.owner, house.organisation, now=timezone.now() - (days + 1) * DAY, **fields)


def fill(house: House, count: int) -> None:
    """Let `count` things of each kind wait for the owner."""
    for number in range(count):
        plan(house, deal=make_deal(house.organisation, house.owner))
        due_card(house, days=number + 1)
        make_debrief(house.owner, house.organisation, finished_at=None, deal_name="Begun")
        make_deal(house.organisation, house.owner, name="Lost", stage_type=StageType.LOST)
        share(house)


def test_it_greets_by_name_on_this_day(owner_client: Client) -> None:
    found = page(owner_client)

    assert re.search(r"<h1>(.+)</h1>", found).group(1) == "Hello Owner"  # type: ignore[union-attr]  # there is one
    assert date_format(timezone.localdate(), "l j F Y") in found


def test_everything_that_waits_in_order(owner_client: Client, house: House) -> None:
    fill(house, 1)

    assert headings(owner_client) == [
        "Three situations",
        "You had a plan",
        "A lesson comes back",
        "Begun and not finished",
        "Look back on a deal",
        "Shared with you",
    ]


def test_a_calm_page_when_nothing_waits(owner_client: Client, house: House) -> None:
    finish_first_steps(house.owner, house)
    make_deal(house.organisation, house.owner, last_event_at=timezone.now())

    assert headings(owner_client) == ["Nothing waits for you"]


def test_who_has_no_deals_is_told_how_to_bring_them_in(owner_client: Client, house: House) -> None:
    finish_first_steps(house.owner, house)

    assert headings(owner_client) == ["Bring in your deals"]


def test_the_first_steps_say_how_far_one_is(owner_client: Client, house: House) -> None:
    assert 'href="/situations/"' in page(owner_client)
    with organisation_scope(house.organisation):
        series = debriefs.start_series(organisation=house.organisation, author=house.owner)
        situation = series.situations.get(position=1)
        situation.lesson_text, situation.plan_if, situation.plan_then = "Ask.", "a sign", "ask"
        situation.save()
        debriefs.finish_situation(situation=situation, author=house.owner)

    found = page(owner_client)

    steps = re.findall(r"<li( class=\"done\"| aria-current=\"step\"|)><a[^>]+>(\w+)</a>", found)
    assert steps == [
        (' class="done"', "Finished"),
        (' aria-current="step"', "Next"),
        ("", "Later"),
    ]
    assert "Go on with situation 2" in found


def test_at_most_two_cards_and_three_of_the_rest(owner_client: Client, house: House) -> None:
    fill(house, 5)

    found = page(owner_client)

    assert len(re.findall(r'class="plan-answer"', found)) == 3
    assert "Practise: 2 cards, two minutes" in found
    assert len(re.findall(r">Begun</a>", found)) == 3
    assert len(re.findall(r">Mill Ltd · Lost</a>", found)) == 3


def test_a_plan_whose_day_has_not_come_waits(owner_client: Client, house: House) -> None:
    plan(house, days=-1)

    assert "plan-answer" not in page(owner_client)


def test_answering_a_plan_takes_it_away(owner_client: Client, house: House) -> None:
    made = plan(house)

    owner_client.post(reverse("plan_answer", args=[made.pk]), {"answer": "did", "note": "Well"})

    assert "plan-answer" not in page(owner_client)


def share(house: House, **fields: object) -> Share:
    lesson = make_lesson(house.colleague, house.organisation, text="heron")
    values = {"ends_on": timezone.localdate(), **fields}
    with organisation_scope(house.organisation):
        made: Share = Share.objects.create(
            organisation=house.organisation,
            owner=house.colleague,
            recipient=house.owner,
            kind="lesson",
            item_id=lesson.pk,
            **values,
        )
    return made


def test_what_is_shared_waits_until_it_is_opened(owner_client: Client, house: House) -> None:
    made = share(house)
    share(house, ends_on=timezone.localdate() - DAY)
    share(house, ended_at=timezone.now())

    found = page(owner_client)
    assert re.findall(r'href="/shared/([0-9a-f-]+)/"', found) == [str(made.pk)]
    assert "heron" not in found

    owner_client.get(reverse("shared_item", args=[made.pk]))
    assert "Shared with you" not in headings(owner_client)


def test_an_administrator_sees_what_waits_in_the_organisation(client: Client, house: House) -> None:
    now = timezone.now()
    with organisation_scope(house.organisation):
        for email, until in (("new@test.example", DAY), ("late@test.example", -DAY)):
            Invitation.objects.create(
                organisation=house.organisation, email=email, secret_hash=email,
                expires_at=now + until,
            )  # fmt: skip
        for name, state in (("deals.csv", "uploaded"), ("done.csv", "applied")):
            Import.objects.create(
                organisation=house.organisation, uploaded_by=house.administrator,
                filename=name, sha256="0", size=1, state=state,
            )  # fmt: skip
    client.force_login(house.administrator)

    found = page(client)

    assert re.findall(r"[a-z]+@test.example(?=</p>)|[a-z]+\.csv", found) == [
        "new@test.example", "deals.csv",
    ]  # fmt: skip
    client.force_login(house.colleague)
    assert "new@test.example" not in page(client)


@pytest.mark.parametrize("role", ["colleague", "manager", "administrator", "stranger"])
def test_nothing_of_a_sellers_own_work_is_on_anothers_page(
    client: Client, house: House, role: str
) -> None:
    plan(house, if_text="heron")
    due_card(house, situation="heron")
    make_debrief(house.owner, house.organisation, finished_at=None, deal_name="heron")
    client.force_login(getattr(house, role))

    assert "heron" not in page(client)


def test_a_manager_sees_what_ended_in_the_team(client: Client, house: House) -> None:
    recent = timezone.now() - 2 * DAY
    for name, owner, at in [
        ("Mill", house.owner, recent),
        ("Old", house.owner, recent - 30 * DAY),
        ("Elsewhere", house.administrator, recent),
    ]:
        make_deal(house.organisation, owner, name=name, stage_type=StageType.LOST, last_event_at=at)
    client.force_login(house.manager)

    found = page(client)

    assert re.findall(r'<a href="/deals/[^"]+">Mill Ltd · (\w+)</a>', found) == ["Mill"]


def test_an_administrator_is_not_asked_for_situations(client: Client, house: House) -> None:
    client.force_login(house.administrator)

    assert headings(client) == ["Bring in your deals"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(
    owner_client: Client,
    house: House,
    django_assert_num_queries: Callable[[int], Any],
    count: int,
) -> None:
    fill(house, count)

    with django_assert_num_queries(14):
        page(owner_client)


def test_it_speaks_dutch(owner_client: Client, house: House) -> None:
    house.owner.language = "nl"
    house.owner.save()
    fill(house, 1)

    found = page(owner_client)

    assert "<h1>Dag Owner</h1>" in found
    assert "Er komt een les terug" in found


def test_a_visitor_is_asked_to_log_in(client: Client) -> None:
    response = client.get(reverse("today"))

    assert (response.status_code, response["Location"]) == (
        302, f"{reverse('account_login')}?next={reverse('today')}",
    )  # fmt: skip

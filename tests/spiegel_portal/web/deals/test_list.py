"""The list of deals: searched, filtered, paged, and only one's own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from tests.factories import make_deal

from spiegel_portal.deals import queries

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from tests.conftest import House

    from spiegel_portal.people.models import User


def page(client: Client, **asked: str) -> str:
    response = client.get(reverse("deal_list"), asked)
    assert response.status_code == 200
    return str(response.content.decode())


def customers(text: str) -> list[str]:
    """The customers in the table, from top to bottom."""
    return [unescape(name) for name in re.findall(r'<td><a href="[^"]+">([^<]+)</a>', text)]


def make(house: House, account: str, owner: User | None = None, **fields: object) -> None:
    deal = {"account": account, "search_text": account.lower(), **fields}
    make_deal(house.organisation, owner or house.owner, **deal)


def test_a_new_seller_is_led_to_adding_or_importing(owner_client: Client) -> None:
    text = page(owner_client)
    assert "No deals yet" in text
    assert text.count(f'href="{reverse("deal_add")}"') == 2
    assert 'role="search"' not in text


def test_shows_ones_own_deals_latest_first(owner_client: Client, house: House) -> None:
    day = datetime(2026, 11, 1, tzinfo=UTC)
    make(house, "Older", last_event_at=day)
    make(house, "Newer", last_event_at=day + timedelta(days=1))
    make(house, "Colleague's", house.colleague)
    assert customers(page(owner_client)) == ["Newer", "Older"]


def test_a_manager_sees_the_team_and_can_pick_one_seller(client: Client, house: House) -> None:
    make(house, "Mill")
    make(house, "Quay", house.colleague)
    client.force_login(house.manager)
    assert sorted(customers(page(client))) == ["Mill", "Quay"]
    assert customers(page(client, owner=str(house.owner.pk))) == ["Mill"]
    assert customers(page(client, owner=str(house.stranger.pk), q="quay")) == ["Quay"]


def test_an_administrator_sees_how_many_and_none_of_them(client: Client, house: House) -> None:
    make(house, "Mill", stage_type="lost")
    make(house, "Quay", house.colleague, stage_type="lost")
    make_deal(house.other_organisation, house.stranger, stage_type="lost")
    client.force_login(house.administrator)
    response = client.get(reverse("deal_list"))
    assert customers(response.content.decode()) == []
    counts = {value: number for value, _label, number in response.context["counts"]}
    assert counts == {"open": 0, "won": 0, "lost": 2, "no_decision": 0, "parked": 0}


def test_search_without_hits_offers_the_way_back(owner_client: Client, house: House) -> None:
    make(house, "Mill")
    text = page(owner_client, q="quay")
    assert "No deal fits" in text
    assert f'href="{reverse("deal_list")}">Show all deals' in text
    assert 'role="search"' in text


def test_htmx_gets_the_results_alone(owner_client: Client, house: House) -> None:
    make(house, "Mill")
    answer = owner_client.get(reverse("deal_list"), headers={"HX-Request": "true"})
    text = answer.content.decode().strip()
    assert text.startswith('<div id="results">')
    assert customers(text) == ["Mill"]


def test_a_wrong_day_is_said_and_the_rest_still_shown(owner_client: Client, house: House) -> None:
    make(house, "Mill")
    text = page(owner_client, since="31-31-2026")
    assert "Enter a valid date." in text
    assert customers(text) == ["Mill"]


def test_pages_by_their_own_links(
    owner_client: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for name in ("A", "B", "C", "D+ & E"):
        make(house, name)
    first = page(owner_client, sort="customer")
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link
    second = owner_client.get(reverse("deal_list") + unescape(link[1])).content.decode()
    assert (customers(first), customers(second)) == (["A", "B"], ["C", "D+ & E"])
    assert 'rel="next"' not in second
    back = re.search(r'rel="prev" href="([^"]+)"', second)
    assert back
    again = owner_client.get(reverse("deal_list") + unescape(back[1])).content.decode()
    assert customers(again) == ["A", "B"]


@pytest.mark.parametrize("sort", ["recent", "customer", "amount", "close"])
@pytest.mark.parametrize(
    "cursor", ["x", "~", "x~y", "NaN~y", "\0~7b1f2b6e-8a0f-4f9d-9a59-0a8a3f1f0a11",
               "2026-01-01~7b1f2b6e-8a0f-4f9d-9a59-0a8a3f1f0a11",
               "sNaN~7b1f2b6e-8a0f-4f9d-9a59-0a8a3f1f0a11",
               "1e99~7b1f2b6e-8a0f-4f9d-9a59-0a8a3f1f0a11"],
)  # fmt: skip
def test_an_address_changed_by_hand_breaks_nothing(
    owner_client: Client, house: House, sort: str, cursor: str
) -> None:
    make(house, "Mill")
    for way in ("after", "before"):
        query = urlencode({"sort": sort, way: cursor})
        assert owner_client.get(f"{reverse('deal_list')}?{query}").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    owner_client: Client,
    house: House,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    for number in range(rows):
        make(house, f"Mill {number}", stage_type=("open", "lost", "won")[number])
    # session, person, membership, owners to choose from, deals, their stages, their owners
    with django_assert_num_queries(7):
        page(owner_client)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_managers_queries_do_not_grow_with_rows(
    client: Client, house: House, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for number in range(rows):
        make(house, f"Mill {number}", (house.owner, house.colleague, house.manager)[number])
    client.force_login(house.manager)
    with django_assert_num_queries(8):  # one more: who is in the team
        page(client)

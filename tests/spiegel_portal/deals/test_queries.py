from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.http import Http404
from tests.factories import make_deal

from spiegel_portal.deals import queries
from spiegel_portal.deals.queries import Search, search_deals, visible_deals
from spiegel_portal.people.models import Membership

if TYPE_CHECKING:
    from tests.conftest import House

    from spiegel_portal.people.models import User


def membership_of(user: User) -> Membership:
    membership: Membership = Membership.objects.get(user=user)
    return membership


def names(house: House, **search: object) -> list[str]:
    page = search_deals(membership=membership_of(house.owner), search=Search(**search))  # type: ignore[arg-type]  # fields by name
    return [deal.name for deal in page.deals]


def test_who_sees_which_deals(scoped: House) -> None:
    for person in (scoped.owner, scoped.colleague, scoped.administrator):
        make_deal(scoped.organisation, person, name=person.name)
    make_deal(scoped.organisation, None, name="Nobody's")
    make_deal(scoped.other_organisation, scoped.stranger, name="Elsewhere")
    seen = {
        person.name: {deal.name for deal in visible_deals(membership=membership_of(person))}
        for person in (scoped.owner, scoped.colleague, scoped.manager, scoped.administrator)
    }
    assert seen == {
        "Owner": {"Owner"},
        "Colleague": {"Colleague"},
        "Manager": {"Owner", "Colleague"},
        "Administrator": {"Administrator"},
    }


def test_not_yours_and_not_there_are_the_same(scoped: House) -> None:
    deal = make_deal(scoped.organisation, scoped.colleague)
    with pytest.raises(Http404):
        queries.visible_deal(membership=membership_of(scoped.owner), deal_id=deal.pk)


def test_words_are_found_anywhere_in_any_case_and_without_accents(scoped: House) -> None:
    make_deal(scoped.organisation, scoped.owner, name="A", search_text="cafe elan · contract")
    make_deal(scoped.organisation, scoped.owner, name="B", search_text="mill ltd")
    assert names(scoped, words="ÉLAN con") == ["A"]
    assert names(scoped, words="elan mill") == []
    assert names(scoped, words="100%_") == []


def test_filters(scoped: House) -> None:
    day = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)  # 4 May in Amsterdam
    make_deal(scoped.organisation, scoped.owner, name="Old", last_event_at=day)
    make_deal(scoped.organisation, scoped.owner, name="Lost", stage_type="lost")
    assert names(scoped, stage_type="lost") == ["Lost"]
    assert names(scoped, since=date(2026, 5, 4), until=date(2026, 5, 4)) == ["Old"]
    assert names(scoped, since=date(2026, 5, 3), until=date(2026, 5, 3)) == []


@pytest.mark.parametrize("sort", ["recent", "customer", "amount", "close"])
def test_pages_show_every_deal_once_in_both_directions(
    scoped: House, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(queries, "PAGE", 4)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(11):
        make_deal(
            scoped.organisation,
            scoped.owner,
            name=str(number),
            search_text=f"{number % 3}",
            amount=Decimal(number % 4) if number % 5 else None,
            expected_close_on=date(2026, 3, 1 + number % 2) if number % 3 else None,
            last_event_at=start + timedelta(days=number % 6),
        )
    member = membership_of(scoped.owner)
    pages = [search_deals(membership=member, search=Search(sort=sort))]
    while pages[-1].later:
        pages.append(
            search_deals(membership=member, search=Search(sort=sort, after=pages[-1].later))
        )
    forward = [[deal.name for deal in page.deals] for page in pages]
    assert [len(page) for page in forward] == [4, 4, 3]
    assert sorted(name for page in forward for name in page) == sorted(
        str(number) for number in range(11)
    )
    assert pages[0].earlier is None
    back = search_deals(membership=member, search=Search(sort=sort, before=pages[2].earlier))
    assert [deal.name for deal in back.deals] == forward[1]
    first = search_deals(membership=member, search=Search(sort=sort, before=back.earlier))
    assert ([deal.name for deal in first.deals], first.earlier) == (forward[0], None)

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.http import Http404
from tests.factories import make_debrief, make_lesson

from spiegel_portal.common.errors import Refused
from spiegel_portal.people import sharing
from spiegel_portal.people.models import Centre, CentreMembership, Membership, Share, ShareView

if TYPE_CHECKING:
    from typing import Any

    from tests.conftest import House

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 24)
DAY = dt.timedelta(days=1)


def give(house: House, **changes: Any) -> Share:
    values: dict[str, Any] = {
        "organisation": house.organisation,
        "owner": house.owner,
        "recipient": house.colleague,
        "kind": "lesson",
        "ends_on": TODAY + 7 * DAY,
        "with_marks": False,
        "today": TODAY,
        **changes,
    }
    if "item_id" not in values:
        values["item_id"] = make_lesson(house.owner, house.organisation).pk
    share, _is_new = sharing.share_item(**values)
    return share


def may_open(share: Share, viewer: Any, now: dt.datetime = NOW) -> bool:
    try:
        sharing.open_share(share_id=share.pk, viewer=viewer, now=now)
    except Http404:
        return False
    return True


def looks(share: Share) -> list[dt.datetime]:
    return [view.at for view in ShareView.objects.filter(share=share).order_by("at")]


def test_only_the_recipient_and_the_owner_open_it(scoped: House) -> None:
    share = give(scoped)

    found = {role: may_open(share, person) for role, person in scoped.people().items()}

    assert found == {
        "owner": True,
        "colleague": True,
        "manager": False,
        "administrator": False,
        "coach": False,
        "stranger": False,
    }


@pytest.mark.parametrize(("days", "expected"), [(0, True), (7, True), (8, False), (400, False)])
def test_it_is_open_until_and_including_the_last_day(
    scoped: House, days: int, *, expected: bool
) -> None:
    share = give(scoped)

    for person in (scoped.colleague, scoped.owner):
        assert may_open(share, person, NOW + days * DAY) is expected


def test_an_ended_share_is_closed_to_everybody(scoped: House) -> None:
    share = give(scoped)

    for _click in range(2):
        sharing.end_share(share=share, owner=scoped.owner, now=NOW)

    assert (may_open(share, scoped.colleague), may_open(share, scoped.owner)) == (False, False)


def test_nobody_else_ends_it(scoped: House) -> None:
    share = give(scoped)

    sharing.end_share(share=share, owner=scoped.colleague, now=NOW)

    assert may_open(share, scoped.colleague)
    with pytest.raises(Http404):
        sharing.own_share(owner=scoped.colleague, share_id=share.pk)


def test_a_coach_opens_it_without_a_scope(house: House) -> None:
    from spiegel_portal.common.tenancy import organisation_scope

    with organisation_scope(house.organisation):
        share = give(house, recipient=house.coach)

    assert sharing.open_share(share_id=share.pk, viewer=house.coach, now=NOW) == share
    assert sharing.shares_received(recipient=house.coach, today=TODAY) == [share]


def test_who_no_longer_works_there_cannot_open_it(scoped: House) -> None:
    to_colleague, to_coach = give(scoped), give(scoped, recipient=scoped.coach)
    Membership.objects.filter(user=scoped.colleague).update(left_at=NOW)
    scoped.centre.serves.clear()

    for share, person in ((to_colleague, scoped.colleague), (to_coach, scoped.coach)):
        assert not may_open(share, person)
        assert sharing.shares_received(recipient=person, today=TODAY) == []


def test_looks_within_ten_minutes_are_one(scoped: House) -> None:
    share = give(scoped)
    minute = dt.timedelta(minutes=1)

    for minutes in (0, 3, 9, 10, 15, 25):
        sharing.open_share(share_id=share.pk, viewer=scoped.colleague, now=NOW + minutes * minute)
    sharing.open_share(share_id=share.pk, viewer=scoped.owner, now=NOW)

    assert looks(share) == [NOW, NOW + 10 * minute, NOW + 25 * minute]


def test_sharing_again_moves_the_day_and_opens_it_anew(scoped: House) -> None:
    share = give(scoped)
    sharing.end_share(share=share, owner=scoped.owner, now=NOW)

    again = give(scoped, item_id=share.item_id, ends_on=TODAY + 9 * DAY, with_marks=True)

    assert Share.objects.count() == 1
    assert (again.pk, again.ends_on, again.with_marks) == (share.pk, TODAY + 9 * DAY, True)
    assert may_open(again, scoped.colleague, NOW + 9 * DAY)


def test_it_tells_a_new_share_from_a_changed_one(scoped: House) -> None:
    item = make_lesson(scoped.owner, scoped.organisation)
    told = []
    for _time in range(2):
        _share, is_new = sharing.share_item(
            organisation=scoped.organisation, owner=scoped.owner, recipient=scoped.colleague,
            kind="lesson", item_id=item.pk, ends_on=TODAY, with_marks=False, today=TODAY,
        )  # fmt: skip
        told.append(is_new)

    assert told == [True, False]


@pytest.mark.parametrize(
    ("days", "code"),
    [(-1, "share-past"), (0, None), (365, None), (366, "share-too-long")],
)
def test_the_last_day_is_within_a_year(scoped: House, days: int, code: str | None) -> None:
    try:
        give(scoped, ends_on=TODAY + days * DAY)
        found = None
    except Refused as refusal:
        found = refusal.code

    assert found == code


@pytest.mark.parametrize(
    ("role", "code"), [("owner", "share-self"), ("stranger", "share-stranger")]
)
def test_not_to_oneself_nor_to_a_stranger(scoped: House, role: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        give(scoped, recipient=getattr(scoped, role))

    assert caught.value.code == code


def test_only_those_of_the_house_can_be_chosen(scoped: House) -> None:
    elsewhere = Centre.objects.create(name="Elsewhere", slug="elsewhere")
    CentreMembership.objects.create(centre=elsewhere, user=scoped.stranger, role="coach")
    CentreMembership.objects.create(
        centre=scoped.centre, user=scoped.stranger, role="administrator"
    )
    Membership.objects.filter(user=scoped.manager).update(left_at=NOW)
    where = {"organisation": scoped.organisation, "owner": scoped.owner}

    assert list(sharing.colleagues_of(**where)) == [scoped.administrator, scoped.colleague]
    assert list(sharing.helpers_of(**where)) == [scoped.coach]


def test_only_ones_own_finished_work_can_be_shared(scoped: House) -> None:
    theirs = make_lesson(scoped.colleague, scoped.organisation)
    draft = make_debrief(scoped.owner, scoped.organisation, finished_at=None)

    for kind, key in (
        ("lesson", theirs.pk), ("debrief", draft.pk), ("lesson", uuid4()), ("deal", draft.pk),
    ):  # fmt: skip
        with pytest.raises(Http404):
            give(scoped, kind=kind, item_id=key)
    assert Share.objects.count() == 0


def test_deleting_the_item_ends_its_shares(scoped: House) -> None:
    debrief = make_debrief(scoped.owner, scoped.organisation)
    share = give(scoped, kind="debrief", item_id=debrief.pk)
    other = give(scoped)

    debrief.delete()

    assert not may_open(share, scoped.colleague)
    assert may_open(other, scoped.colleague)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2026, 11, 24), dt.date(2027, 11, 24)),
        (dt.date(2028, 2, 29), dt.date(2029, 2, 28)),
    ],
)
def test_a_year_later(day: dt.date, expected: dt.date) -> None:
    assert sharing.year_after(day=day) == expected

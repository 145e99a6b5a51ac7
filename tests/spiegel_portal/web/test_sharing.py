from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from tests.factories import make_debrief, make_lesson

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.debriefs.domain import answer_mark
from spiegel_portal.people.models import Share, ShareView

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from django.core.mail import EmailMessage
    from django.test import Client
    from tests.conftest import House

    from spiegel_portal.people.models import User

DAY = dt.timedelta(days=1)


def share(house: House, recipient: User, kind: str = "debrief", **fields: Any) -> Share:
    """Share something of the owner's with "heron" in it."""
    if kind == "debrief":
        item: Any = make_debrief(house.owner, house.organisation, own_part="I never asked heron.")
    else:
        item = make_lesson(house.owner, house.organisation, text="Ask heron.")
    values = {"ends_on": timezone.localdate() + 7 * DAY, **fields}
    with organisation_scope(house.organisation):
        made: Share = Share.objects.create(
            organisation=house.organisation, owner=house.owner, recipient=recipient,
            kind=kind, item_id=item.pk, **values,
        )  # fmt: skip
    return made


def read(client: Client, made: Share, person: User | None) -> tuple[int, bool]:
    """What somebody gets: the status, and whether the words are in it."""
    client.logout()
    if person is not None:
        client.force_login(person)
    response = client.get(reverse("shared_item", args=[made.pk]))
    return response.status_code, "heron" in response.content.decode()


def looks(house: House) -> int:
    with organisation_scope(house.organisation):
        return ShareView.objects.count()


def offer(client: Client, kind: str, item: Any, **fields: Any) -> Any:
    until = (timezone.localdate() + 7 * DAY).isoformat()
    return client.post(reverse("share_new", args=[kind, item.pk]), {"ends_on": until, **fields})


@pytest.mark.parametrize("kind", ["debrief", "lesson"])
@pytest.mark.parametrize("recipient", ["colleague", "coach"])
def test_the_recipient_reads_it_and_nobody_else(
    client: Client, house: House, kind: str, recipient: str
) -> None:
    made = share(house, getattr(house, recipient), kind)

    found = {role: read(client, made, person) for role, person in house.people().items()}

    yes, no = (200, True), (404, False)
    assert found == dict.fromkeys(house.people(), no) | {"owner": yes, recipient: yes}
    assert read(client, made, None) == (302, False)
    assert looks(house) == 1


@pytest.mark.parametrize(
    "closed",
    [{"ends_on": timezone.localdate() - DAY}, {"ended_at": timezone.now()}],
    ids=["expired yesterday", "ended"],
)
def test_what_is_over_is_not_found(client: Client, house: House, closed: dict[str, Any]) -> None:
    made = share(house, house.coach, **closed)

    assert read(client, made, house.coach) == (404, False)
    assert read(client, made, house.owner) == (404, False)
    assert looks(house) == 0


def test_what_was_deleted_or_reopened_is_not_found_and_no_look(
    client: Client, house: House
) -> None:
    made = share(house, house.colleague)
    with organisation_scope(house.organisation):
        make = type(make_debrief(house.owner, house.organisation))
        make.objects.filter(pk=made.item_id).update(finished_at=None)

    assert read(client, made, house.colleague) == (404, False)
    assert looks(house) == 0


def test_a_share_that_names_anothers_item_shows_nothing(client: Client, house: House) -> None:
    made = share(house, house.coach)
    theirs = make_debrief(house.colleague, house.organisation, own_part="heron")
    with organisation_scope(house.organisation):
        Share.objects.filter(pk=made.pk).update(item_id=theirs.pk)

    assert read(client, made, house.coach) == (404, False)


@pytest.mark.parametrize("with_marks", [True, False])
def test_marks_are_shown_when_the_author_added_them(
    client: Client, house: House, *, with_marks: bool
) -> None:
    made = share(house, house.coach, with_marks=with_marks)
    client.force_login(house.coach)

    found = client.get(reverse("shared_item", args=[made.pk])).content.decode()

    assert ("<mark" in found) is with_marks
    assert 'name="answer"' not in found


def test_who_reads_along_does_not_see_the_authors_answers(client: Client, house: House) -> None:
    made = share(house, house.coach, with_marks=True)
    with organisation_scope(house.organisation):
        answer_mark(
            organisation=house.organisation, author=house.owner,
            sentence="I never asked heron.", label="own", answer="yes",
        )  # fmt: skip
    client.force_login(house.coach)
    found = client.get(reverse("shared_item", args=[made.pk])).content.decode()

    assert ("<mark" in found, "You said yes" in found) == (True, False)


def test_marks_that_were_not_so_stay_away(client: Client, house: House) -> None:
    made = share(house, house.coach, with_marks=True)
    with organisation_scope(house.organisation):
        answer_mark(
            organisation=house.organisation, author=house.owner,
            sentence="I never asked heron.", label="own", answer="not_so",
        )  # fmt: skip
    client.force_login(house.coach)

    assert "<mark" not in client.get(reverse("shared_item", args=[made.pk])).content.decode()


def test_sharing_tells_the_recipient_without_the_text(
    owner_client: Client, house: House, mailoutbox: list[EmailMessage]
) -> None:
    house.coach.language = "nl"
    house.coach.save()
    lesson = make_lesson(house.owner, house.organisation, text="Ask heron.", situation="badger")

    response = offer(owner_client, "lesson", lesson, recipient=house.coach.pk)

    assert (response.status_code, response["Location"]) == (302, reverse("share_list"))
    with organisation_scope(house.organisation):
        made = Share.objects.get()
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([house.coach.email], "Owner deelt iets met je in Spiegel")
    assert reverse("shared_item", args=[made.pk]) in mail.body
    assert ("heron" in mail.body, "badger" in mail.body) == (False, False)


def test_changing_the_day_sends_no_second_mail(
    owner_client: Client, house: House, mailoutbox: list[EmailMessage]
) -> None:
    lesson = make_lesson(house.owner, house.organisation)

    for _time in range(2):
        offer(owner_client, "lesson", lesson, recipient=house.colleague.pk)

    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ends_on": ""}, "Choose the last day: sharing always ends."),
        ({"ends_on": "2020-01-01"}, "The last day is in the past: choose today or later."),
        ({"ends_on": "2999-01-01"}, "A share lasts a year at most: choose an earlier day."),
        ({"recipient": ""}, "Choose who may see it."),
        (
            {"recipient": "0a5b2a3e-5a5e-4b0c-9d5e-111111111111"},
            "Choose someone who works here, or a trainer or coach of your training centre.",
        ),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(
    owner_client: Client, house: House, change: dict[str, str], sentence: str
) -> None:
    lesson = make_lesson(house.owner, house.organisation)

    response = offer(
        owner_client, "lesson", lesson, **{"recipient": str(house.colleague.pk), **change}
    )

    assert response.status_code == 422
    assert response.content.decode().count(sentence) == 1
    assert shares(house) == []


def shares(house: House) -> list[Share]:
    with organisation_scope(house.organisation):
        return list(Share.objects.all())


def test_one_chooses_among_colleagues_and_helpers_only(owner_client: Client, house: House) -> None:
    lesson = make_lesson(house.owner, house.organisation)

    found = owner_client.get(reverse("share_new", args=["lesson", lesson.pk])).content.decode()

    assert re.findall(r"<option value=\"[^\"]+\">([^<]+)</option>", found) == [
        "Administrator", "Colleague", "Manager", "Coach",
    ]  # fmt: skip


def test_people_of_one_name_are_told_apart(owner_client: Client, house: House) -> None:
    house.manager.name = "Colleague"
    house.manager.save()
    lesson = make_lesson(house.owner, house.organisation)

    found = owner_client.get(reverse("share_new", args=["lesson", lesson.pk])).content.decode()

    assert re.findall(r">(Colleague[^<]*)</option>", found) == [
        "Colleague (colleague@test.example)", "Colleague (manager@test.example)",
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["colleague", "manager", "administrator", "stranger"])
def test_nobody_shares_or_ends_what_is_not_theirs(client: Client, house: House, role: str) -> None:
    made = share(house, house.coach)
    lesson = make_lesson(house.owner, house.organisation)
    client.force_login(getattr(house, role))

    for kind in ("lesson", "debrief", "nothing"):
        assert client.get(reverse("share_new", args=[kind, lesson.pk])).status_code == 404
        assert offer(client, kind, lesson, recipient=house.coach.pk).status_code == 404
    assert client.post(reverse("share_end", args=[made.pk])).status_code == 404
    assert [found.ended_at for found in shares(house)] == [None]


def test_the_owner_sees_who_looked_and_ends_it(
    client: Client, owner_client: Client, house: House
) -> None:
    made = share(house, house.colleague)
    read(client, made, house.colleague)
    owner_client.force_login(house.owner)

    found = owner_client.get(reverse("share_list")).content.decode()
    assert "Colleague can read it until and including" in found
    assert "Looked once" in found

    owner_client.post(reverse("share_end", args=[made.pk]))
    assert read(client, made, house.colleague) == (404, False)
    owner_client.force_login(house.owner)
    found = owner_client.get(reverse("share_list")).content.decode()
    assert "Colleague could read it until you ended it on" in found
    assert "End it now" not in found


@pytest.mark.parametrize("kind", ["debrief", "lesson"])
def test_what_is_shared_does_not_say_that_only_you_see_it(
    owner_client: Client, house: House, kind: str
) -> None:
    made = share(house, house.colleague, kind)
    address = reverse(f"{kind}_detail", args=[made.item_id])
    page = owner_client.get(address).content.decode()
    day = date_format(made.ends_on, "DATE_FORMAT")
    assert f"Colleague can read this up to and including {day}." in page
    assert "Only you see this" not in page
    owner_client.post(reverse("share_end", args=[made.pk]))
    page = owner_client.get(address).content.decode()
    assert "can read this" not in page
    assert "Only you see this." in page


def test_the_list_of_a_coach_says_nothing_of_what_is_in_it(client: Client, house: House) -> None:
    share(house, house.coach, "lesson")
    client.force_login(house.coach)

    found = client.get(reverse("share_list")).content.decode()

    assert "A lesson by Owner" in found
    assert "heron" not in found
    assert looks(house) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(
    owner_client: Client,
    house: House,
    django_assert_num_queries: Callable[[int], Any],
    count: int,
) -> None:
    for _number in range(count):
        for kind in ("debrief", "lesson"):
            share(house, house.colleague, kind)
        lesson = make_lesson(house.colleague, house.organisation)
        with organisation_scope(house.organisation):
            Share.objects.create(
                organisation=house.organisation, owner=house.colleague, recipient=house.owner,
                kind="lesson", item_id=lesson.pk, ends_on=timezone.localdate(),
            )  # fmt: skip

    with django_assert_num_queries(9):
        owner_client.get(reverse("share_list"))


def test_it_speaks_dutch(owner_client: Client, house: House) -> None:
    house.owner.language = "nl"
    house.owner.save()
    share(house, house.colleague)

    assert "Door mij gedeeld" in owner_client.get(reverse("share_list")).content.decode()

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.factories import PASSWORD, make_person

from spiegel_portal.common.models import AuditEntry
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.people.models import Membership, Organisation, Team, User

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from tests.conftest import House


@pytest.fixture
def admin(client: Client, house: House) -> Client:
    client.force_login(house.administrator)
    return client


def member(house: House, user: User) -> Membership:
    with organisation_scope(house.organisation):
        found: Membership = Membership.objects.get(user=user)
    return found


def test_a_role_and_team_are_changed_and_noted(admin: Client, house: House) -> None:
    colleague = member(house, house.colleague)
    admin.post(f"/members/{colleague.pk}/", {"role": "manager", "team": str(house.team.pk)})
    assert member(house, house.colleague).role == "manager"
    with organisation_scope(house.organisation):
        noted = AuditEntry.objects.get(action="member.changed")
    assert (noted.actor, noted.subject) == (house.administrator, f"{house.colleague.pk} manager")


def test_somebody_must_stay_administrator(admin: Client, house: House) -> None:
    own = member(house, house.administrator)
    for address, data in (
        (f"/members/{own.pk}/", {"role": "seller"}),
        (f"/members/{own.pk}/remove/", {}),
    ):
        answer = admin.post(address, data)
        assert answer.status_code == 422
        assert "Somebody must be administrator" in answer.content.decode()
    assert member(house, house.administrator).role == "administrator"


def test_who_is_removed_can_no_longer_open_the_organisation(admin: Client, house: House) -> None:
    colleague = member(house, house.colleague)
    assert admin.post(f"/members/{colleague.pk}/remove/")["Location"] == "/members/"
    admin.force_login(house.colleague)
    assert admin.get("/deals/")["Location"] == "/organisation/start/"


def test_a_member_of_another_organisation_is_not_there(admin: Client, house: House) -> None:
    with organisation_scope(house.other_organisation):
        other = Membership.objects.get(user=house.stranger)
    assert admin.get(f"/members/{other.pk}/").status_code == 404


def test_teams_have_each_a_name_of_their_own(admin: Client, house: House) -> None:
    assert admin.post("/members/teams/add/", {"name": "South"}).status_code == 302
    answer = admin.post("/members/teams/add/", {"name": "south"})
    assert answer.status_code == 422
    assert "There is a team called “south” already." in answer.content.decode()
    with organisation_scope(house.organisation):
        assert [team.name for team in Team.objects.all()] == ["North", "South"]


def test_colleagues_see_names_but_no_addresses(client: Client, house: House) -> None:
    client.force_login(house.owner)
    page = client.get("/members/").content.decode()
    assert ("Colleague" in page, "colleague@test.example" in page) == (True, False)


@pytest.mark.parametrize("more", [1, 3])
def test_the_list_takes_as_many_queries_for_one_as_for_three(
    admin: Client, house: House, django_assert_num_queries: DjangoAssertNumQueries, more: int
) -> None:
    for number in range(more):
        make_person(f"extra{number}", house.organisation, "seller", house.team)  # type: ignore[arg-type]  # a value of Role
    with django_assert_num_queries(6):
        admin.get("/members/")


def test_on_my_own_makes_an_organisation_of_my_own(client: Client, db: None) -> None:
    signup = {"name": "Kim Bos", "email": "Kim@test.example", "password1": PASSWORD}
    assert client.post("/account/signup/", signup)["Location"] == "/today/"
    assert client.get("/today/")["Location"] == "/organisation/start/"
    assert client.post("/organisation/start/", {"kind": "solo"})["Location"] == "/today/"
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.kind) == ("Kim Bos", "solo")
    assert client.get("/members/invite/").status_code == 200


def test_a_company_needs_a_name(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("kim@test.example", PASSWORD, name="Kim"))
    answer = client.post("/organisation/start/", {"kind": "company", "name": ""})
    assert answer.status_code == 422
    assert "Give the company a name, as your colleagues know it." in answer.content.decode()
    client.post("/organisation/start/", {"kind": "company", "name": "Bos & Zn"})
    organisation = Organisation.objects.get()
    with organisation_scope(organisation):
        assert (organisation.slug, Membership.objects.get().role) == ("bos-zn", "administrator")


def test_a_member_of_two_organisations_goes_from_one_to_the_other(
    client: Client, house: House
) -> None:
    with organisation_scope(house.other_organisation):
        Membership.objects.create(organisation=house.other_organisation, user=house.owner)
    client.force_login(house.owner)
    assert "Ours" in client.get("/members/").content.decode()
    client.post("/organisation/switch/", {"organisation": str(house.other_organisation.pk)})
    assert "Theirs" in client.get("/members/").content.decode()


def test_the_language_is_kept_with_the_person(client: Client, house: House) -> None:
    client.force_login(house.owner)
    answer = client.post("/language/", {"language": "nl", "next": "/members/"})
    assert answer["Location"] == "/members/"
    house.owner.refresh_from_db()
    assert house.owner.language == "nl"
    assert '<html lang="nl">' in client.get("/members/").content.decode()


def test_the_language_form_leads_to_no_other_site(client: Client, db: None) -> None:
    answer = client.post("/language/", {"language": "nl", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.utils import timezone
from tests.factories import PASSWORD

from spiegel_portal.common.errors import Refused
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.people import domain
from spiegel_portal.people.models import Invitation, Membership, Role, User

if TYPE_CHECKING:
    from django.test import Client
    from tests.conftest import House


@pytest.fixture
def admin(client: Client, house: House) -> Client:
    client.force_login(house.administrator)
    return client


def invite(admin: Client, email: str = "new@test.example") -> str:
    admin.post("/members/invite/", {"emails": email, "role": "seller"})
    found = re.search(r"http://testserver(/invitations/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def roles(house: House) -> dict[str, str]:
    with organisation_scope(house.organisation):
        members = Membership.objects.filter(left_at=None).select_related("user")
        return {member.user.email: member.role for member in members}


def test_somebody_invited_makes_an_account_and_is_a_member(admin: Client, house: House) -> None:
    link = invite(admin, "New@Test.example")
    assert mail.outbox[-1].to == ["new@test.example"]
    admin.logout()
    page = admin.get(link).content.decode()
    assert "Ours invites you" in page
    signup = {"name": "New", "email": "new@test.example", "password1": PASSWORD, "next": link}
    assert admin.post("/account/signup/", signup)["Location"] == link
    assert admin.post(link)["Location"] == "/today/"
    assert roles(house)["new@test.example"] == "seller"


def test_an_invitation_works_once_and_for_two_weeks(admin: Client, house: House) -> None:
    link = invite(admin)
    secret = link.split("/")[2]
    now = timezone.now()
    found = domain.find_invitation(secret=secret, now=now)
    assert found is not None
    assert domain.find_invitation(secret=secret, now=now + timedelta(days=15)) is None
    user = User.objects.create_user("new@test.example", PASSWORD)
    domain.accept_invitation(invitation=found, user=user, now=now)
    assert domain.find_invitation(secret=secret, now=now) is None


def test_the_link_is_for_the_invited_address_alone(admin: Client, house: House) -> None:
    link = invite(admin)
    admin.force_login(house.stranger)
    answer = admin.post(link)
    assert answer.status_code == 422
    assert (
        "This invitation is for new@test.example; you are logged in as stranger@test.example."
        in answer.content.decode()
    )
    assert "stranger@test.example" not in roles(house)


def test_the_secret_is_not_kept(admin: Client, house: House) -> None:
    secret = invite(admin).split("/")[2]
    with organisation_scope(house.organisation):
        assert secret not in str(list(Invitation.objects.values()))


def test_a_withdrawn_invitation_has_ended(admin: Client, house: House) -> None:
    link = invite(admin)
    with organisation_scope(house.organisation):
        invitation = Invitation.objects.get()
    admin.post(f"/members/invitations/{invitation.pk}/withdraw/")
    assert admin.get(link).status_code == 404


def test_inviting_again_ends_the_earlier_link(admin: Client) -> None:
    first, second = invite(admin), invite(admin)
    assert [admin.get(link).status_code for link in (first, second)] == [404, 200]


def test_what_is_not_an_address_is_named_and_nothing_is_sent(admin: Client) -> None:
    answer = admin.post("/members/invite/", {"emails": "a@b.example, nonsense", "role": "seller"})
    assert answer.status_code == 422
    assert (
        "“nonsense” is not an e-mail address; write it like name@company.com."
        in answer.content.decode()
    )
    assert mail.outbox == []


def test_a_member_is_not_invited_again(scoped: House) -> None:
    with pytest.raises(Refused, match="already-member"):
        domain.invite(
            membership=Membership.objects.get(user=scoped.administrator),
            email="OWNER@test.example",
            role=Role.SELLER,
            team=None,
            now=timezone.now(),
        )


def test_the_mail_is_in_the_organisations_language(client: Client, house: House) -> None:
    house.other_organisation.kind = "solo"
    house.other_organisation.save()
    client.force_login(house.stranger)
    client.post("/members/invite/", {"emails": "x@test.example", "role": "seller"})
    assert mail.outbox[-1].subject == "Stranger nodigt je uit voor Spiegel"

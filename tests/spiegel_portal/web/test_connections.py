"""The pages of connections: connecting by OAuth or with a token, how it stands, disconnecting."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.urls import reverse
from django_q.models import Schedule
from tests.crm_servers.pipedrive import PipedriveServer

from spiegel_portal.common.models import AuditEntry
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.connections.oauth import Tokens
from spiegel_portal.deals.connections.syncing import encrypted
from spiegel_portal.deals.models import Connection, Deal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import SettingsWrapper
    from tests.conftest import House

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def admin(client: Client, house: House) -> Client:
    client.force_login(house.administrator)
    return client


@pytest.fixture
def pipedrive(settings: SettingsWrapper) -> Iterator[PipedriveServer]:
    with PipedriveServer() as server:
        settings.SPIEGEL_CRM_TEST_SERVERS = {"pipedrive": server.url}
        yield server


def words(response: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def one(name: str, system: str = "pipedrive") -> str:
    return reverse(name, kwargs={"system": system})


def asked(admin: Client, system: str = "pipedrive") -> dict[str, str]:
    """What goes along with the link to the CRM."""
    page = admin.get(one("connection_connect", system))
    query = parse_qs(urlsplit(page.context["allow_at"]).query)
    return {name: values[0] for name, values in query.items()}


def connections(house: House) -> list[Connection]:
    with organisation_scope(house.organisation):
        return list(Connection.objects.all())


def test_allowing_it_there_connects_and_reads(
    admin: Client, house: House, pipedrive: PipedriveServer
) -> None:
    pipedrive.put(1)
    query = asked(admin)
    assert query["client_id"] == "id-of-pipedrive"
    assert query["redirect_uri"] == "http://testserver/connections/pipedrive/callback/"
    back = admin.get(
        one("connection_callback"), {"state": query["state"], "code": "good-code"}, follow=True
    )
    assert "Pipedrive is connected." in words(back)
    (connection,) = connections(house)
    assert (connection.account, connection.connected_by) == ("Mill", house.administrator)
    assert connection.base_url == "https://mill.pipedrive.com"
    # In tests a job runs at once: the deal is there, and so is the next look.
    with organisation_scope(house.organisation):
        assert Deal.objects.get().name == "Deal 1"
        assert AuditEntry.objects.get().action == "crm.connected"
    assert Schedule.objects.get().minutes == 60


@pytest.mark.parametrize("state", ["", "guessed", None])
def test_an_answer_to_another_question_connects_nothing(
    admin: Client, house: House, pipedrive: PipedriveServer, state: str | None
) -> None:
    asked(admin)
    query = {"code": "good-code", **({} if state is None else {"state": state})}
    back = admin.get(one("connection_callback"), query, follow=True)
    assert "That answer belongs to no question of a moment ago." in words(back)
    assert (connections(house), pipedrive.asked) == ([], [])


def test_a_state_works_once_for_its_own_crm_and_not_for_long(
    admin: Client, house: House, pipedrive: PipedriveServer
) -> None:
    lost = "That answer belongs to no question of a moment ago."
    state = asked(admin)["state"]
    other = admin.get(one("connection_callback", "hubspot"), {"state": state, "code": "x"})
    assert lost in words(admin.get(other.url))
    again = admin.get(one("connection_callback"), {"state": state, "code": "good-code"})
    assert lost in words(admin.get(again.url))
    with time_machine.travel(NOW):
        admin.force_login(house.administrator)
        state = asked(admin)["state"]
    with time_machine.travel(NOW + timedelta(minutes=16)):
        late = admin.get(one("connection_callback"), {"state": state, "code": "good-code"})
        assert lost in words(admin.get(late.url))
    assert (connections(house), pipedrive.asked) == ([], [])


def test_what_was_not_allowed_or_not_known_is_said(
    admin: Client, house: House, pipedrive: PipedriveServer
) -> None:
    denied = {"state": asked(admin)["state"], "error": "access_denied"}
    back = admin.get(one("connection_callback"), denied, follow=True)
    assert "Pipedrive was not connected, because it was not allowed there." in words(back)
    bad = {"state": asked(admin)["state"], "code": "bad-code"}
    back = admin.get(one("connection_callback"), bad, follow=True)
    assert "Pipedrive no longer lets Spiegel in. Connect it again." in words(back)
    assert connections(house) == []


def test_a_token_connects_when_it_works(
    admin: Client, house: House, pipedrive: PipedriveServer
) -> None:
    wrong = admin.post(one("connection_connect"), {"token": "wrong"})
    assert wrong.status_code == 422
    assert "Pipedrive does not know this token. Copy it once more." in words(wrong)
    assert "wrong" not in wrong.content.decode()
    spaced = admin.post(one("connection_connect"), {"token": "a b"})
    assert "A token has letters, digits and signs without spaces" in words(spaced)
    assert connections(house) == []
    right = admin.post(one("connection_connect"), {"token": " key-1 "}, follow=True)
    assert "Pipedrive is connected." in words(right)
    (connection,) = connections(house)
    assert (connection.is_key, connection.refresh_encrypted) == (True, "")


def test_connecting_again_goes_on_where_it_was_with_the_same_account(
    admin: Client, house: House, pipedrive: PipedriveServer
) -> None:
    admin.post(one("connection_connect"), {"token": "key-1"})
    with organisation_scope(house.organisation):
        Connection.objects.update(state="stopped", problem="unauthorised")
    admin.post(one("connection_connect"), {"token": "key-1"})
    (connection,) = connections(house)
    assert (connection.state, connection.problem) == ("ready", "")
    lists = [each for each in pipedrive.asked if each.path == "/api/v2/deals"]
    assert "updated_since" not in lists[0].query
    assert "updated_since" in lists[-1].query
    assert Schedule.objects.count() == 1


def test_the_page_says_how_it_stands(
    admin: Client, house: House, pipedrive: PipedriveServer
) -> None:
    pipedrive.put(1)
    pipedrive.put(2, value="much")
    with time_machine.travel(NOW, tick=False):
        admin.force_login(house.administrator)
        admin.post(one("connection_connect"), {"token": "key-1"})
        page = words(admin.get(reverse("connection_list")))
    assert "Pipedrive Connected" in page
    assert "Account Mill" in page
    assert "Deals from here 1" in page
    assert "1 new, 0 changed, 0 removed, 1 on timelines" in page
    assert "1 deal could not be taken 2: its amount is not a number" in page
    assert page.count("24 Nov 2026, 10:00") == 1
    assert page.count("24 Nov 2026, 11:00") == 1


def test_reading_now_and_disconnecting(
    admin: Client, house: House, pipedrive: PipedriveServer
) -> None:
    pipedrive.put(1)
    admin.post(one("connection_connect"), {"token": "key-1"})
    pipedrive.now = datetime.now(UTC) + timedelta(minutes=5)
    pipedrive.put(2)
    page = admin.post(one("connection_sync"), follow=True)
    assert "Deals from here 2" in words(page)
    assert "Disconnect Pipedrive?" in words(admin.get(one("connection_disconnect")))
    page = admin.post(one("connection_disconnect"), follow=True)
    assert "The deals that came from it are still here." in words(page)
    assert connections(house) == []
    assert not Schedule.objects.exists()
    with organisation_scope(house.organisation):
        assert Deal.objects.count() == 2
    assert admin.post(one("connection_sync")).status_code == 404


def test_a_crm_that_this_installation_is_not_registered_with(
    admin: Client, settings: SettingsWrapper
) -> None:
    settings.SPIEGEL_CRM_CLIENTS = {}
    page = words(admin.get(reverse("connection_list")))
    assert "This installation is not registered with Salesforce." in page
    assert "Connect HubSpot" in page
    only = admin.get(one("connection_connect", "hubspot"))
    assert (only.context["allow_at"], only.context["form"] is None) == ("", False)
    none = words(admin.get(one("connection_connect", "salesforce")))
    assert "This installation is not registered with Salesforce." in none
    assert admin.post(one("connection_connect", "salesforce"), {"token": "x"}).status_code == 422
    assert admin.get(one("connection_connect", "nothing")).status_code == 404


def test_salesforce_is_proven_by_a_verifier_that_stays_here(admin: Client) -> None:
    query = asked(admin, "salesforce")
    assert query["code_challenge_method"] == "S256"
    verifiers = [each["verifier"] for each in admin.session["crm-waiting"]]
    assert query["code_challenge"] not in verifiers


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_with_one_and_with_three(
    admin: Client,
    house: House,
    many: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with organisation_scope(house.organisation):
        for system in ("hubspot", "pipedrive", "teamleader")[:many]:
            Connection.objects.create(
                organisation=house.organisation, system=system,
                connected_by=house.administrator, **encrypted(Tokens("a")),
            )  # fmt: skip
    with django_assert_num_queries(6):
        admin.get(reverse("connection_list"))


def test_the_administrators_find_it_at_the_imports(admin: Client, house: House) -> None:
    assert reverse("connection_list") in admin.get(reverse("import_list")).content.decode()
    admin.force_login(house.manager)
    assert reverse("connection_list") not in admin.get(reverse("import_list")).content.decode()

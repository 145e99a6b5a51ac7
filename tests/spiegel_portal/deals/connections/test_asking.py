"""Asking over real HTTP: throttling, failing servers, half answers, expiry, and where it may go."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import httpx
import pytest
import time_machine
from django_q.models import Schedule
from tests.crm_servers.server import Reply
from tests.spiegel_portal.deals.connections.helpers import NOW, connected, deals, read

from spiegel_portal.common import ciphers
from spiegel_portal.deals.connections import oauth, sending, syncing
from spiegel_portal.deals.connections.addresses import address, base
from spiegel_portal.deals.connections.base import Page
from spiegel_portal.deals.connections.client import Client
from spiegel_portal.deals.connections.errors import ConnectorError
from spiegel_portal.deals.connections.oauth import Tokens
from spiegel_portal.deals.connections.registry import CONNECTORS
from spiegel_portal.deals.connections.schedule import next_runs
from spiegel_portal.deals.connections.sending import Answer
from spiegel_portal.deals.connections.syncing import tokens_of
from spiegel_portal.deals.models import Connection

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper
    from tests.conftest import House
    from tests.crm_servers.hubspot import HubSpotServer
    from tests.crm_servers.pipedrive import PipedriveServer

State = Connection.State


def test_the_server_says_how_long_to_wait(scoped: House, hubspot: HubSpotServer) -> None:
    hubspot.put(1)
    hubspot.fail("/search", Reply({}, 429, {"Retry-After": "7"}))
    waits: list[float] = []
    connection = read(connected(scoped, hubspot), waits)
    assert (waits, connection.problem, set(deals("hubspot"))) == ([7.0], "", {"1"})


@pytest.mark.parametrize(
    "reply",
    [
        Reply({}, 500),
        Reply({}, 503),
        Reply({"results": [{"id": "1"}], "total": 1}, cut=True),
        Reply(raw=b'{"results": [{"id"'),
        Reply(raw=b"\xff\xfe"),
        Reply({"results": None}),
        Reply([]),
        Reply({"results": []}, headers={"Content-Encoding": "gzip"}),
    ],
    ids=["500", "503", "cut", "half", "bytes", "no list", "a list", "gzip"],
)
def test_a_passing_trouble_is_tried_again_and_then_reported(
    scoped: House, hubspot: HubSpotServer, reply: Reply
) -> None:
    hubspot.put(1)
    hubspot.fail("/search", reply, times=100)
    waits: list[float] = []
    connection = read(connected(scoped, hubspot), waits)
    assert waits in ([1.0, 2.0, 4.0, 8.0], [])
    assert (connection.state, connection.failures) == (State.READY, 1)
    assert connection.problem in {"server", "unreachable", "unreadable"}
    assert next_runs([connection]) == {str(connection.pk): NOW + timedelta(minutes=1)}
    hubspot.faults.clear()
    connection = read(connection)
    assert (connection.problem, connection.failures, set(deals("hubspot"))) == ("", 0, {"1"})


def test_what_passes_quickly_is_not_even_seen(scoped: House, hubspot: HubSpotServer) -> None:
    hubspot.put(1)
    hubspot.fail("/search", Reply({}, 502), times=2)
    hubspot.fail("/batch/read", Reply({"results": []}, cut=True))
    waits: list[float] = []
    connection = read(connected(scoped, hubspot), waits)
    assert (waits, connection.problem, set(deals("hubspot"))) == ([1.0, 2.0, 1.0], "", {"1"})


def test_a_long_wait_is_left_to_the_schedule(scoped: House, hubspot: HubSpotServer) -> None:
    hubspot.fail("/search", Reply({}, 429, {"Retry-After": "7200"}))
    waits: list[float] = []
    connection = read(connected(scoped, hubspot), waits)
    assert (waits, connection.problem, connection.state) == ([], "throttled", State.READY)
    assert next_runs([connection]) == {str(connection.pk): NOW + timedelta(hours=2)}


def test_patience_grows_up_to_the_usual_hour(scoped: House, hubspot: HubSpotServer) -> None:
    connection = connected(scoped, hubspot)
    minutes = []
    for _ in range(8):
        hubspot.fail("/search", Reply({}, 500), times=5)
        connection = read(connection)
        at = next_runs([connection])[str(connection.pk)]
        minutes.append((at - NOW).total_seconds() / 60)
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_token_that_ran_out_is_renewed_once(scoped: House, hubspot: HubSpotServer) -> None:
    hubspot.put(1)
    connection = connected(scoped, hubspot)
    hubspot.access = "access-2"
    connection = read(connection)
    assert (connection.problem, set(deals("hubspot")), hubspot.renewals) == ("", {"1"}, 1)
    kept = tokens_of(connection)
    assert (kept.access, kept.refresh) == ("access-r1", "refresh-r1")
    assert kept.expires_at is not None


def test_a_token_that_is_about_to_run_out_is_renewed_first(
    scoped: House, hubspot: HubSpotServer
) -> None:
    connection = connected(scoped, hubspot)
    Connection.objects.update(expires_at=NOW + timedelta(seconds=30))
    assert read(connection).problem == ""
    assert hubspot.paths()[0] == "POST /oauth/v1/token"
    assert hubspot.renewals == 1


def test_whoever_was_overtaken_says_and_stops_nothing(
    scoped: House, hubspot: HubSpotServer
) -> None:
    connection = connected(scoped, hubspot)
    stale = Connection.objects.select_related("organisation", "connected_by").get()
    Connection.objects.update(step=5)
    syncing._fail(stale, ConnectorError("unauthorised", permanent=True), NOW)
    connection.refresh_from_db()
    assert (connection.state, connection.problem) == (State.READY, "")
    assert Schedule.objects.count() == 1
    assert not syncing._keep(stale, Page({"since": "1"}, done=True), NOW)
    connection.refresh_from_db()
    assert connection.cursor == {}


def test_an_answer_that_drips_in_is_given_up(
    scoped: House, hubspot: HubSpotServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LONGEST", -1.0)
    connection = read(connected(scoped, hubspot))
    assert (connection.state, connection.problem) == (State.READY, "slow")


def test_tokens_are_kept_encrypted(scoped: House, hubspot: HubSpotServer) -> None:
    connection = connected(scoped, hubspot)
    kept = f"{connection.access_encrypted} {connection.refresh_encrypted}"
    assert "access-1" not in kept
    assert "refresh-1" not in kept
    assert ciphers.decrypt(connection.access_encrypted) == "access-1"
    assert "access-1" not in repr(tokens_of(connection))


def test_another_key_stops_the_connection(
    scoped: House, hubspot: HubSpotServer, settings: SettingsWrapper
) -> None:
    connection = connected(scoped, hubspot)
    settings.SPIEGEL_ENCRYPTION_KEY = "another"
    connection = read(connection)
    assert (connection.state, connection.problem) == (State.STOPPED, "key-changed")


@pytest.mark.parametrize("status", [401, 403])
def test_what_only_a_person_can_mend_stops_the_connection(
    scoped: House, hubspot: HubSpotServer, status: int
) -> None:
    hubspot.put(1)
    hubspot.fail("/search", Reply({}, status), times=100)
    connection = read(connected(scoped, hubspot))
    code = {401: "unauthorised", 403: "forbidden"}[status]
    assert (connection.state, connection.problem) == (State.STOPPED, code)
    assert not Schedule.objects.exists()
    assert hubspot.renewals == (1 if status == 401 else 0)
    asked = len(hubspot.asked)
    read(connection)
    assert len(hubspot.asked) == asked


def test_a_refused_renewal_stops_the_connection(scoped: House, hubspot: HubSpotServer) -> None:
    connection = connected(scoped, hubspot)
    hubspot.access, hubspot.refresh = "other", "other"
    connection = read(connection)
    assert (connection.state, connection.problem) == (State.STOPPED, "unauthorised")


def test_a_persons_own_token_cannot_be_renewed(scoped: House, pipedrive: PipedriveServer) -> None:
    connection = connected(scoped, pipedrive, is_key=True)
    pipedrive.key = "key-2"
    connection = read(connection)
    assert (connection.state, connection.problem) == (State.STOPPED, "unauthorised")
    assert "POST /oauth/token" not in pipedrive.paths()


def test_a_worker_that_was_slower_renews_nothing(scoped: House, hubspot: HubSpotServer) -> None:
    connection = connected(scoped, hubspot)
    hubspot.access = "access-2"
    read(connection)
    assert hubspot.renewals == 1
    # The other worker still has the old tokens in hand: it finds the new ones.
    renew = syncing._renewing(connection)
    assert renew is not None
    assert renew(Tokens("access-1", "refresh-1")).access == "access-r1"
    assert hubspot.renewals == 1


def test_an_answer_may_not_lead_elsewhere(
    scoped: House, hubspot: HubSpotServer, pipedrive: PipedriveServer
) -> None:
    elsewhere = Reply({}, 302, {"Location": f"{pipedrive.url}/crm/v3/objects/0-3"})
    hubspot.fail("objects/0-3$", elsewhere)
    connection = read(connected(scoped, hubspot))
    assert (connection.state, connection.problem) == (State.STOPPED, "host-refused")
    assert pipedrive.asked == []


def test_an_answer_may_lead_to_another_place_of_the_same_crm(
    scoped: House, pipedrive: PipedriveServer
) -> None:
    pipedrive.put(1)
    pipedrive.fail("/stages$", Reply({}, 307, {"Location": "/api/v2/stages"}))
    assert read(connected(scoped, pipedrive)).problem == ""


def test_an_answer_without_end_is_not_taken(
    scoped: House, hubspot: HubSpotServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MOST", 1000)
    hubspot.fail("/search", Reply(raw=b"x" * 5000))
    connection = read(connected(scoped, hubspot))
    assert (connection.state, connection.problem) == (State.STOPPED, "too-large")


@pytest.mark.parametrize(
    "url",
    [
        "https://api.hubapi.com/x",
        "https://API.HUBAPI.COM/x",
        "https://api.hubapi.com:443/x",
    ],
)
def test_a_crms_own_hosts_may_be_asked(url: str) -> None:
    assert address(CONNECTORS["hubspot"], url).lower().startswith("https://api.hubapi.com")


@pytest.mark.parametrize(
    ("system", "url"),
    [
        ("hubspot", "http://api.hubapi.com/x"),
        ("hubspot", "https://api.hubapi.com:8443/x"),
        ("hubspot", "https://api.hubapi.com.evil.example/x"),
        ("hubspot", "https://evil.example/api.hubapi.com"),
        ("hubspot", "https://user@api.hubapi.com/x"),
        ("hubspot", "https://127.0.0.1/x"),
        ("hubspot", "https://[::1]/x"),
        ("hubspot", "file:///etc/passwd"),
        ("hubspot", "https://api.hubapi.com\n.evil.example/x"),
        ("pipedrive", "https://pipedrive.com.evil.example"),
        ("pipedrive", "https://evilpipedrive.com"),
        ("salesforce", "https://my.salesforce.com.evil.example"),
        ("salesforce", "http://169.254.169.254/latest"),
    ],
)
def test_nothing_else_may_be_asked(system: str, url: str) -> None:
    with pytest.raises(ConnectorError) as refused:
        address(CONNECTORS[system], url)
    assert (refused.value.code, refused.value.permanent) == ("host-refused", True)


def test_an_address_that_comes_with_tokens_is_looked_at() -> None:
    assert base(CONNECTORS["pipedrive"], "https://mill.pipedrive.com/") == (
        "https://mill.pipedrive.com"
    )
    with pytest.raises(ConnectorError):
        base(CONNECTORS["pipedrive"], "https://evil.example")


def test_a_code_becomes_tokens(pipedrive: PipedriveServer) -> None:
    connector = CONNECTORS["pipedrive"]
    asked = {"redirect_uri": "https://spiegel.example/back", "verifier": "v", "now": NOW}
    tokens = oauth.exchange(connector, code="good-code", **asked)
    assert (tokens.access, tokens.refresh) == ("access-1", "refresh-1")
    assert tokens.base_url == "https://mill.pipedrive.com"
    assert tokens.expires_at == NOW + timedelta(minutes=30)
    with pytest.raises(ConnectorError) as refused:
        oauth.exchange(connector, code="bad-code", **asked)
    assert refused.value.permanent


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "12"}, 12),
        ({"Retry-After": format_datetime(NOW + timedelta(seconds=100))}, 100),
        ({"X-RateLimit-Reset": (NOW + timedelta(seconds=50)).isoformat()}, 50),
        ({"X-RateLimit-Reset": "2"}, 2),
        ({"X-RateLimit-Reset": str(NOW.timestamp() + 40)}, 40),
        ({"Retry-After": "-5"}, 0),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_every_way_to_say_how_long(headers: dict[str, str], wait: float | None) -> None:
    with time_machine.travel(NOW, tick=False):
        assert Answer(429, httpx.Headers(headers), b"").wait() == wait


def test_time_is_up(hubspot: HubSpotServer) -> None:
    client = Client(CONNECTORS["hubspot"], Tokens("access-1"), seconds=-1)
    with client, pytest.raises(ConnectorError) as late:
        client.get("/crm/v3/pipelines/deals")
    assert (late.value.code, late.value.permanent, hubspot.asked) == ("slow", False, [])

"""Salesforce over real HTTP: answers in parts, snapshots, the recycle bin, its own limit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.crm_servers.server import Reply
from tests.spiegel_portal.deals.connections.helpers import NOW, connected, deals, read, timeline

from spiegel_portal.deals.connections import oauth
from spiegel_portal.deals.connections.errors import ConnectorError
from spiegel_portal.deals.connections.registry import CONNECTORS
from spiegel_portal.deals.models import Connection, Deal

if TYPE_CHECKING:
    from tests.conftest import House
    from tests.crm_servers.salesforce import SalesforceServer


def test_every_page_in_all_its_parts_with_the_snapshots(
    scoped: House, salesforce: SalesforceServer
) -> None:
    for number in range(1, 231):
        salesforce.put(number)
    salesforce.put(9, CloseDate="2026-04-30", Amount=1200.0, StageName="Proposal")
    salesforce.put(9, StageName="Afgevallen", Loss_Reason__c="Price")
    connection = read(connected(scoped, salesforce))
    assert (connection.problem, Deal.objects.count()) == ("", 230)
    known = salesforce.id_of(9)
    deal = Deal.objects.get(external_id=known)
    assert (str(deal.stage), deal.stage_type, deal.crm_reason) == ("Afgevallen", "lost", "Price")
    assert (deal.account, deal.owner, deal.closed_on, deal.expected_close_on) == (
        "Mill Ltd",
        scoped.owner,
        date(2026, 4, 30),
        None,
    )
    assert [event[1:] for event in timeline(known)] == [
        ("stage", "", "Prospecting"),
        ("created", "", ""),
        ("amount", "1000.00", "1200.00"),
        ("date", "2026-03-31", "2026-04-30"),
        ("stage", "Prospecting", "Proposal"),
        ("stage", "Proposal", "Afgevallen"),
    ]


def test_what_changed_and_what_lies_in_the_recycle_bin(
    scoped: House, salesforce: SalesforceServer
) -> None:
    for number in (1, 2, 3):
        salesforce.put(number)
    connection = read(connected(scoped, salesforce))
    salesforce.now = NOW + timedelta(minutes=1)
    salesforce.put(1, IsDeleted=True)
    salesforce.put(2, StageName="Closed Won")
    connection = read(connection)
    assert deals("salesforce") == {
        salesforce.id_of(2): ("Closed Won", "won"),
        salesforce.id_of(3): ("Prospecting", "open"),
    }
    counts = {name: connection.last_counts[name] for name in ("updated", "unchanged", "removed")}
    assert counts == {"updated": 1, "unchanged": 0, "removed": 1}


def test_an_organisation_without_a_field_for_the_reason(
    scoped: House, salesforce: SalesforceServer
) -> None:
    salesforce.own_fields = ()
    salesforce.put(1)
    connection = read(connected(scoped, salesforce))
    assert connection.problem == ""
    questions = [asked.query["q"] for asked in salesforce.asked if "q" in asked.query]
    assert not any("__c" in question or "CurrencyIsoCode" in question for question in questions)


def test_salesforces_own_daily_limit_is_waited_for(
    scoped: House, salesforce: SalesforceServer
) -> None:
    limit = Reply([{"errorCode": "REQUEST_LIMIT_EXCEEDED"}], 403)
    salesforce.fail("/queryAll", limit, times=100)
    connection = read(connected(scoped, salesforce))
    assert (connection.state, connection.problem) == (Connection.State.READY, "throttled")


def test_a_code_needs_its_verifier(salesforce: SalesforceServer) -> None:
    connector = CONNECTORS["salesforce"]
    asked = {"code": "good-code", "redirect_uri": "https://spiegel.example/back", "now": NOW}
    tokens = oauth.exchange(connector, verifier="v", **asked)
    assert (tokens.base_url, tokens.expires_at) == ("https://mill.my.salesforce.com", None)
    with pytest.raises(ConnectorError):
        oauth.exchange(connector, verifier="", **asked)

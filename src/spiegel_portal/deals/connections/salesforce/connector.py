"""Reads Salesforce.

Opportunities are asked for from id to id, so that no place in a list has to be kept on their side
while a sync rests. `queryAll` shows those in the recycle bin too; merging is not known there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from spiegel.crm.identity import salesforce_id
from spiegel.crm.payloads import Book, salesforce
from spiegel.crm.payloads.common import text
from spiegel_portal.deals.connections.base import (
    Connector,
    Cursor,
    Gone,
    Page,
    Setting,
    Walk,
    read_each,
)
from spiegel_portal.deals.connections.errors import ConnectorError
from spiegel_portal.deals.connections.reading import items, moment_of, part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spiegel.crm.payloads import Told
    from spiegel_portal.deals.connections.client import Client

_API = "/services/data/v61.0"
_AT_ONCE = 100
_OVERLAP = timedelta(minutes=5)
_FIELDS = (
    "Id", "Name", "Account.Name", "Owner.Name", "Owner.Email", "StageName", "IsClosed", "IsWon",
    "Amount", "CloseDate", "CreatedDate", "NextStep", "IsDeleted", "SystemModstamp",
)  # fmt: skip
_HISTORY = (
    "SELECT OpportunityId, StageName, Amount, CloseDate, CreatedDate, CreatedBy.Name "
    "FROM OpportunityHistory WHERE OpportunityId IN ({ids}) ORDER BY CreatedDate"
)


class Salesforce(Connector):
    """Salesforce, by OAuth; it offers no token of a person's own."""

    id = "salesforce"
    name = "Salesforce"
    authorize_url = "https://login.salesforce.com/services/oauth2/authorize"
    token_url = "https://login.salesforce.com/services/oauth2/token"  # noqa: S105  (an address)
    api_url = "https://login.salesforce.com"
    hosts = ("login.salesforce.com", ".my.salesforce.com")
    scopes = ("api", "refresh_token")
    pkce = True
    base_field = "instance_url"
    #: One date is the expected one while a deal is open, and the actual one afterwards.
    fields = (
        "name", "account", "owner", "stage", "amount", "currency", "created_on", "close_date",
        "reason", "next_step",
    )  # fmt: skip

    def walk(self, client: Client, setting: Setting) -> Walk:
        """Begin to go through Salesforce."""
        return SalesforceWalk(client, setting)

    def account(self, client: Client) -> str:
        """Name the organisation."""
        found = client.get(f"{_API}/query", q="SELECT Name FROM Organization LIMIT 1")
        return next((text(record.get("Name")) for record in items(found, "records")), "")


class SalesforceWalk(Walk):
    """Goes through Salesforce from id to id."""

    def page(self, cursor: Cursor) -> Page:
        """Read the next page."""
        begun = cursor.get("begun") or (self.setting.now - _OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
        records = self._records(self._question(cursor), "queryAll")
        gone = tuple(
            Gone(salesforce_id(text(record.get("Id"))), moment_of(record.get("SystemModstamp")))
            for record in records
            if salesforce.is_gone(record)
        )
        there = [record for record in records if not salesforce.is_gone(record)]
        history = self._history([text(record.get("Id")) for record in there])

        def read(record: Mapping[str, Any]) -> Told:
            told_of = history[salesforce_id(text(record.get("Id")))]
            return salesforce.told(record, told_of, self._book, reason_in=self._reason)

        told, refused = read_each(there, read)
        last = text(records[-1].get("Id")) if records else ""
        if last and not last.isalnum():
            raise ConnectorError("unreadable", permanent=False)
        if len(records) < _AT_ONCE:
            return Page({"since": begun}, done=True, told=told, gone=gone, refused=refused)
        after = {**cursor, "begun": begun, "after": last}
        return Page(after, told=told, gone=gone, refused=refused)

    def _question(self, cursor: Cursor) -> str:
        fields = [*_FIELDS, *self._own_fields]
        conditions = []
        if cursor.get("since"):
            conditions.append(f"SystemModstamp >= {cursor['since']}")
        if cursor.get("after"):
            conditions.append(f"Id > '{cursor['after']}'")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"SELECT {', '.join(fields)} FROM Opportunity{where} ORDER BY Id LIMIT {_AT_ONCE}"  # noqa: S608  (SOQL, from our own words and ids)

    def _records(self, question: str, verb: str = "query") -> list[dict[str, Any]]:
        """Give all records of a question, however many answers they come in."""
        found = self.client.get(f"{_API}/{verb}", q=question)
        records = items(found, "records")
        while following := text(part(found).get("nextRecordsUrl")):
            found = self.client.get(following)
            records += items(found, "records")
        return records

    def _history(self, ids: list[str]) -> dict[str, list[dict[str, Any]]]:
        shots: dict[str, list[dict[str, Any]]] = defaultdict(list)
        known = [known for known in ids if known.isalnum()]
        if known:
            for shot in self._records(_HISTORY.format(ids=", ".join(f"'{k}'" for k in known))):
                shots[salesforce_id(text(shot.get("OpportunityId")))].append(shot)
        return shots

    @cached_property
    def _described(self) -> list[str]:
        """The names of all fields that an opportunity has in this organisation."""
        found = self.client.get(f"{_API}/sobjects/Opportunity/describe")
        return [text(field.get("name")) for field in items(found, "fields")]

    @cached_property
    def _reason(self) -> str:
        return salesforce.reason_field(self._described)

    @cached_property
    def _own_fields(self) -> list[str]:
        currency = ["CurrencyIsoCode"] if "CurrencyIsoCode" in self._described else []
        return [*currency, *([self._reason] if self._reason else [])]

    @cached_property
    def _book(self) -> Book:
        stages = self._records("SELECT MasterLabel, IsClosed, IsWon FROM OpportunityStage")
        return replace(self.setting.book, stages=salesforce.stages(stages))

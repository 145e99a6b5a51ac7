"""Reads HubSpot.

A search goes from id to id (`hs_object_id` above the last one) and never by page number: it is not
bound to its ten thousand results, and a deal that changes meanwhile moves no other out of sight.
Archived deals are listed apart. A merged deal is a new one that names those it was made from.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from spiegel.crm.payloads import Book, Person, hubspot
from spiegel.crm.payloads.common import entries, text
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
    from collections.abc import Iterator

    from spiegel.crm.payloads import Told
    from spiegel_portal.deals.connections.client import Client

_DEALS = "/crm/v3/objects/0-3"
#: With history HubSpot reads at most fifty at a time.
_AT_ONCE = 50
#: A search lags behind: the next one looks back this far.
_OVERLAP = timedelta(minutes=5)


class HubSpot(Connector):
    """HubSpot, by OAuth or with the token of a private app."""

    id = "hubspot"
    name = "HubSpot"
    authorize_url = "https://app.hubspot.com/oauth/authorize"
    token_url = "https://api.hubapi.com/oauth/v1/token"  # noqa: S105  (an address)
    api_url = "https://api.hubapi.com"
    hosts = ("api.hubapi.com", "app.hubspot.com")
    scopes = ("crm.objects.deals.read", "crm.objects.companies.read", "crm.objects.owners.read")
    offers_token = True
    #: One date is the expected one while a deal is open, and the actual one afterwards.
    fields = (
        "name", "account", "owner", "stage", "amount", "currency", "created_on", "close_date",
        "reason", "next_step",
    )  # fmt: skip

    def walk(self, client: Client, setting: Setting) -> Walk:
        """Begin to go through HubSpot."""
        return HubSpotWalk(client, setting)

    def account(self, client: Client) -> str:
        """Name the portal, once it is sure that its deals may be read."""
        client.get(_DEALS, limit=1)
        try:
            found = client.get("/account-info/v3/details")
        except ConnectorError as problem:
            if problem.code in {"forbidden", "missing"}:
                return ""
            raise
        return text(part(found).get("portalId"))


class HubSpotWalk(Walk):
    """Goes through HubSpot: the deals that changed, then the archived ones."""

    def page(self, cursor: Cursor) -> Page:
        """Read the next page."""
        if cursor.get("phase") == "archived":
            return self._archived(cursor)
        now = self.setting.now
        begun = cursor.get("begun") or str(int((now - _OVERLAP).timestamp() * 1000))
        ids = self._changed(cursor.get("since", ""), cursor.get("after", "0"))
        told, refused = read_each(self._read(ids), self._told)
        after = {**cursor, "phase": "deals", "begun": begun}
        if len(ids) < _AT_ONCE:
            after = {"phase": "archived", "begun": begun}
        else:
            after["after"] = ids[-1]
        return Page(after, told=told, refused=refused)

    def _changed(self, since: str, after: str) -> list[str]:
        filters = [{"propertyName": "hs_object_id", "operator": "GT", "value": after}]
        if since:
            filters.append(
                {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": since}
            )
        found = self.client.post(
            f"{_DEALS}/search",
            {
                "filterGroups": [{"filters": filters}],
                "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
                "properties": ["hs_object_id"],
                "limit": _AT_ONCE,
                "after": "0",
            },
        )
        return [text(deal.get("id")) for deal in items(found, "results")]

    def _read(self, ids: list[str]) -> list[dict[str, Any]]:
        if not ids:
            return []
        found = self.client.post(
            f"{_DEALS}/batch/read",
            {
                "inputs": [{"id": known} for known in ids],
                "properties": list(hubspot.PROPERTIES),
                "propertiesWithHistory": list(hubspot.HISTORY),
            },
        )
        deals = [deal for deal in items(found, "results") if not deal.get("archived")]
        self._customers = self._companies_of([text(deal.get("id")) for deal in deals])
        return deals

    def _told(self, payload: Any) -> Told:
        return hubspot.told(payload, self._book, self._customers.get(text(payload.get("id")), ""))

    def _companies_of(self, ids: list[str]) -> dict[str, str]:
        """Give each deal the name of its company; the first one where it has several."""
        if not ids:
            return {}
        body = {"inputs": [{"id": known} for known in ids]}
        found = self.client.post("/crm/v4/associations/0-3/companies/batch/read", body)
        of = {}
        for entry in items(found, "results"):
            for target in entries(entry.get("to"))[:1]:
                of[text(part(entry.get("from")).get("id"))] = text(target.get("toObjectId"))
        names = self._company_names(sorted({known for known in of.values() if known}))
        return {deal: names.get(company, "") for deal, company in of.items()}

    def _company_names(self, ids: list[str]) -> dict[str, str]:
        if not ids:
            return {}
        body = {"inputs": [{"id": known} for known in ids], "properties": ["name"]}
        found = self.client.post("/crm/v3/objects/companies/batch/read", body)
        return {
            text(company.get("id")): text(part(company.get("properties")).get("name"))
            for company in items(found, "results")
        }

    def _archived(self, cursor: Cursor) -> Page:
        more = {"after": cursor["next"]} if cursor.get("next") else {}
        found = self.client.get(_DEALS, archived="true", limit=100, **more)
        gone = tuple(
            Gone(text(deal.get("id")), moment_of(deal.get("archivedAt")))
            for deal in items(found, "results")
        )
        following = text(part(part(part(found).get("paging")).get("next")).get("after"))
        if following:
            return Page({**cursor, "next": following}, gone=gone)
        return Page({"since": cursor["begun"]}, done=True, gone=gone)

    @cached_property
    def _book(self) -> Book:
        pipelines = items(self.client.get("/crm/v3/pipelines/deals"), "results")
        people = {
            text(owner.get("id")): Person(
                f"{text(owner.get('firstName'))} {text(owner.get('lastName'))}".strip(),
                text(owner.get("email")),
            )
            for owner in self._owners()
        }
        return replace(self.setting.book, stages=hubspot.stages(pipelines), people=people)

    def _owners(self) -> Iterator[dict[str, Any]]:
        for archived in ("false", "true"):
            more: dict[str, str] = {}
            while True:
                found = self.client.get("/crm/v3/owners", archived=archived, limit=100, **more)
                yield from items(found, "results")
                following = text(part(part(part(found).get("paging")).get("next")).get("after"))
                if not following:
                    break
                more = {"after": following}

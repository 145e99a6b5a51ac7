"""Reads Teamleader.

The list is gone through from the newest deal to the oldest, each page from the day and time of the
last deal of the one before, so that a deal that appears or goes moves no other out of sight. The
API does not tell which deals were deleted: once a day the deals that are known are asked for, and
one that is not there is asked for once more by itself before it counts as gone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from spiegel.crm.payloads import Book, Person, Phase, teamleader
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
from spiegel_portal.deals.connections.reading import items, part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spiegel.crm.payloads import Told
    from spiegel_portal.deals.connections.client import Client

#: Each deal costs a question of its own, and Teamleader takes two hundred a minute.
_AT_ONCE = 25
_CHECKED_AT_ONCE = 100
_OVERLAP = timedelta(minutes=5)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Teamleader(Connector):
    """Teamleader Focus, by OAuth; it offers no token of a person's own."""

    id = "teamleader"
    name = "Teamleader"
    authorize_url = "https://focus.teamleader.eu/oauth2/authorize"
    token_url = "https://focus.teamleader.eu/oauth2/access_token"  # noqa: S105  (an address)
    api_url = "https://api.focus.teamleader.eu"
    hosts = ("focus.teamleader.eu", "api.focus.teamleader.eu")

    def walk(self, client: Client, setting: Setting) -> Walk:
        """Begin to go through Teamleader."""
        return TeamleaderWalk(client, setting)

    def account(self, client: Client) -> str:
        """Name the person who allowed it, as Teamleader tells no more."""
        found = part(part(client.get("/users.me")).get("data"))
        return f"{text(found.get('first_name'))} {text(found.get('last_name'))}".strip()


class TeamleaderWalk(Walk):
    """Goes through Teamleader: what changed, then once a day what is still there."""

    def page(self, cursor: Cursor) -> Page:
        """Read the next page."""
        if cursor.get("phase") == "check":
            return self._check(cursor)
        now = self.setting.now
        begun = cursor.get("begun") or (now - _OVERLAP).isoformat(timespec="seconds")
        listed = items(self._list(cursor), "data")
        told, refused = read_each(self._details(listed), self._told)
        here = {**cursor, "phase": "deals", "begun": begun}
        if len(listed) == _AT_ONCE:
            last = text(listed[-1].get("created_at"))
            same = last == cursor.get("before")
            here |= {"before": last, "number": cursor.get("number", 1) + 1 if same else 1}
            return Page(here, told=told, refused=refused)
        checked = cursor.get("checked", "")
        if checked == str(now.date()):
            return Page({"since": begun, "checked": checked}, done=True, told=told, refused=refused)
        return Page({"phase": "check", "begun": begun}, told=told, refused=refused)

    def _list(self, cursor: Cursor) -> Any:
        asked: dict[str, str] = {}
        if cursor.get("since"):
            asked["updated_since"] = cursor["since"]
        if cursor.get("before"):
            asked["created_before"] = cursor["before"]
        return self.client.post(
            "/deals.list",
            {
                "filter": asked,
                "page": {"size": _AT_ONCE, "number": cursor.get("number", 1)},
                "sort": [{"field": "created_at", "order": "desc"}],
            },
        )

    def _details(self, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found = [self._info(text(deal.get("id"))) for deal in listed]
        there = [deal for deal in found if deal]
        self._accounts = self._names_of(there)
        return there

    def _info(self, deal_id: str) -> dict[str, Any]:
        """Give one deal; an empty one when it is gone."""
        try:
            return part(part(self.client.post("/deals.info", {"id": deal_id})).get("data"))
        except ConnectorError as problem:
            if problem.code == "missing":
                return {}
            raise

    def _told(self, payload: Any) -> Told:
        return teamleader.told(payload, replace(self._book, accounts=self._accounts))

    def _names_of(self, deals: list[dict[str, Any]]) -> dict[str, str]:
        """Give the customers' names by their ids."""
        customers = {teamleader.customer(deal) for deal in deals}
        names: dict[str, str] = {}
        for kind, path in (("company", "/companies.list"), ("contact", "/contacts.list")):
            ids = sorted(known for of, known in customers if of == kind and known)
            if ids:
                page = {"size": _CHECKED_AT_ONCE, "number": 1}
                found = self.client.post(path, {"filter": {"ids": ids}, "page": page})
                names |= {text(each.get("id")): _name(each) for each in items(found, "data")}
        return names

    def _check(self, cursor: Cursor) -> Page:
        known = self.setting.known(cursor.get("after", ""), _CHECKED_AT_ONCE)
        own = [each for each in known if _UUID.fullmatch(each)]
        gone = tuple(Gone(each) for each in self._missing(own) if not self._info(each))
        if len(known) == _CHECKED_AT_ONCE:
            return Page({**cursor, "after": known[-1]}, gone=gone)
        checked = str(self.setting.now.date())
        return Page({"since": cursor["begun"], "checked": checked}, done=True, gone=gone)

    def _missing(self, ids: list[str]) -> list[str]:
        if not ids:
            return []
        page = {"size": _CHECKED_AT_ONCE, "number": 1}
        found = self.client.post("/deals.list", {"filter": {"ids": ids}, "page": page})
        there = {text(deal.get("id")) for deal in items(found, "data")}
        return [each for each in ids if each not in there]

    @cached_property
    def _book(self) -> Book:
        users = self._all("/users.list")
        return replace(
            self.setting.book,
            stages={
                text(e.get("id")): Phase(text(e.get("name"))) for e in self._all("/dealPhases.list")
            },
            people={text(e.get("id")): Person(_name(e), text(e.get("email"))) for e in users},
            reasons={
                text(e.get("id")): text(e.get("name")) for e in self._all("/lostReasons.list")
            },
        )

    def _all(self, path: str) -> Iterator[dict[str, Any]]:
        number = 1
        while True:
            page = {"size": 100, "number": number}
            found = items(self.client.post(path, {"page": page}), "data")
            yield from found
            if len(found) < 100:
                return
            number += 1


def _name(entry: dict[str, Any]) -> str:
    whole = f"{text(entry.get('first_name'))} {text(entry.get('last_name'))}".strip()
    return text(entry.get("name")) or whole

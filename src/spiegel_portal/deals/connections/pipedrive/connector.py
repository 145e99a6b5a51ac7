"""Reads Pipedrive.

Three lists are gone through: deals, archived deals (lost ones are often there) and deleted deals.
A deal merged into another is deleted; the one it became part of has changed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from spiegel.crm.payloads import Book, Person, Phase, pipedrive
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
    from collections.abc import Iterator, Mapping

    from spiegel.crm.payloads import Told
    from spiegel_portal.deals.connections.client import Client

#: Each deal costs a question for its changelog, so a page is small.
_AT_ONCE = 25
_OVERLAP = timedelta(minutes=5)
#: What is gone through, in this order, with the path and what is asked there.
_LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "deals": ("/api/v2/deals", {}),
    "archived": ("/api/v2/deals/archived", {}),
    "deleted": ("/api/v2/deals", {"status": "deleted"}),
}
_FOLLOWING = {"deals": "archived", "archived": "deleted", "deleted": ""}


class Pipedrive(Connector):
    """Pipedrive, by OAuth or with a person's API token."""

    id = "pipedrive"
    name = "Pipedrive"
    authorize_url = "https://oauth.pipedrive.com/oauth/authorize"
    token_url = "https://oauth.pipedrive.com/oauth/token"  # noqa: S105  (an address)
    api_url = "https://api.pipedrive.com"
    hosts = (".pipedrive.com",)
    basic = True
    offers_token = True
    base_field = "api_domain"

    def headers(self, token: str, *, is_key: bool) -> dict[str, str]:
        """Give the header that carries a token; a person's own goes in another."""
        return {"x-api-token": token} if is_key else super().headers(token, is_key=is_key)

    def walk(self, client: Client, setting: Setting) -> Walk:
        """Begin to go through Pipedrive."""
        return PipedriveWalk(client, setting)

    def account(self, client: Client) -> str:
        """Name the company."""
        return text(part(part(client.get("/v1/users/me")).get("data")).get("company_name"))


class PipedriveWalk(Walk):
    """Goes through Pipedrive, list after list."""

    def page(self, cursor: Cursor) -> Page:
        """Read the next page."""
        phase = cursor.get("phase", "deals")
        begun = cursor.get("begun") or (self.setting.now - _OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
        here = {**cursor, "phase": phase, "begun": begun}
        try:
            found = self._list(phase, cursor)
        except ConnectorError as problem:
            if problem.code == "rejected" and cursor.get("next") and not cursor.get("again"):
                # Pipedrive has forgotten where this list was: from its beginning, nothing doubles.
                return Page({**{k: v for k, v in here.items() if k != "next"}, "again": 1})
            raise
        deals = items(found, "data")
        gone = tuple(
            Gone(text(deal.get("id")), moment_of(deal.get("update_time")))
            for deal in deals
            if pipedrive.is_gone(deal)
        )
        told, refused = self._told([deal for deal in deals if not pipedrive.is_gone(deal)])
        after, done = _after(
            here, text(part(part(found).get("additional_data")).get("next_cursor"))
        )
        return Page(after, done=done, told=told, gone=gone, refused=refused)

    def _list(self, phase: str, cursor: Cursor) -> Any:
        path, asked = _LISTS[phase]
        more = {name: cursor[kept] for name, kept in _KEPT.items() if cursor.get(kept)}
        return self.client.get(
            path, limit=_AT_ONCE, sort_by="id", sort_direction="asc", **asked, **more
        )

    def _told(self, deals: list[dict[str, Any]]) -> Any:
        customers = self._customers(deals)

        def read(deal: Mapping[str, Any]) -> Told:
            account = next(
                (
                    customers[kind, text(deal.get(kind))]
                    for kind in ("org_id", "person_id")
                    if (kind, text(deal.get(kind))) in customers
                ),
                "",
            )
            log = list(self._changelog(text(deal.get("id"))))
            return pipedrive.told(deal, log, self._book, account)

        return read_each(deals, read)

    def _changelog(self, deal_id: str) -> Iterator[dict[str, Any]]:
        more: dict[str, str] = {}
        while deal_id:
            try:
                found = self.client.get(f"/v1/deals/{deal_id}/changelog", limit=100, **more)
            except ConnectorError as problem:
                if problem.code == "missing":  # deleted between the list and this question
                    return
                raise
            yield from items({"data": part(found).get("data") or []}, "data")
            following = text(part(part(found).get("additional_data")).get("next_cursor"))
            if not following:
                return
            more = {"cursor": following}

    def _customers(self, deals: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
        """Give the names of organisations and persons: (field, id) to name."""
        found = {}
        for kind, path in (("org_id", "organizations"), ("person_id", "persons")):
            ids = sorted({text(deal.get(kind)) for deal in deals if deal.get(kind)})
            if ids:
                answer = self.client.get(f"/api/v2/{path}", ids=",".join(ids), limit=len(ids))
                for entry in items(answer, "data"):
                    found[kind, text(entry.get("id"))] = text(entry.get("name"))
        return found

    @cached_property
    def _book(self) -> Book:
        stages = {
            text(stage.get("id")): Phase(text(stage.get("name")))
            for stage in self._all("/api/v2/stages")
        }
        people = {
            text(user.get("id")): Person(text(user.get("name")), text(user.get("email")))
            for user in items(self.client.get("/v1/users"), "data")
        }
        return replace(self.setting.book, stages=stages, people=people)

    def _all(self, path: str) -> Iterator[dict[str, Any]]:
        more: dict[str, str] = {}
        while True:
            found = self.client.get(path, limit=100, **more)
            yield from items(found, "data")
            following = text(part(part(found).get("additional_data")).get("next_cursor"))
            if not following:
                return
            more = {"cursor": following}


#: A question's parameter and where the cursor keeps it.
_KEPT = {"cursor": "next", "updated_since": "since"}


def _after(here: Cursor, following: str) -> tuple[Cursor, bool]:
    """Say where to go on: in the same list, in the next, or nowhere."""
    if following:
        return {**here, "next": following}, False
    phase = _FOLLOWING[here["phase"]]
    if phase:
        return {
            **{k: v for k, v in here.items() if k not in {"next", "again"}},
            "phase": phase,
        }, False
    return {"since": here["begun"]}, True

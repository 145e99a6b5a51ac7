"""Stands in for Pipedrive, from the published facts about API v2 and the changelog of v1."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.crm_servers.server import Asked, CrmServer, Reply

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
_CLIENT = base64.b64encode(b"id-of-pipedrive:secret-of-pipedrive").decode()


class PipedriveServer(CrmServer):
    """Deals with a changelog; deleted and archived ones in lists of their own."""

    system = "pipedrive"
    token_path = "/oauth/token"
    changes_at_once = 2

    def __init__(self) -> None:
        super().__init__()
        self.deals: dict[int, dict[str, Any]] = {}
        self.log: dict[int, list[dict[str, Any]]] = {}
        self.now = START

    def put(self, deal_id: int, **fields: Any) -> None:
        """Make a deal, or change it: what changes comes in its changelog."""
        self.now += timedelta(minutes=1)
        new = deal_id not in self.deals
        deal = self.deals.setdefault(
            deal_id,
            {
                "id": deal_id, "title": f"Deal {deal_id}", "owner_id": 5, "org_id": 7,
                "stage_id": 1, "status": "open", "value": 1000, "currency": "EUR",
                "add_time": self._iso(), "is_archived": False, "is_deleted": False,
            },
        )  # fmt: skip
        for name, value in fields.items():
            if not new and deal.get(name) != value:
                self.log.setdefault(deal_id, []).append(
                    {
                        "field_key": name, "old_value": deal.get(name), "new_value": value,
                        "time": self._iso(), "actor_user_id": 5,
                    }
                )  # fmt: skip
            deal[name] = value
        deal["update_time"] = self._iso()

    def delete(self, deal_id: int) -> None:
        """Delete a deal; merging deletes the one that is no more."""
        self.put(deal_id, is_deleted=True, status="deleted")

    def _iso(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def lets_in(self, asked: Asked) -> bool:
        """Take a person's own token too."""
        return super().lets_in(asked) or asked.headers.get("x-api-token") == self.key

    def tokens(self, asked: Asked) -> Reply:
        """Name the company's own address, to those that say who they are in a header."""
        if asked.headers.get("authorization") != f"Basic {_CLIENT}":
            return Reply({"error": "invalid_client"}, 401)
        given = super().tokens(asked)
        if given.status != 200:
            return given
        return Reply({**given.body, "api_domain": "https://mill.pipedrive.com"})

    def answer(self, asked: Asked) -> Reply:
        """Answer as `api.pipedrive.com` does."""
        parts = asked.path.strip("/").split("/")
        match parts:
            case ["v1", "users", *_] | ["api", "v2", "stages" | "organizations"]:
                return Reply({"data": self._names(parts[-1], asked)})
            case ["v1", "deals", deal_id, "changelog"]:
                return self._changelog(int(deal_id), asked)
            case ["api", "v2", "deals", *rest]:
                return self._list(asked, archived=rest == ["archived"])
        return Reply({"error": "not found"}, 404)

    def _names(self, what: str, asked: Asked) -> Any:
        ids = asked.query.get("ids", "").split(",")
        return {
            "me": lambda: {"company_name": "Mill"},
            "users": lambda: [{"id": 5, "name": "Owner", "email": "owner@test.example"}],
            "stages": lambda: [{"id": 1, "name": "Demo"}, {"id": 2, "name": "Offer"}],
            "organizations": lambda: [{"id": int(known), "name": "Mill Ltd"} for known in ids],
        }[what]()

    def _list(self, asked: Asked, *, archived: bool) -> Reply:
        deleted = asked.query.get("status") == "deleted"
        since = asked.query.get("updated_since", "")
        found = sorted(
            known
            for known, deal in self.deals.items()
            if deal["is_deleted"] is deleted
            and (deleted or deal["is_archived"] is archived)
            and deal["update_time"] >= since
        )
        return self._page([self.deals[known] for known in found], asked, int(asked.query["limit"]))

    def _changelog(self, deal_id: int, asked: Asked) -> Reply:
        if deal_id not in self.deals:
            return Reply({"error": "Deal not found"}, 404)
        return self._page(self.log.get(deal_id, []), asked, self.changes_at_once)

    def _page(self, entries: list[dict[str, Any]], asked: Asked, limit: int) -> Reply:
        begin = int(base64.b64decode(asked.query["cursor"])) if "cursor" in asked.query else 0
        page = entries[begin : begin + limit]
        more = begin + limit < len(entries)
        following = base64.b64encode(str(begin + limit).encode()).decode() if more else None
        return Reply({"success": True, "data": page, "additional_data": {"next_cursor": following}})

"""Stands in for Teamleader, from its published API Blueprint."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.crm_servers.server import Asked, CrmServer, Reply

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
_NAMES: dict[str, list[dict[str, Any]]] = {
    "dealPhases": [{"id": "p1", "name": "Nieuw"}, {"id": "p2", "name": "Offerte verstuurd"}],
    "users": [{"id": "u1", "first_name": "Owner", "last_name": "", "email": "owner@test.example"}],
    "lostReasons": [{"id": "r1", "name": "Price"}],
    "companies": [{"id": "c1", "name": "Mill Ltd"}],
    "contacts": [{"id": "k1", "first_name": "Kim", "last_name": "Mill"}],
}


class TeamleaderServer(CrmServer):
    """Deals with the history of their phases; a refresh token works once."""

    system = "teamleader"
    token_path = "/oauth2/access_token"

    def __init__(self) -> None:
        super().__init__()
        self.deals: dict[str, dict[str, Any]] = {}
        self.now = START

    @staticmethod
    def id_of(number: int) -> str:
        """Give an id as Teamleader makes them."""
        return f"{number:08x}-0000-4000-8000-000000000000"

    def put(self, number: int, phase: str = "p1", **fields: Any) -> None:
        """Make a deal, or change it."""
        self.now += timedelta(minutes=1)
        known = self.id_of(number)
        deal = self.deals.setdefault(
            known,
            {
                "id": known, "title": f"Deal {number}", "status": "open",
                "lead": {"customer": {"type": "company", "id": "c1"}},
                "estimated_value": {"amount": 1000, "currency": "EUR"},
                "estimated_closing_date": "2026-03-31", "closed_at": None, "lost_reason": None,
                "responsible_user": {"type": "user", "id": "u1"},
                "phase_history": [], "created_at": self._iso(),
            },
        )  # fmt: skip
        if deal.get("current_phase") != {"type": "dealPhase", "id": phase}:
            deal["current_phase"] = {"type": "dealPhase", "id": phase}
            started = {"phase": {"id": phase}, "started_by": {"id": "u1"}}
            deal["phase_history"].append(
                {**started, "started_at": self.now.strftime("%Y-%m-%d %H:%M:%S")}
            )
        deal |= {**fields, "updated_at": self._iso()}

    def _iso(self) -> str:
        return self.now.isoformat(timespec="seconds")

    def answer(self, asked: Asked) -> Reply:
        """Answer as `api.focus.teamleader.eu` does."""
        if asked.path == "/users.me":
            return Reply({"data": {"first_name": "Admin", "last_name": "Mill"}})
        if asked.path == "/deals.info":
            deal = self.deals.get(asked.body["id"])
            return Reply({"data": deal}) if deal else Reply({"errors": []}, 404)
        if asked.path == "/deals.list":
            return self._page(self._deals(asked.body), asked)
        what = asked.path.strip("/").removesuffix(".list")
        if what not in _NAMES:
            return Reply({"errors": []}, 404)
        return self._page(_NAMES[what], asked)

    def _deals(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        wanted = body.get("filter") or {}
        found = [
            deal
            for deal in self.deals.values()
            if ("ids" not in wanted or deal["id"] in wanted["ids"])
            and deal["updated_at"] >= wanted.get("updated_since", "")
            and deal["created_at"] <= wanted.get("created_before", "9")
        ]
        return sorted(found, key=lambda deal: (deal["created_at"], deal["id"]), reverse=True)

    def _page(self, entries: list[dict[str, Any]], asked: Asked) -> Reply:
        page = asked.body.get("page", {"size": 20, "number": 1})
        assert page["size"] <= 100
        begin = (page["number"] - 1) * page["size"]
        return Reply({"data": entries[begin : begin + page["size"]]})

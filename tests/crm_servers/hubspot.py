"""Stands in for HubSpot, from its published OpenAPI description."""

from __future__ import annotations

from typing import Any

from tests.crm_servers.server import Asked, CrmServer, Reply

START = 1_767_600_000_000  # 5 January 2026
_DEALS = "/crm/v3/objects/0-3"


def _stage(key: str, label: str, probability: str) -> dict[str, Any]:
    closed = "true" if probability in {"0.0", "1.0"} else "false"
    metadata = {"isClosed": closed, "probability": probability}
    return {"id": key, "label": label, "metadata": metadata}


PIPELINES = [
    {
        "id": "default",
        "label": "Sales",
        "stages": [
            _stage("s1", "Demo", "0.2"),
            _stage("s2", "Offer", "0.6"),
            _stage("s3", "Closed won", "1.0"),
            _stage("s4", "Closed lost", "0.0"),
        ],
    }
]


class HubSpotServer(CrmServer):
    """Deals with the history of their properties."""

    system = "hubspot"
    token_path = "/oauth/v1/token"
    archived_at_once = 2

    def __init__(self) -> None:
        super().__init__()
        self.deals: dict[int, dict[str, Any]] = {}
        self.now = START

    def put(self, deal_id: int, stage: str = "s1", **properties: str) -> None:
        """Make a deal, or change it: what changes comes in its history."""
        self.now += 60_000
        deal = self.deals.setdefault(
            deal_id,
            {
                "properties": {"dealname": f"Deal {deal_id}", "createdate": self._iso()},
                "history": {},
                "archived": False,
            },
        )
        for name, value in {"dealstage": stage, **properties}.items():
            if deal["properties"].get(name) != value:
                deal["properties"][name] = value
                entry = {"value": value, "timestamp": self._iso(), "sourceType": "CRM_UI"}
                deal["history"].setdefault(name, []).insert(0, entry)
        deal["modified"] = self.now

    def archive(self, deal_id: int) -> None:
        """Put a deal in the bin."""
        self.now += 60_000
        self.deals[deal_id] |= {"archived": True, "archivedAt": self._iso()}

    def merge(self, new_id: int, *old: int) -> None:
        """Make one deal of several: a new one, as HubSpot does."""
        self.put(new_id, hs_merged_object_ids=";".join(map(str, old)))
        for known in old:
            del self.deals[known]

    def _iso(self) -> str:
        from datetime import UTC, datetime

        return datetime.fromtimestamp(self.now / 1000, UTC).isoformat().replace("+00:00", "Z")

    def answer(self, asked: Asked) -> Reply:
        """Answer as `api.hubapi.com` does."""
        if asked.method == "POST":
            return self._post(asked)
        match asked.path:
            case "/account-info/v3/details":
                return Reply({"portalId": 4711, "uiDomain": "app.hubspot.com"})
            case "/crm/v3/pipelines/deals":
                return Reply({"results": PIPELINES})
            case "/crm/v3/owners":
                gone = asked.query.get("archived") == "true"
                owner = {
                    "id": "9",
                    "firstName": "Owner",
                    "lastName": "",
                    "email": "owner@test.example",
                }
                return Reply({"results": [] if gone else [owner]})
            case "/crm/v3/objects/0-3":
                return self._listed(asked)
        return Reply({"message": "not found"}, 404)

    def _post(self, asked: Asked) -> Reply:
        ids = [int(entry["id"]) for entry in asked.body.get("inputs", ())]
        match asked.path:
            case "/crm/v3/objects/0-3/search":
                return self._search(asked.body)
            case "/crm/v3/objects/0-3/batch/read":
                if len(ids) > 50:
                    return Reply({"message": "too many with history"}, 400)
                return Reply({"results": [self._object(k) for k in ids if k in self.deals]})
            case "/crm/v4/associations/0-3/companies/batch/read":
                found = [{"from": {"id": str(k)}, "to": [{"toObjectId": 500}]} for k in ids]
                return Reply({"results": found}, 207)
            case "/crm/v3/objects/companies/batch/read":
                return Reply({"results": [{"id": "500", "properties": {"name": "Mill Ltd"}}]})
        return Reply({"message": "not found"}, 404)

    def _search(self, body: dict[str, Any]) -> Reply:
        found = sorted(known for known, deal in self.deals.items() if not deal["archived"])
        for wanted in body["filterGroups"][0]["filters"]:
            value = int(wanted["value"])
            if wanted["propertyName"] == "hs_object_id":
                found = [known for known in found if known > value]
            else:
                found = [known for known in found if self.deals[known]["modified"] >= value]
        page = found[: body["limit"]]
        return Reply({"total": len(found), "results": [{"id": str(known)} for known in page]})

    def _listed(self, asked: Asked) -> Reply:
        wanted = asked.query.get("archived") == "true"
        after = int(asked.query.get("after", 0))
        found = sorted(
            known
            for known, deal in self.deals.items()
            if deal["archived"] is wanted and known > after
        )
        page = found[: self.archived_at_once]
        answer: dict[str, Any] = {"results": [self._object(known) for known in page]}
        if len(found) > len(page):
            answer["paging"] = {"next": {"after": str(page[-1])}}
        return Reply(answer)

    def _object(self, deal_id: int) -> dict[str, Any]:
        deal = self.deals[deal_id]
        return {
            "id": str(deal_id),
            "archived": deal["archived"],
            "archivedAt": deal.get("archivedAt"),
            "createdAt": deal["properties"]["createdate"],
            "properties": deal["properties"],
            "propertiesWithHistory": deal["history"],
        }

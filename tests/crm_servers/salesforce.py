"""Stands in for Salesforce: SOQL over opportunities and their history, as its REST API answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.crm_servers.server import Asked, CrmServer, Reply

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
_API = "/services/data/v61.0"
_STAGES = [
    {"MasterLabel": "Prospecting", "IsClosed": False, "IsWon": False},
    {"MasterLabel": "Proposal", "IsClosed": False, "IsWon": False},
    {"MasterLabel": "Closed Won", "IsClosed": True, "IsWon": True},
    {"MasterLabel": "Afgevallen", "IsClosed": True, "IsWon": False},
]
_CLOSED = {stage["MasterLabel"]: (stage["IsClosed"], stage["IsWon"]) for stage in _STAGES}


class SalesforceServer(CrmServer):
    """Opportunities; answers come in parts, each with the address of the next."""

    system = "salesforce"
    token_path = "/services/oauth2/token"
    at_once = 40
    own_fields = ("Loss_Reason__c",)

    def __init__(self) -> None:
        super().__init__()
        self.deals: dict[str, dict[str, Any]] = {}
        self.history: list[dict[str, Any]] = []
        self.now = START
        self._rest: dict[str, list[dict[str, Any]]] = {}

    @staticmethod
    def id_of(number: int) -> str:
        """Give an id of 18 characters."""
        return f"006{number:012d}AAA"

    def put(self, number: int, **fields: Any) -> None:
        """Make an opportunity, or change it: each change leaves a snapshot."""
        self.now += timedelta(minutes=1)
        known = self.id_of(number)
        deal = self.deals.setdefault(
            known,
            {
                "Id": known, "Name": f"Deal {number}", "Account": {"Name": "Mill Ltd"},
                "Owner": {"Name": "Owner", "Email": "owner@test.example"},
                "StageName": "Prospecting", "Amount": 1000.0, "CloseDate": "2026-03-31",
                "CreatedDate": self._iso(), "NextStep": None, "IsDeleted": False,
                "Loss_Reason__c": None,
            },
        )  # fmt: skip
        deal |= fields
        deal["IsClosed"], deal["IsWon"] = _CLOSED[deal["StageName"]]
        deal["SystemModstamp"] = self._iso()
        shot = {name: deal[name] for name in ("StageName", "Amount", "CloseDate")}
        self.history.append(
            {
                **shot,
                "OpportunityId": known,
                "CreatedDate": self._iso(),
                "CreatedBy": {"Name": "Owner"},
            }
        )

    def tokens(self, asked: Asked) -> Reply:
        """Name the organisation's own address; ask for the proof that goes with a code."""
        given = super().tokens(asked)
        first = asked.body.get("grant_type") == "authorization_code"
        if given.status != 200 or (first and not asked.body.get("code_verifier")):
            return Reply({"error": "invalid_grant"}, 400)
        body = {name: given.body[name] for name in ("access_token", "refresh_token")}
        return Reply({**body, "instance_url": "https://mill.my.salesforce.com"})

    def answer(self, asked: Asked) -> Reply:
        """Answer as the REST API does."""
        if asked.path == f"{_API}/sobjects/Opportunity/describe":
            names = ("Id", "Name", "StageName", *self.own_fields)
            return Reply({"fields": [{"name": name} for name in names]})
        if asked.path in {f"{_API}/query", f"{_API}/queryAll"}:
            return self._part(self._found(asked.query["q"], asked.path.endswith("All")))
        if asked.path in self._rest:
            return self._part(self._rest.pop(asked.path))
        return Reply([{"errorCode": "NOT_FOUND"}], 404)

    def _found(self, question: str, everything: bool) -> list[dict[str, Any]]:
        table = re.search(r"FROM (\w+)", question)[1]  # type: ignore[index]  # every question has one
        if table == "Organization":
            return [{"Name": "Mill"}]
        if table == "OpportunityStage":
            return _STAGES
        if table == "OpportunityHistory":
            ids = set(re.findall(r"'(\w+)'", question))
            return [shot for shot in self.history if shot["OpportunityId"] in ids]
        after = re.search(r"Id > '(\w+)'", question)
        since = re.search(r"SystemModstamp >= (\S+)", question)
        found = [
            deal
            for known, deal in sorted(self.deals.items())
            if (everything or not deal["IsDeleted"])
            and (not after or known > after[1])
            and (not since or self._at(deal["SystemModstamp"]) >= self._at(since[1]))
        ]
        return found[: int(re.search(r"LIMIT (\d+)", question)[1])]  # type: ignore[index]  # see above

    def _part(self, records: list[dict[str, Any]]) -> Reply:
        answer: dict[str, Any] = {"records": records[: self.at_once], "done": True}
        if len(records) > self.at_once:
            path = f"{_API}/query/01g-{len(self._rest)}-{len(self.asked)}"
            self._rest[path] = records[self.at_once :]
            answer |= {"done": False, "nextRecordsUrl": path}
        return Reply(answer)

    def _iso(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%S.000+0000")

    @staticmethod
    def _at(text: str) -> datetime:
        return datetime.fromisoformat(text)

"""Payloads of the four APIs, in the shapes their makers publish, read as deals and events."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiegel.crm.payloads import (
    Book,
    Person,
    Phase,
    Told,
    hubspot,
    pipedrive,
    salesforce,
    teamleader,
)
from spiegel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PIPELINES = [
    {
        "label": "Sales",
        "stages": [
            {"id": "1", "label": "Demo", "metadata": {"isClosed": "false", "probability": "0.2"}},
            {"id": "2", "label": "Closed", "metadata": {"isClosed": "true", "probability": "1.0"}},
            {"id": "3", "label": "Gone", "metadata": {"isClosed": "true", "probability": "0.0"}},
        ],
    },
    {
        "label": "Partners",
        "stages": [
            {"id": "4", "label": "Closed", "metadata": {"isClosed": "true", "probability": "0.0"}}
        ],
    },
]


def happened(told: Told) -> list[tuple[str, str, str, str]]:
    """The events, as day, kind, before and after."""
    return [
        (event.at.date().isoformat(), event.kind, event.before, event.after)
        for event in told.events
    ]


def entry(value: str, at: str) -> dict[str, Any]:
    return {"value": value, "timestamp": at, "sourceType": "CRM_UI"}


HUBSPOT_DEAL: dict[str, Any] = {
    "id": "71",
    "archived": False,
    "createdAt": "2026-01-05T08:00:00Z",
    "properties": {
        "dealname": "Mill",
        "dealstage": "3",
        "amount": "1250.5",
        "deal_currency_code": "EUR",
        "closedate": "2026-05-02T22:30:00Z",
        "createdate": "2026-01-05T08:00:00Z",
        "hubspot_owner_id": "9",
        "closed_lost_reason": "Price",
        "hs_merged_object_ids": "68;69",
    },
    "propertiesWithHistory": {
        "dealstage": [
            entry("3", "2026-05-02T22:30:00Z"),
            entry("1", "2026-01-05T08:00:00Z"),
        ],
        "closedate": [
            entry("2026-05-02T22:30:00Z", "2026-04-01T10:00:00Z"),
            entry("2026-03-31T12:00:00Z", "2026-01-05T08:00:00Z"),
        ],
        "amount": [entry("1250.5", "2026-02-01T09:00:00Z"), entry("900", "2026-01-05T08:00:00Z")],
    },
}


def hubspot_book() -> Book:
    return Book(
        zone=AMSTERDAM,
        stages=hubspot.stages(PIPELINES),
        people={"9": Person("Owner", "owner@test.example")},
    )


def test_hubspot_deal_with_its_history() -> None:
    told = hubspot.told(HUBSPOT_DEAL, hubspot_book(), "Mill Ltd")
    deal = told.deal
    assert (deal.external_id, deal.name, deal.account) == ("71", "Mill", "Mill Ltd")
    assert (deal.stage, deal.stage_type, deal.reason) == ("Gone", "lost", "Price")
    assert (deal.amount, deal.currency) == (Decimal("1250.50"), "EUR")
    # Half past midnight in Amsterdam.
    assert (deal.closed_on, deal.expected_close_on) == (date(2026, 5, 3), None)
    assert (deal.owner, deal.owner_email) == ("Owner", "owner@test.example")
    assert happened(told) == [
        ("2026-01-05", "stage", "", "Demo"),
        ("2026-02-01", "amount", "900.00", "1250.50"),
        ("2026-04-01", "date", "2026-03-31", "2026-05-03"),
        ("2026-05-02", "stage", "Demo", "Gone"),
    ]
    assert told.merged == ("68", "69")


def test_one_name_of_two_hubspot_stages_means_one_thing() -> None:
    assert hubspot.stages(PIPELINES) == {
        "1": Phase("Demo", "open"),
        "2": Phase("Closed (Sales)", "won"),
        "3": Phase("Gone", "lost"),
        "4": Phase("Closed (Partners)", "lost"),
    }


PIPEDRIVE_DEAL: dict[str, Any] = {
    "id": 12,
    "title": "Mill",
    "owner_id": 5,
    "stage_id": 2,
    "status": "lost",
    "value": 1200,
    "currency": "EUR",
    "add_time": "2026-01-05T08:00:00Z",
    "lost_time": "2026-04-03T09:00:00Z",
    "expected_close_date": "2026-04-30",
    "lost_reason": "Too expensive",
}


def log(key: str, old: object, new: object, at: str) -> dict[str, Any]:
    return {"field_key": key, "old_value": old, "new_value": new, "time": at, "actor_user_id": 5}


CHANGELOG = [
    log("status", "open", "lost", "2026-04-03T09:00:00Z"),
    log("expected_close_date", "2026-03-31", "2026-04-30", "2026-03-30T09:00:00Z"),
    log("expected_close_date", None, "2026-03-31", "2026-01-06T09:00:00Z"),
    log("stage_id", "1", "2", "2026-02-01T09:00:00Z"),
    log("value", "1000", "1200", "2026-02-02T09:00:00Z"),
    log("title", "Mil", "Mill", "2026-02-03T09:00:00Z"),
]


def pipedrive_book() -> Book:
    return Book(
        zone=AMSTERDAM,
        stages={"1": Phase("Demo"), "2": Phase("Offer")},
        people={"5": Person("Owner", "owner@test.example")},
        won="Gewonnen",
        lost="Verloren",
    )


def test_pipedrive_deal_with_its_changelog() -> None:
    told = pipedrive.told(PIPEDRIVE_DEAL, CHANGELOG, pipedrive_book(), "Mill Ltd")
    deal = told.deal
    assert (deal.external_id, deal.stage, deal.stage_type) == ("12", "Verloren", "lost")
    assert (deal.closed_on, deal.expected_close_on) == (date(2026, 4, 3), date(2026, 4, 30))
    assert happened(told) == [
        ("2026-01-05", "stage", "", "Demo"),
        ("2026-02-01", "stage", "Demo", "Offer"),
        ("2026-02-02", "amount", "1000.00", "1200.00"),
        ("2026-03-30", "date", "2026-03-31", "2026-04-30"),
        ("2026-04-03", "stage", "Offer", "Verloren"),
    ]
    assert {event.author for event in told.events} == {"", "Owner"}


def test_a_pipedrive_deal_that_was_opened_again() -> None:
    again = {**PIPEDRIVE_DEAL, "status": "won", "won_time": "2026-05-01T09:00:00Z"}
    more = [
        log("status", "lost", "open", "2026-04-10T09:00:00Z"),
        log("status", "open", "won", "2026-05-01T09:00:00Z"),
    ]
    told = pipedrive.told(again, [*CHANGELOG, *more], pipedrive_book(), "")
    stages = [event for event in happened(told) if event[1] == "stage"]
    assert stages[2:] == [
        ("2026-04-03", "stage", "Offer", "Verloren"),
        ("2026-04-10", "stage", "Verloren", "Offer"),
        ("2026-05-01", "stage", "Offer", "Gewonnen"),
    ]
    assert (told.deal.stage_type, told.deal.reason) == ("won", "")


def test_a_parked_pipedrive_deal_is_no_lost_one() -> None:
    parked = {**PIPEDRIVE_DEAL, "lost_reason": "On hold"}
    told = pipedrive.told(parked, CHANGELOG, pipedrive_book(), "")
    assert (told.deal.stage, told.deal.stage_type) == ("On hold", "parked")
    assert happened(told)[-1] == ("2026-04-03", "stage", "Offer", "On hold")


@pytest.mark.parametrize("deleted", [{"status": "deleted"}, {"is_deleted": True}])
def test_a_deleted_pipedrive_deal(deleted: dict[str, Any]) -> None:
    assert pipedrive.is_gone({**PIPEDRIVE_DEAL, **deleted})
    assert not pipedrive.is_gone(PIPEDRIVE_DEAL)


SALESFORCE_DEAL: dict[str, Any] = {
    "Id": "0068d00000AbCdE",
    "Name": "Mill",
    "Account": {"Name": "Mill Ltd"},
    "Owner": {"Name": "Owner", "Email": "owner@test.example"},
    "StageName": "Afgevallen",
    "IsClosed": True,
    "IsWon": False,
    "Amount": 1200.0,
    "CloseDate": "2026-04-03",
    "CreatedDate": "2026-01-05T08:00:00.000+0000",
    "NextStep": None,
    "Loss_Reason__c": "Price",
}


def test_salesforce_opportunity_with_its_snapshots() -> None:
    first = {
        "StageName": "Prospecting", "Amount": 1000.0, "CloseDate": "2026-03-31",
        "CreatedDate": "2026-01-05T08:00:00.000+0000", "CreatedBy": {"Name": "Owner"},
    }  # fmt: skip
    moved = {**first, "CloseDate": "2026-04-03", "CreatedDate": "2026-03-01T08:00:00.000+0000"}
    ended = {**moved, "StageName": "Afgevallen", "CreatedDate": "2026-04-03T08:00:00.000+0000"}
    told = salesforce.told(
        SALESFORCE_DEAL, [ended, first, moved], Book(), reason_in="Loss_Reason__c"
    )
    assert (told.deal.external_id, told.deal.stage_type) == ("0068d00000AbCdEAAV", "lost")
    assert (told.deal.closed_on, told.deal.reason) == (date(2026, 4, 3), "Price")
    assert happened(told) == [
        ("2026-01-05", "stage", "", "Prospecting"),
        ("2026-03-01", "date", "2026-03-31", "2026-04-03"),
        ("2026-04-03", "stage", "Prospecting", "Afgevallen"),
    ]
    assert salesforce.is_gone({**SALESFORCE_DEAL, "IsDeleted": True})


def test_salesforce_stages_and_the_organisations_own_reason() -> None:
    records = [
        {"MasterLabel": "Prospecting", "IsClosed": False, "IsWon": False},
        {"MasterLabel": "Closed Won", "IsClosed": True, "IsWon": True},
        {"MasterLabel": "Closed Lost", "IsClosed": True, "IsWon": False},
    ]
    assert [stage.type for stage in salesforce.stages(records).values()] == ["open", "won", "lost"]
    assert salesforce.reason_field(["Name", "Loss_Reason__c"]) == "Loss_Reason__c"
    assert salesforce.reason_field(["Name", "LossReason"]) == ""


TEAMLEADER_DEAL: dict[str, Any] = {
    "id": "f6871b06-6513-4750-b5e6-ff3503b5a029",
    "title": "Mill",
    "status": "lost",
    "lead": {"customer": {"type": "company", "id": "c1"}},
    "estimated_value": {"amount": 123.3, "currency": "EUR"},
    "estimated_closing_date": "2026-04-30",
    "current_phase": {"type": "dealPhase", "id": "p2"},
    "responsible_user": {"type": "user", "id": "u1"},
    "closed_at": "2026-05-09T11:31:30+00:00",
    "created_at": "2026-01-05T11:25:11+00:00",
    "phase_history": [
        {"phase": {"id": "p1"}, "started_at": "2026-01-05 12:00:00", "started_by": None},
        {"phase": {"id": "p2"}, "started_at": "2026-02-01 12:00:00"},
    ],
    "lost_reason": {"reason": {"id": "r1"}, "remark": "Too expensive"},
}  # fmt: skip


def test_teamleader_deal_with_its_phases() -> None:
    book = Book(
        stages={"p1": Phase("Nieuw"), "p2": Phase("Offerte verstuurd")},
        people={"u1": Person("Owner", "owner@test.example")},
        accounts={"c1": "Mill Ltd"},
        reasons={"r1": "Price"},
        lost="Verloren",
    )
    told = teamleader.told(TEAMLEADER_DEAL, book)
    assert (told.deal.account, told.deal.stage, told.deal.stage_type) == (
        "Mill Ltd",
        "Verloren",
        "lost",
    )
    assert (told.deal.reason, told.deal.amount) == ("Price: Too expensive", Decimal("123.30"))
    assert happened(told) == [
        ("2026-01-05", "stage", "", "Nieuw"),
        ("2026-02-01", "stage", "Nieuw", "Offerte verstuurd"),
        ("2026-05-09", "stage", "Offerte verstuurd", "Verloren"),
    ]
    assert told.events[1].at == datetime(2026, 2, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"id": None}, "no-id"),
        ({"id": "x" * 101}, "id-too-long"),
        ({"stage_id": None, "status": "open"}, "no-stage"),
        ({"value": "much"}, "amount-unreadable"),
        ({"value": "NaN"}, "amount-unreadable"),
        ({"value": 10**12}, "amount-too-large"),
        ({"expected_close_date": "soon"}, "date-unreadable"),
        ({"expected_close_date": "0024-05-03"}, "year-unlikely"),
    ],
)
def test_what_cannot_be_taken_is_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as refused:
        pipedrive.told({**PIPEDRIVE_DEAL, **changed}, [], pipedrive_book(), "")
    assert refused.value.code == code


def test_empty_and_odd_values_are_nothing_to_fall_over() -> None:
    bare = {"id": 1, "stage_id": 9, "status": "open", "title": "A\x00B"}
    told = pipedrive.told(bare, [{}, {"time": None}], Book(), "")
    assert (told.deal.name, told.deal.stage, told.events) == ("AB", "9", ())
    alone = hubspot.told({"id": "1", "properties": {"dealstage": "7"}}, Book())
    assert (alone.deal.name, alone.deal.stage, alone.deal.stage_type) == ("–", "7", "open")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(["2026-05-03", "9" * 20, "1e999999", "\ud800", "NaN", "0001-01-01T00:00Z"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
READERS: dict[str, tuple[dict[str, Any], Callable[[dict[str, Any]], Told]]] = {
    "hubspot": (HUBSPOT_DEAL, lambda deal: hubspot.told(deal, hubspot_book())),
    "properties": (
        HUBSPOT_DEAL["properties"],
        lambda found: hubspot.told({**HUBSPOT_DEAL, "properties": found}, hubspot_book()),
    ),
    "history": (
        HUBSPOT_DEAL["propertiesWithHistory"],
        lambda found: hubspot.told(
            {**HUBSPOT_DEAL, "propertiesWithHistory": found}, hubspot_book()
        ),
    ),
    "pipedrive": (
        PIPEDRIVE_DEAL,
        lambda deal: pipedrive.told(deal, CHANGELOG, pipedrive_book(), ""),
    ),
    "changelog": (
        CHANGELOG[1],
        lambda entry: pipedrive.told(PIPEDRIVE_DEAL, [entry], pipedrive_book(), ""),
    ),
    "salesforce": (
        SALESFORCE_DEAL,
        lambda deal: salesforce.told(deal, [deal], Book(), reason_in="Loss_Reason__c"),
    ),
    "teamleader": (TEAMLEADER_DEAL, lambda deal: teamleader.told(deal, Book())),
}


@pytest.mark.parametrize("reader", READERS)
@given(data=st.data())
def test_whatever_an_api_sends_is_a_deal_or_refused(reader: str, data: st.DataObject) -> None:
    sample, read = READERS[reader]
    name = data.draw(st.sampled_from(sorted(sample)))
    try:
        told = read({**sample, name: data.draw(JSON)})
    except InputError:
        return
    assert told.deal.external_id
    told.deal.name.encode()
    assert all(event.at.tzinfo for event in told.events)

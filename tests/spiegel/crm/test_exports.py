"""A small export of every system, with made-up rows under real headers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from spiegel.crm import DealRow, Event, deals, events, read, systems, understand, understand_events

DATA = Path(__file__).parents[2] / "data" / "crm"
#: What a deal is in most of the files: the first row, and the last one.
MILL = {"stage_type": "won", "amount": Decimal(12500), "closed_on": date(2026, 3, 13)}
SHED = {"stage_type": "open", "amount": Decimal("1234.5"), "expected_close_on": date(2026, 6, 30)}

#: File to: system, encoding, delimiter, id of the first deal, types, first and last deal.
EXPORTS: dict[str, tuple[str, str, str, str, list[str], dict[str, Any], dict[str, Any]]] = {
    "salesforce_report.csv": (
        "salesforce", "utf-8", ",", "006bm00000LKJNNAA5", ["won", "lost", "open"],
        {**MILL, "currency": "USD", "created_on": date(2026, 1, 31), "owner": "Anna Visser"},
        {**SHED, "next_step": "Call Tuesday", "account": "Sheds Ltd"},
    ),
    "hubspot_nl.csv": (
        "hubspot", "utf-16", "\t", "101", ["won", "lost", "open"],
        {**MILL, "created_on": date(2026, 1, 31), "name": "Molen"}, SHED,
    ),
    "pipedrive_nl_excel.csv": (
        "pipedrive", "cp1252", ";", "1", ["won", "lost", "open"],
        {**MILL, "currency": "EUR", "account": "Café Zuid", "expected_close_on": date(2026, 2, 28)},
        {**SHED, "stage": "Gekwalificeerd"},
    ),
    "dynamics_en.csv": (
        "dynamics365", "utf-8", ",", "0f8fad5b-d9cb-469f-a165-70867728950e",
        ["won", "no_decision", "parked"], {**MILL, "created_on": date(2026, 1, 31)},
        {**SHED, "stage_type": "parked", "stage": "On Hold"},
    ),
    "odoo_nl.csv": (
        "odoo", "utf-8", ",", "__export__.crm_lead_1", ["won", "open"],
        {**MILL, "owner": "Anna Visser"}, SHED,
    ),
    "zoho.csv": (
        "zoho", "utf-8", ",", "zcrm_4150868000003192001", ["won", "lost", "open"],
        {**MILL, "reason": "", "created_on": date(2026, 1, 31), "owner": "Anna Visser"}, SHED,
    ),
    "bigin.csv": ("bigin", "utf-8", ",", "zcrm_1", ["won", "open"], MILL, SHED),
    "teamleader_nl.csv": (
        "teamleader", "utf-8", ";", "2026/1", ["won", "lost", "open"],
        {**MILL, "currency": "EUR", "probability": Decimal(100)}, SHED,
    ),
    "frappe.csv": (
        "frappe", "utf-8", ",", "CRM-DEAL-2026-00001", ["won", "lost"],
        {**MILL, "name": "Mills & Co", "created_on": date(2026, 1, 31)},
        {"reason": "Pricing", "owner": "anna@example.com"},
    ),
    "espocrm_nl.csv": (
        "espocrm", "utf-8", ",", "a1", ["won", "open"], {**MILL, "currency": "EUR"}, SHED,
    ),
    "sales_pipeline.csv": (
        "sales_pipeline", "utf-8", ",", "T0000001",
        ["won", "lost", "won", "open", "lost", "open"], {"amount": Decimal(1200)}, {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_reads_to_its_deals(name: str) -> None:
    system, encoding, delimiter, external_id, kinds, first, last = EXPORTS[name]
    table = read(DATA / name)
    found = understand(table)
    assert (found.reading.system, found.encoding, found.delimiter) == (system, encoding, delimiter)
    assert (found.rejections, found.missing, found.unknown_stages) == ((), (), ())
    rows = [deal for deal in deals(table, found.reading) if isinstance(deal, DealRow)]
    assert rows[0].external_id == external_id
    assert sorted(deal.stage_type for deal in rows) == sorted(kinds)
    assert {key: getattr(rows[0], key) for key in first} == first
    assert {key: getattr(rows[-1], key) for key in last} == last


def test_every_system_has_an_export_here() -> None:
    assert systems().keys() - {entry[0] for entry in EXPORTS.values()} == {"generic", "leads"}


def test_what_a_salesforce_report_ends_with_is_told() -> None:
    codes = {
        doubt.code: doubt.data
        for doubt in understand(read(DATA / "salesforce_report.csv")).warnings
    }
    assert codes["footer"] == {"count": 6, "lines": "6, 7, 8, 9, 10 …"}


def test_hubspot_columns_tell_when_stages_were_entered() -> None:
    table = read(DATA / "hubspot_nl.csv")
    mill = next(deals(table, understand(table).reading))
    assert isinstance(mill, DealRow)
    assert [(entry.stage, entry.at.isoformat()) for entry in mill.history] == [
        ("Afspraak gepland", "2026-02-02T10:00:00"),
        ("Contract verzonden", "2026-03-01T11:30:00"),
    ]


def test_salesforce_history_tells_of_stages_dates_and_amounts() -> None:
    table = read(DATA / "salesforce_history.csv")
    found = understand_events(table)
    assert found.kinds == {"stage": 3, "date": 2, "amount": 1}
    told = [entry for entry in events(table, found.reading) if isinstance(entry, Event)]
    assert [(event.kind, event.before, event.after) for event in told[-2:]] == [
        ("amount", "12000", "12500"),
        ("date", "2026-03-31", "2026-03-13"),
    ]


def test_activities_are_joined_by_the_name_of_the_deal() -> None:
    table = read(DATA / "activities_nl.csv")
    found = understand_events(table)
    assert (found.kinds, found.deals) == ({"call": 1, "mail": 1, "task": 1}, 2)

"""Real exports, beside the repository, read with the counts that their README states."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from spiegel.crm import (
    DealRow,
    Table,
    deals,
    events,
    read,
    tells_events,
    understand,
    understand_events,
)
from spiegel.crm.inspect import inspect
from spiegel.errors import InputError

SHARED = Path(os.environ.get("SPIEGEL_SHARED", Path(__file__).parents[4] / "shared"))
DATA = SHARED / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not on this machine")

#: File to: system, rows, deals, stage types, order of dates.
FILES: dict[str, tuple[str, int, int, dict[str, int], str]] = {
    "bpic2012/deals.csv": (
        "generic", 13_087, 13_087,
        {"lost": 7_635, "no_decision": 2_807, "won": 2_246, "open": 399}, "ymd",
    ),
    "salvirt_b2b/Salvirt_B2B_ML_dataset.csv": (
        "generic", 448, 448, {"won": 227, "lost": 221}, "ymd",
    ),
    "salvirt_b2b/Salvirt_B2B_ML_dataset_HF.csv": (
        "generic", 448, 448, {"won": 227, "lost": 221}, "ymd",
    ),
    "xeducation_leads/Leads.csv": (
        "leads", 9_240, 9_240, {"won": 3_561, "unknown": 5_679}, "ymd",
    ),
    # 17,627 won and 60,398 lost rows; of 196 rows the number came before.
    "ibm_win_loss/WA_Fn-UseC_-Sales-Win-Loss.csv": (
        "generic", 78_025, 77_829, {"won": 17_548, "lost": 60_281}, "ymd",
    ),
    "maven_crm/sales_pipeline.csv": (
        "sales_pipeline", 8_800, 8_800, {"won": 4_238, "lost": 2_473, "open": 2_089}, "ymd",
    ),
    "maven_crm/us_date_variant/sales_pipeline.csv": (
        "sales_pipeline", 8_800, 8_800, {"won": 4_238, "lost": 2_473, "open": 2_089}, "mdy",
    ),
    "salesforce_dev_org/Opportunity.csv": (
        "salesforce", 36, 36, {"won": 12, "lost": 8, "open": 16}, "mdy",
    ),
    "zoho_sample/Potentials.csv": (
        "zoho", 3_632, 3_632, {"won": 1_425, "lost": 485, "open": 1_722}, "dmy",
    ),
    "crm_benchmark/d1_deals.csv": (
        "generic", 207, 207, {"won": 31, "lost": 39, "open": 137}, "ymd",
    ),
    "crm_benchmark/d3_records.csv": (
        "generic", 217, 62, {"won": 9, "lost": 15, "open": 38}, "ymd",
    ),
    "crm_headers/fivetran_salesforce/sf_opportunity_data.csv": ("salesforce", 10, 0, {}, "ymd"),
    "crm_headers/fivetran_hubspot/deal_data.csv": ("hubspot", 44, 0, {}, "ymd"),
}  # fmt: skip

#: File with what happened to: rows, events, deals, kinds.
EVENTS: dict[str, tuple[int, int, int, dict[str, int]]] = {
    "bpic2012/stage_history.csv": (92_093, 92_093, 13_087, {"stage": 92_093}),
    "bpic2012/activities.csv": (170_107, 170_107, 9_658, {"note": 170_107}),
    "salesforce_dev_org/OpportunityHistory.csv": (48, 55, 36, {"stage": 48, "date": 7}),
    "zoho_sample/Calls.csv": (4_100, 1_489, 331, {"call": 1_489}),
    "zoho_sample/Events.csv": (2_978, 1_334, 496, {"meeting": 1_334}),
    "zoho_sample/Tasks.csv": (2_978, 0, 0, {}),
}

#: Files of something else: what they lack is said, and nothing is taken for a deal.
OTHERS = (
    "crm_benchmark/d2_emails.csv",
    "crm_benchmark/d4_reps.csv",
    "crm_benchmark/d5_performance.csv",
    "crm_headers/crm_deal_headers.csv",
    "maven_crm/accounts.csv",
    "maven_crm/data_dictionary.csv",
    "maven_crm/products.csv",
    "maven_crm/sales_teams.csv",
    "salesforce_dev_org/Account.csv",
    "zoho_sample/Accounts.csv",
    "zoho_sample/Quotes.csv",
    "zoho_sample/Users.csv",
)


@cache
def table(name: str) -> Table:
    return read(DATA / name)


def told(name: str, today: date | None = None) -> dict[str, Any]:
    """What is said of a file: code to its figures."""
    return {doubt.code: doubt.data for doubt in understand(table(name), today=today).warnings}


@pytest.mark.parametrize("name", FILES)
def test_every_file_of_deals_reads_with_its_counts(name: str) -> None:
    system, rows, count, kinds, order = FILES[name]
    found = understand(table(name))
    assert (found.reading.system, found.rows, found.deals) == (system, rows, count)
    assert {kind: number for kind, number in found.stage_types.items() if number} == kinds
    assert found.dates.choice == order
    assert found.rows == found.deals + found.rejected


@pytest.mark.parametrize("name", EVENTS)
def test_every_file_of_events_reads_with_its_counts(name: str) -> None:
    rows, count, deal_count, kinds = EVENTS[name]
    assert tells_events(table(name))
    found = understand_events(table(name))
    assert (found.rows, found.events, found.deals, found.kinds) == (
        rows, count, deal_count, kinds,
    )  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_of_something_else_says_what_it_lacks(name: str) -> None:
    found = inspect(DATA / name)
    assert (found["deals"], found["warnings"][0]["code"]) == (0, "column-missing")


def test_a_page_under_the_name_of_a_table_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        table("xeducation_leads/NEGATIVE_github_html_saved_as.csv")
    assert refused.value.code == "html"


def test_no_other_file_in_the_folder_crashes() -> None:
    covered = {DATA / name for name in (*FILES, *EVENTS, *OTHERS)}
    for file in sorted(set(DATA.rglob("*.csv")) - covered):
        try:
            found = inspect(file, date(2026, 11, 28))
        except InputError as refused:
            assert refused.message.endswith(".")  # noqa: PT017  (either is fine, and both are looked at)
        else:
            assert found["rows"] > 0


def test_pipeline_amounts_and_cycles() -> None:
    found = understand(table("maven_crm/sales_pipeline.csv"))
    assert found.amount_total == Decimal(10_005_534)
    assert found.period == (date(2016, 10, 20), date(2017, 12, 31))
    assert "no-reason-column" in told("maven_crm/sales_pipeline.csv")
    entries = deals(table("maven_crm/sales_pipeline.csv"), found.reading)
    open_deals = [d for d in entries if isinstance(d, DealRow) and d.stage_type == "open"]
    assert sum(not deal.account for deal in open_deals) == 1_425
    assert {deal.amount for deal in open_deals} == {None}
    american = understand(table("maven_crm/us_date_variant/sales_pipeline.csv"))
    assert american.dates.against == 0


def test_win_loss_rows_that_come_twice_are_rejected_with_the_line_of_the_first() -> None:
    found = understand(table("ibm_win_loss/WA_Fn-UseC_-Sales-Win-Loss.csv"))
    assert Counter(row.code for row in found.rejections) == {"id-twice": 196}
    assert found.amounts_by_currency.keys() == {"USD"}
    entries = deals(table("ibm_win_loss/WA_Fn-UseC_-Sales-Win-Loss.csv"), found.reading)
    competitors = {d.extra.get("Competitor Type") for d in entries if isinstance(d, DealRow)}
    assert competitors == {"Unknown", "Known", "None"}  # "None" is a value


def test_rows_without_an_id_are_never_merged() -> None:
    for name in ("Salvirt_B2B_ML_dataset.csv", "Salvirt_B2B_ML_dataset_HF.csv"):
        said = told(f"salvirt_b2b/{name}")
        assert said["rows-equal"]["count"] == 83
        assert "no-id-column" in said
        assert table(f"salvirt_b2b/{name}").delimiter == ";"


def test_select_means_that_nothing_was_chosen_and_tags_are_reasons() -> None:
    name = "xeducation_leads/Leads.csv"
    found = understand(table(name))
    assert found.header[-1] == "column 38"
    reasons = Counter(d.reason for d in deals(table(name), found.reading) if isinstance(d, DealRow))
    assert (reasons["Ringing"], reasons["Lost to EINS"], reasons["Select"]) == (1_203, 175, 0)


def test_contradictions_of_the_zoho_sample() -> None:
    said = told("zoho_sample/Potentials.csv", date(2021, 4, 16))
    assert said["won-probability"]["count"] == 859
    assert said["open-probability"]["count"] == 905
    assert said["expected-above-amount"]["count"] == 2_060
    assert said["overdue"]["count"] + said["overdue-by-a-year"]["count"] == 1_540


def test_history_of_the_salesforce_org_joins_its_deals() -> None:
    found = understand(table("salesforce_dev_org/Opportunity.csv"))
    entries = deals(table("salesforce_dev_org/Opportunity.csv"), found.reading)
    ids = {deal.external_id for deal in entries if isinstance(deal, DealRow)}
    history = table("salesforce_dev_org/OpportunityHistory.csv")
    reading = understand_events(history).reading
    assert {event.deal_id for event in events(history, reading)} == ids  # type: ignore[union-attr]  # none is rejected


def test_every_known_header_is_recognised_where_a_deal_has_it() -> None:
    """Headers seen in public exports map to the fields they hold."""
    wanted = {
        "pipedrive": {"external_id": "Deal - ID", "name": "Deal - Title", "owner": "Deal - Owner",
                      "amount": "Deal - Value", "status": "Deal - Status", "stage": "Deal - Stage",
                      "account": "Deal - Organization", "reason": "Deal - Lost reason",
                      "expected_close_on": "Deal - Expected close date",
                      "closed_on": "Deal - Deal closed on", "created_on": "Deal - Deal created"},
        "hubspot": {"external_id": "Record ID", "name": "Deal Name", "stage": "Deal Stage",
                    "amount": "Amount", "close_date": "Close Date", "created_on": "Create Date",
                    "owner": "Deal owner", "reason": "Closed lost reason",
                    "account": "Associated Company", "next_step": "Next step"},
        "dynamics365": {"external_id": "(Do Not Modify) Opportunity", "name": "Topic",
                        "status": "Status", "reason": "Status Reason", "amount": "Est. Revenue",
                        "stage": "Pipeline Phase", "closed_on": "Actual Close Date"},
        "salesforce_api": {"external_id": "Id", "name": "Name", "stage": "StageName",
                           "account": "Account.Name", "owner": "Owner.Name", "is_won": "IsWon"},
        "zoho": {"name": "Potential Name", "owner": "Potential Owner", "stage": "Stage",
                 "close_date": "Closing Date", "external_id": "LEADID"},
    }  # fmt: skip
    known = table("crm_headers/crm_deal_headers.csv")
    for crm, fields in wanted.items():
        header = dict.fromkeys(row.cells[1] for row in known.rows if row.cells[0] == crm)
        text = ",".join(f'"{name}"' for name in header) + "\n" + "x," * len(header) + "\n"
        mapping = understand(read(text.encode())).reading.mapping
        assert {field: mapping.get(field) for field in fields} == fields, crm

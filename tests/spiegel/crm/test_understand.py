"""What is understood of a file, and which rows become deals."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from spiegel.crm import Answers, DealRow, Rejection, Table, deals, read, understand
from spiegel.errors import InputError

DATA = Path(__file__).parents[2] / "data" / "crm"
SHARED = Path(os.environ.get("SPIEGEL_SHARED", Path(__file__).parents[4] / "shared"))
REAL = SHARED / "data" / "maven_crm" / "sales_pipeline.csv"


def table(text: str) -> Table:
    return read(text.encode())


def entries(text: str, answers: Answers | None = None) -> list[DealRow | Rejection]:
    read_table = table(text)
    return list(deals(read_table, understand(read_table, answers).reading))


def rejected(text: str) -> list[tuple[int, str]]:
    return [(row.line, row.code) for row in entries(text) if isinstance(row, Rejection)]


def test_a_sales_pipeline_is_understood_as_it_is() -> None:
    found = understand(read((DATA / "sales_pipeline.csv").read_bytes())).to_dict()
    assert found == {
        "system": "sales_pipeline",
        "encoding": "utf-8",
        "delimiter": ",",
        "rows": 6,
        "deals": 6,
        "stage_types": {
            "open": 2, "won": 2, "lost": 2, "no_decision": 0, "parked": 0, "unknown": 0,
        },
        "rejected": [],
        "date_order": "ymd",
        "decimal_sign": ".",
        "mapping": {
            "external_id": "opportunity_id",
            "account": "account",
            "product": "product",
            "owner": "sales_agent",
            "stage": "deal_stage",
            "amount": "close_value",
            "created_on": "engage_date",
            "close_date": "close_date",
        },
        "warnings": [
            {
                "code": "no-reason-column",
                "text": "There is no column that says why a deal was lost; "
                "Spiegel does not make one up.",
            },
            {
                "code": "name-derived",
                "text": "There is no column with names of deals; they are named after "
                "account, product.",
            },
        ],
        "missing": [],
        "stages": [
            {"name": "Won", "type": "won", "deals": 2},
            {"name": "Lost", "type": "lost", "deals": 2},
            {"name": "Engaging", "type": "open", "deals": 1},
            {"name": "Prospecting", "type": "open", "deals": 1},
        ],
        "period": ["2025-01-10", "2025-04-11"],
        "amount_total": "3600",
        "amounts": {"": "3600"},
        "lost_reasons": {},
        "history": 0,
        "keys": [],
        "owners": {"Anna Visser": 3, "Bram Kok": 3},
    }  # fmt: skip


def test_its_rows_become_deals() -> None:
    read_table = read((DATA / "sales_pipeline.csv").read_bytes())
    first, *_, last_but_two, _, _ = deals(read_table, understand(read_table).reading)
    assert first == DealRow(
        line=2,
        external_id="T0000001",
        name="Mill House, Kiln Basic",
        account="Mill House",
        product="Kiln Basic",
        owner="Anna Visser",
        owner_email="",
        stage="Won",
        stage_type="won",
        amount=Decimal(1200),
        currency="",
        created_on=date(2025, 1, 10),
        expected_close_on=None,
        closed_on=date(2025, 2, 20),
        reason="",
        next_step="",
    )
    assert isinstance(last_but_two, DealRow)
    assert (last_but_two.stage, last_but_two.created_on) == ("Prospecting", None)


@pytest.mark.skipif(not REAL.exists(), reason="the real file is not on this machine")
def test_the_real_sales_pipeline() -> None:
    found = understand(read(REAL.read_bytes()))
    assert [(stage.name, stage.deals) for stage in found.stages] == [
        ("Won", 4238), ("Lost", 2473), ("Engaging", 1589), ("Prospecting", 500),
    ]  # fmt: skip
    assert (found.deals, found.rejections, found.amount_total) == (8800, (), Decimal(10_005_534))


@pytest.mark.skipif(not REAL.exists(), reason="the real file is not on this machine")
def test_the_same_deals_with_american_dates_read_the_same() -> None:
    american = read((REAL.parent / "us_date_variant" / "sales_pipeline.csv").read_bytes())
    iso = read(REAL.read_bytes())
    found = understand(american)
    assert (found.dates.choice, found.dates.against, found.dates.is_sure) == ("mdy", 0, True)
    assert list(deals(american, found.reading)) == list(deals(iso, understand(iso).reading))


@pytest.mark.parametrize(
    ("header", "system"),
    [
        ("Opportunity Name,Stage,Amount", "salesforce"),
        ("Id,Name,StageName", "salesforce"),
        ("Record ID,Deal Name,Deal Stage,Pipeline", "hubspot"),
        ("Dealnaam,Dealstadium,Pijplijn", "hubspot"),
        ("Deal - ID,Deal - Title,Deal - Stage,Deal - Status", "pipedrive"),
        ("Klant,Verkoopkans,Fase", "generic"),
    ],
)
def test_the_system_is_recognised_by_its_headers(header: str, system: str) -> None:
    row = ",".join("x" for _ in header.split(","))
    assert understand(table(f"{header}\n{row}\n")).reading.system == system


def test_a_dutch_spreadsheet_is_read_with_its_own_signs() -> None:
    text = (
        "Dealnummer;Verkoopkans;Klant;Fase;Bedrag;Aangemaakt op;Sluitdatum\n"
        "1;Café;Zuid BV;Gewonnen;€ 1.234,50;13-01-2026;03-05-2026\n"
        "2;Molen;Noord BV;Offerte;900;03-02-2026;01-07-2026\n"
    )
    won, proposal = entries(text)
    assert isinstance(won, DealRow)
    assert isinstance(proposal, DealRow)
    assert (won.amount, won.currency, won.closed_on) == (
        Decimal("1234.50"), "EUR", date(2026, 5, 3),
    )  # fmt: skip
    assert (proposal.stage_type, proposal.closed_on) == ("open", None)
    assert proposal.expected_close_on == date(2026, 7, 1)


def test_a_status_goes_before_the_stage_and_the_stage_is_kept() -> None:
    text = (
        "Deal - ID,Deal - Title,Deal - Stage,Deal - Status,Deal - Lost reason\n"
        "1,Mill,Our own stage,Open,\n2,Barn,Our own stage,Lost,Price\n"
    )
    found = [(row.stage, row.stage_type, row.reason, row.extra) for row in entries(text)]  # type: ignore[union-attr]  # both rows are deals
    assert found == [
        ("Our own stage", "open", "", {}),
        ("Lost", "lost", "Price", {"Deal - Stage": "Our own stage"}),
    ]


def test_a_stage_nobody_knows_is_asked_and_never_guessed() -> None:
    text = "ID,Name,Stage\n1,Mill,Blue\n2,Barn,Closed won (Sales)\n"
    found = understand(table(text))
    assert (found.unknown_stages, found.stage_types["unknown"]) == (("Blue",), 1)
    answered = understand(table(text), Answers(stage_types={"Blue": "parked"}))
    assert answered.unknown_stages == ()
    assert [(stage.name, stage.type) for stage in answered.stages] == [
        ("Blue", "parked"),
        ("Closed won (Sales)", "won"),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",Mill,Won,,", "no-id"),
        ("1,Again,Won,,", "id-twice"),
        ("9" * 101 + ",Mill,Won,,", "id-too-long"),
        ("2,,Won,,", "no-name"),
        ("2,Mill,-,,", "no-stage"),
        ("2,Mill,Won,soon,", "date-unreadable"),
        ("2,Mill,Won,,much", "amount-unreadable"),
        ("2,Mill,Won,,9999999999999", "amount-too-large"),
        ("2,Mill,Won,,,coins", "currency-unreadable"),
        ("2,Mill,Won,,,,surplus", "too-many-cells"),
    ],
)
def test_a_row_that_is_no_deal_is_rejected_with_its_line(row: str, code: str) -> None:
    text = f"ID,Name,Stage,Close date,Amount,Currency\n1,First,Won,2026-01-02,5,€\n\n{row}\n"
    assert rejected(text) == [(4, code)]


def test_rows_without_an_id_column_are_all_kept() -> None:
    found = understand(table("Name,Stage\nMill,Won\nMill,Won\n"))
    assert (found.deals, [doubt.code for doubt in found.warnings][:1]) == (2, ["no-id-column"])


def test_contradictions_are_told_and_not_repaired() -> None:
    text = (
        "ID,Name,Stage,Created on,Close date,Amount,Lost reason\n"
        "1,Mill,Won,2026-02-02,2026-01-01,0,\n"
        "2,Barn,Lost,2026-01-01,,5,\n"
    )
    found = understand(table(text))
    assert [(doubt.code, doubt.data) for doubt in found.warnings] == [
        ("closed-before-created", {"count": 1, "lines": "2"}),
        ("won-without-amount", {"count": 1, "lines": "2"}),
        ("ended-without-date", {"count": 1, "lines": "3"}),
    ]


def test_dates_that_could_be_read_both_ways_are_told() -> None:
    found = understand(table("ID,Name,Stage,Close date\n1,Mill,Won,03-05-2026\n"))
    assert [doubt.code for doubt in found.warnings] == ["date-order-unsure"]
    flipped = entries(
        "ID,Name,Stage,Close date\n1,Mill,Won,03-05-2026\n", Answers(date_order="mdy")
    )
    assert [row.closed_on for row in flipped if isinstance(row, DealRow)] == [date(2026, 3, 5)]


def test_a_file_without_deals_says_what_is_missing() -> None:
    found = understand(table("account,sector\nMill,Food\n"))
    assert (found.missing, found.deals, found.rejections) == (("stage",), 0, ())


def test_a_person_maps_what_was_not_recognised_and_leaves_out_what_was() -> None:
    answers = Answers(mapping={"name": "Thing", "stage": "How", "amount": ""})
    found = understand(table("Thing,How,Amount\nMill,Won,5\n"), answers)
    assert found.reading.mapping == {"name": "Thing", "stage": "How"}


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (Answers(mapping={"colour": "Name"}), "unknown-field"),
        (Answers(mapping={"name": "Nam"}), "unknown-header"),
        (Answers(mapping={"name": "Name", "account": "Name"}), "header-twice"),
        (Answers(stage_types={"Won": "great"}), "unknown-stage-type"),
        (Answers(date_order="ymd"), "unknown-date-order"),
        (Answers(decimal_sign=";"), "unknown-decimal-sign"),
        (Answers(system="abacus"), "unknown-system"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(answers: Answers, code: str) -> None:
    with pytest.raises(InputError) as refused:
        understand(table("Name,Stage\nMill,Won\n"), answers)
    assert refused.value.code == code

"""A deal is known by its id; without one nothing is merged unless a person chose the key."""

from __future__ import annotations

import pytest

from spiegel.crm import Answers, DealRow, Rejection, deals, read, understand
from spiegel.crm.identity import key_of, salesforce_id

TEXT = (
    "Name,Account,Stage,Created on\n"
    "Mill,Mills & Co,Won,2026-01-13\nMill,Mills & Co,Won,2026-01-13\n"
    "MILL,Mills & co.,Lost,2026-01-13\nBarn,Barns,Won,2026-02-14\n"
)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("006bm00000LKJNN", "006bm00000LKJNNAA5"),
        ("001bm00001ZL8U9", "001bm00001ZL8U9AAL"),
        ("006bm00000LKJNNAA5", "006bm00000LKJNNAA5"),
        ("42", "42"),
    ],
)
def test_salesforce_ids_of_15_and_18_characters_are_one(short: str, long: str) -> None:
    assert salesforce_id(short) == long


def test_a_report_and_a_data_load_of_one_deal_meet() -> None:
    report = "Opportunity ID,Opportunity Name,Stage\n006bm00000LKJNN,Mill,Won\n"
    load = "Id,Name,StageName\n006bm00000LKJNNAA5,Mill,Won\n"
    ids = []
    for text in (report, load):
        table = read(text.encode())
        ids += [entry.external_id for entry in deals(table, understand(table).reading)]  # type: ignore[union-attr]  # both rows are deals
    assert ids == ["006bm00000LKJNNAA5"] * 2


def test_without_an_id_all_rows_stay_and_it_is_shown_what_each_key_would_merge() -> None:
    found = understand(read(TEXT.encode()))
    assert found.deals == 4
    assert {option.fields: (option.merged, option.examples) for option in found.keys} == {
        ("name",): (2, ((2, 3), (2, 4))),
        ("name", "account"): (2, ((2, 3), (2, 4))),
        ("name", "account", "created_on"): (2, ((2, 3), (2, 4))),
    }
    assert [doubt.data for doubt in found.warnings if doubt.code == "rows-equal"] == [
        {"count": 1, "lines": "2 = 3"}
    ]


def test_a_chosen_key_tells_deals_apart_and_names_the_row_that_was_taken() -> None:
    table = read(TEXT.encode())
    found = understand(table, Answers(key=("name", "account")))
    entries = list(deals(table, found.reading))
    assert [entry.external_id for entry in entries if isinstance(entry, DealRow)] == [
        "key:mill|millsco", "key:barn|barns",
    ]  # fmt: skip
    assert [(e.line, e.code, e.data["first"]) for e in entries if isinstance(e, Rejection)] == [
        (3, "key-twice", 2), (4, "key-twice", 2),
    ]  # fmt: skip
    assert found.keys == ()


def test_a_column_of_ids_without_ids_is_none() -> None:
    found = understand(read(b"Record ID,Deal Name,Deal Stage\n,Mill,closedwon\n,Barn,closedlost\n"))
    assert (found.deals, "external_id" in found.reading.mapping) == (2, False)


def test_a_long_key_keeps_its_difference() -> None:
    first = key_of(("name",), {"name": "a" * 200 + "b"}, {})
    second = key_of(("name",), {"name": "a" * 200 + "c"}, {})
    assert len(first) <= 100
    assert first != second

"""Workbooks read as tables do; what cannot or must not be opened is refused by what it is."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from spiegel.crm import Answers, DealRow, deals, read, understand
from spiegel.crm.workbook import MAX_UNPACKED
from spiegel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADER = ("ID", "Naam", "Fase", "Bedrag", "Aangemaakt op")


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]]], hidden: str = "") -> bytes:
    """Write sheets of rows; the one that is named is hidden."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new workbook has a sheet
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title == hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Add a part to a workbook, or put one in its place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


SMALL = workbook(("Deals", [HEADER, (1, "Molen", "Won", 1.234, date(2026, 5, 3))]))


def test_a_workbook_reads_as_a_table() -> None:
    table = read(SMALL)
    assert (table.encoding, table.delimiter, table.sheet) == ("xlsx", "", "Deals")
    assert table.header == HEADER
    assert [row.cells for row in table.rows] == [("1", "Molen", "Won", "1.234", "2026-05-03")]


def test_typed_cells_do_not_depend_on_how_texts_are_written() -> None:
    rows = [
        HEADER,
        (1, "Molen", "Won", 1.234, date(2026, 5, 3)),
        (2, "Schuur", "Won", "1.234,50", datetime(2026, 5, 13, 9, 30)),  # noqa: DTZ001  (Excel knows no zones)
        (3, "Brug", "Won", 1e15, 46145),
        (4, "Kade", "Won", 0.1 + 0.2, "13-05-2026"),
    ]
    table = read(workbook(("Deals", rows)))
    found = understand(table)
    assert (found.amounts.choice, found.dates.choice) == (",", "dmy")
    read_deals = [deal for deal in deals(table, found.reading) if isinstance(deal, DealRow)]
    assert [(deal.amount, deal.created_on) for deal in read_deals] == [
        (Decimal("1.234"), date(2026, 5, 3)),
        (Decimal("1234.50"), date(2026, 5, 13)),
        (Decimal("0.3"), date(2026, 5, 13)),
    ]
    assert [row.code for row in found.rejections] == ["amount-too-large"]


def test_serial_numbers_are_days() -> None:
    table = read(workbook(("Deals", [HEADER, (1, "Molen", "Won", 5, 46145.5)])))
    (deal,) = deals(table, understand(table).reading)
    assert isinstance(deal, DealRow)
    assert deal.created_on == date(2026, 5, 3)


def test_the_first_visible_sheet_with_a_table_is_read_and_the_others_are_named() -> None:
    data = workbook(
        ("hidden", [HEADER, (9, "x", "Won", 1, "")]),
        ("Cover", [["Our deals"], ["of 2026"]]),
        ("Deals", [HEADER, (1, "Molen", "Won", 5, "")]),
        ("Leads", [["a", "b"], [1, 2]]),
        hidden="hidden",
    )
    table = read(data)
    assert (table.sheet, table.other_sheets, len(table.rows)) == ("Deals", ("Leads",), 1)
    doubts = {doubt.code: doubt.data for doubt in understand(table).warnings}
    assert doubts["other-sheets"] == {"sheet": "Deals", "others": "Leads"}


def test_titles_above_the_header_and_gaps_keep_their_line_numbers() -> None:
    rows: list[Sequence[Any]] = [
        ["Opportunities"], [], HEADER, (1, "Molen", "Won", 5, ""), [], (2, "Brug", "Won", 5, ""),
    ]  # fmt: skip
    table = read(workbook(("Deals", rows)))
    assert [row.line for row in table.rows] == [4, 6]
    assert table.passed.before == (1,)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + "Workbook".encode("utf-16-le"), "old-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (with_part(SMALL, "xl/vbaProject.bin", b"macros"), "macros"),
        (with_part(SMALL, "xl/workbook.bin", b"binary"), "old-workbook"),
        (
            with_part(SMALL, "mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            "old-workbook",
        ),
        (with_part(SMALL, "xl/workbook.xml", b"<broken"), "workbook-damaged"),
        (
            with_part(SMALL, "xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            "workbook-damaged",
        ),
        (SMALL[: len(SMALL) // 2], "workbook-damaged"),
        (workbook(("Empty", [[]])), "not-a-table"),
        (workbook(("Deals", [HEADER])), "only-a-header"),
    ],
)
def test_what_cannot_be_opened_is_refused_by_what_it_is(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read(data)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    with pytest.raises(InputError) as refused:
        read(out.getvalue())
    assert refused.value.code == "zip-bomb"
    assert refused.value.data["limit"] == MAX_UNPACKED


def test_a_person_can_still_flip_what_texts_mean() -> None:
    rows = [HEADER, (1, "Molen", "Won", "1.234", "03-05-2026")]
    table = read(workbook(("Deals", rows)))
    answers = Answers(date_order="mdy", decimal_sign=".")
    (deal,) = deals(table, understand(table, answers).reading)
    assert isinstance(deal, DealRow)
    assert (deal.amount, deal.created_on) == (Decimal("1.234"), date(2026, 3, 5))

"""Any usual dialect reads to the same table; what is no table is refused by what it is."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiegel.crm import Row, read
from spiegel.errors import InputError

PLAIN = "Id,Naam,Fase\n1,Café Zuid,Won\n2,Molen,Lost\n"
HEADER = ("Id", "Naam", "Fase")
ROWS = (Row(2, ("1", "Café Zuid", "Won")), Row(3, ("2", "Molen", "Lost")))


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("cp1252", "cp1252"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_dialect_reads_the_same(
    codec: str, encoding: str, delimiter: str, newline: str
) -> None:
    data = PLAIN.replace(",", delimiter).replace("\n", newline).encode(codec)
    table = read(data)
    assert (table.encoding, table.delimiter) == (encoding, delimiter)
    assert (table.header, tuple(table.rows)) == (HEADER, ROWS)


def test_a_row_is_known_by_the_line_it_begins_on() -> None:
    table = read(b'a,b\n\n1,"two\nlines"\n\n3,4\n')
    assert tuple(table.rows) == (Row(3, ("1", "two\nlines")), Row(6, ("3", "4")))


def test_a_line_that_names_the_delimiter_is_not_the_header() -> None:
    table = read(b"sep=;\r\na;b\r\n1,5;2\r\n")
    assert (table.delimiter, table.header, tuple(table.rows)) == (
        ";",
        ("a", "b"),
        (Row(3, ("1,5", "2")),),
    )


def test_headers_are_trimmed_named_and_each_different() -> None:
    table = read("\ufeff  Deal  name ,Stage,,Stage\nMill,Won,x,y\n".encode())
    assert table.header == ("Deal name", "Stage", "column 3", "Stage__2")


def test_short_rows_are_filled_and_surplus_cells_kept_apart() -> None:
    table = read(b"a,b,c\n1,2\n1,2,3,,\n1,2,3,4\n")
    assert tuple(table.rows) == (
        Row(2, ("1", "2", "")),
        Row(3, ("1", "2", "3")),
        Row(4, ("1", "2", "3"), ("4",)),
    )


def _zip(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n \n\t\r\n", "empty"),
        (b"\xff\xfe", "not-a-table"),
        (b"%PDF-1.7 ...", "pdf"),
        (_zip("xl/workbook.xml"), "workbook-damaged"),
        (_zip("deals.csv"), "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old-workbook"),
        (b"\x89PNG\r\n\x1a\n", "binary"),
        (bytes(range(256)) * 4, "binary"),
        (b"  \n<!DOCTYPE html><html>", "html"),
        (b"<!-- saved --><HTML lang='nl'>", "html"),
        (b'[{"id": 1, "name": "Mill"}]', "json"),
        (b"{\\rtf1 deals, and more}", "binary"),
        (b"\x1f\x8b\x08\x00deals", "zip"),
        (b"just a line of text\nand another\n", "not-a-table"),
        (b"a,b,c\n", "only-a-header"),
        (b'a,b\n1,2\n3,"four\n5,6\n7,8\n', "open-quote"),
        (b'a,b\n1,"' + b"x" * 140_000, "cell-too-long"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read(data)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_what_a_report_prints_around_its_table_is_passed_over_and_told() -> None:
    text = (
        "Opportunities of this year\nAs of 3-5-2026,Filter: mine\n\n"
        "Opportunity Name,Stage,Amount,Owner,Age\nMill,Won,5,Anna,3\n"
        "Opportunity Name,Stage,Amount,Owner,Age\nBarn,Lost,6,Bram,4\n"
        "Grand Totals (2 records),,11,,\n\nMy report\n"
        '"Copyright © 2000-2026 salesforce.com, inc. All rights reserved."\n'
        "Confidential Information - Do Not Distribute\nOur company\n"
    )
    table = read(text.encode())
    assert [(row.line, row.cells[0]) for row in table.rows] == [(5, "Mill"), (7, "Barn")]
    assert table.passed.before == (1, 2)
    assert table.passed.headers == [6]
    assert table.passed.footers == [8, 10, 11, 12, 13]
    again = [row.line for row in table.rows]
    assert (again, table.passed.footers) == ([5, 7], [8, 10, 11, 12, 13])


def test_a_deal_that_is_called_total_is_a_deal() -> None:
    table = read(b"Name,Stage,Amount,Owner\nTotal,Won,5,Anna\nCopyright case,Won,6,Anna\n")
    assert [row.cells[0] for row in table.rows] == ["Total", "Copyright case"]


def test_a_row_with_one_cell_stays_a_row_when_no_footer_follows() -> None:
    table = read(b"Name,Stage,Amount\nMill,Won,5\nBarn,,\nShed,Won,6\nLoft,,\n")
    assert [row.cells[0] for row in table.rows] == ["Mill", "Barn", "Shed", "Loft"]


def test_lines_that_are_one_quoted_cell_are_unwrapped() -> None:
    table = read(b'"Id,Name,""Stage"""\n"1,""Mill, old"",Won"\n"2,Barn,Lost"\n')
    assert table.header == ("Id", "Name", "Stage")
    assert [row.cells for row in table.rows] == [("1", "Mill, old", "Won"), ("2", "Barn", "Lost")]


def test_decimal_commas_do_not_separate_cells() -> None:
    table = read(b"Naam;Fase;Bedrag\nMolen;Won;12,50\nBrug;Won;13,50\nKade;Won\n")
    assert (table.delimiter, len(table.header)) == (";", 3)


def test_a_few_broken_characters_do_not_make_a_file_of_another_encoding() -> None:
    data = ("Naam,Fase\n" + "Café,Won\n" * 30).encode() + b"Caf\xe9,Won\n"
    table = read(data)
    assert (table.encoding, table.broken) == ("utf-8", 1)


def test_a_byte_that_windows_1252_does_not_know_is_no_reason_to_refuse() -> None:
    table = read(b"Naam;Fase\nCaf\xe9 \x81;Won\n")
    assert (table.encoding, table.broken) == ("cp1252", 1)


def test_a_long_table_is_read_anew_and_says_the_same(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text("id,name\n" + "".join(f"{n},Mill {n}\n" for n in range(30_000)))
    table = read(file)
    assert table.rows._kept is None
    assert len(table.rows) == 30_000
    assert list(table.rows) == list(table.rows)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells a program's peak")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    with file.open("w") as out:
        out.write("name,account,stage,amount,created on,notes\n")
        for n in range(50_000):
            out.write(f"Mill {n},Customer {n},Won,{n},2026-01-{n % 28 + 1:02},{'x' * 1500}{n}\n")
    program = (
        "import re, sys\nfrom pathlib import Path\nfrom spiegel.crm import *\n"
        "found = understand(read(Path(sys.argv[1])))\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]\n"
        "print(found.deals, int(peak) // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)], capture_output=True, check=True, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")},
    )  # fmt: skip
    count, megabytes = map(int, done.stdout.split())
    assert count == 50_000
    assert megabytes < 130


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    with file.open("wb") as stream:
        stream.truncate(2_000_000_000)
    with pytest.raises(InputError) as refused:
        read(file)
    assert refused.value.code == "too-large"


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        read(b"a,b" * 2_000_000)
    assert refused.value.code == "line-too-long"


def test_the_line_of_an_open_quote_is_named() -> None:
    with pytest.raises(InputError) as refused:
        read(b'a,b\n1,2\n3,"four\n5,6\n')
    assert refused.value.data == {"line": 3}


def test_a_file_over_the_limit_is_refused_with_both_sizes() -> None:
    with pytest.raises(InputError) as refused:
        read(b"a,b\n1,2\n", max_bytes=7)
    assert (refused.value.code, refused.value.data) == ("too-large", {"size": 8, "limit": 7})


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8).map(
    str.strip
)


@given(
    rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=20),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_written_table_reads_back_equal(
    rows: list[tuple[str, str]], delimiter: str, codec: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["number", "first", "second"])
    for number, row in enumerate(rows):
        writer.writerow([number, *row])
    table = read(out.getvalue().encode(codec))
    assert [row.cells for row in table.rows] == [
        (str(number), *row) for number, row in enumerate(rows)
    ]


@given(st.binary(max_size=400))
def test_a_mangled_file_is_read_or_refused_and_never_crashes(data: bytes) -> None:
    try:
        table = read(data)
    except InputError:
        return
    assert all(len(row.cells) == len(table.header) for row in table.rows)

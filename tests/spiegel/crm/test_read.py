"""Any usual dialect reads to the same table; what is no table is refused by what it is."""

from __future__ import annotations

import csv
import io
import zipfile

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
    assert (table.header, table.rows) == (HEADER, ROWS)


def test_a_row_is_known_by_the_line_it_begins_on() -> None:
    table = read(b'a,b\n\n1,"two\nlines"\n\n3,4\n')
    assert table.rows == (Row(3, ("1", "two\nlines")), Row(6, ("3", "4")))


def test_a_line_that_names_the_delimiter_is_not_the_header() -> None:
    table = read(b"sep=;\r\na;b\r\n1,5;2\r\n")
    assert (table.delimiter, table.header, table.rows) == (";", ("a", "b"), (Row(3, ("1,5", "2")),))


def test_headers_are_trimmed_named_and_each_different() -> None:
    table = read("\ufeff  Deal  name ,Stage,,Stage\nMill,Won,x,y\n".encode())
    assert table.header == ("Deal name", "Stage", "column 3", "Stage__2")


def test_short_rows_are_filled_and_surplus_cells_kept_apart() -> None:
    table = read(b"a,b,c\n1,2\n1,2,3,,\n1,2,3,4\n")
    assert table.rows == (
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
        (_zip("xl/workbook.xml"), "workbook"),
        (_zip("deals.csv"), "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "workbook"),
        (b"\x89PNG\r\n\x1a\n", "binary"),
        (bytes(range(256)) * 4, "binary"),
        (b"  \n<!DOCTYPE html><html>", "html"),
        (b"<!-- saved --><HTML lang='nl'>", "html"),
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

"""Bytes in, a table out: encoding, delimiter, header and rows with their line numbers.

Nothing is interpreted here; every cell stays the text it was. What is not a table is refused in one
sentence, by what the bytes are, whatever the file is called.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from spiegel.errors import InputError

from . import dialect, workbook
from .source import MAX_BYTES, Source, text_of
from .tidy import Passed, data_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .dialect import Record

#: What the encoding of a workbook is called.
XLSX = "xlsx"
_HEADER_WITHIN = 50
#: So many rows are kept; of a longer table they are read from the file each time.
_KEPT = 20_000


class Row(NamedTuple):
    """One record: the line of the file it begins on (from 1), and as many cells as the header.

    `surplus` holds cells beyond the header that are not empty: a row that cannot be trusted.
    """

    line: int
    cells: tuple[str, ...]
    surplus: tuple[str, ...] = ()


class Rows:
    """The rows of a table; of a long one they are read anew whenever they are gone through."""

    def __init__(self, scan: Callable[[], Iterator[Row]]) -> None:
        self._scan = scan
        self._kept: tuple[Row, ...] | None = None
        kept, self._count = [], 0
        for row in scan():
            self._count += 1
            if self._count <= _KEPT:
                kept.append(row)
        if self._count <= _KEPT:
            self._kept = tuple(kept)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        return iter(self._kept) if self._kept is not None else self._scan()


@dataclass(frozen=True)
class Table:
    """What a file holds, before anything is understood.

    Attributes:
        encoding: ``"utf-8"``, ``"utf-8-sig"``, ``"utf-16"``, ``"cp1252"`` or ``"xlsx"``.
        delimiter: One of :data:`~spiegel.crm.dialect.DELIMITERS`; ``""`` for a workbook.
        header: Column names, trimmed and each different; a nameless column is ``"column 3"``.
        rows: The records that have any text, in the order of the file.
        passed: What was passed over: lines before the header, repeated headers, footers.
        sheet: The name of the sheet of a workbook, else ``""``.
        other_sheets: Further sheets that hold a table.
        broken: How many characters could not be read.
    """

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    rows: Rows
    passed: Passed = field(default_factory=Passed)
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()
    broken: int = 0


def read(data: bytes | Path, max_bytes: int = MAX_BYTES) -> Table:
    """Read a file of comma-separated values in any of the usual dialects, or an Excel workbook.

    Args:
        data: The whole file, or where it is; a file on disk is never held as a whole, and must
            stay there as long as the table is used.
        max_bytes: The most that is accepted.

    Raises:
        InputError: ``too-large``, ``empty``, ``pdf``, ``zip``, ``binary``, ``html``, ``json``,
            ``line-too-long``, ``not-a-table``, ``open-quote``, ``cell-too-long``,
            ``only-a-header``; of a workbook ``encrypted``, ``old-workbook``, ``macros``,
            ``zip-bomb`` or ``workbook-damaged``.
    """
    source = Source(data)
    _check_size(source, max_bytes)
    if workbook.is_workbook(source):
        sheet = workbook.sheet_of(source)
        table = _table(XLSX, "", partial(workbook.records, sheet))
        return _with(table, sheet=sheet.title, other_sheets=sheet.others)
    text = text_of(source)
    way = dialect.dialect_of(text)
    table = _table(text.encoding, way.delimiter, partial(dialect.records, text, way))
    return _with(table, broken=text.broken)


def _with(table: Table, **changes: object) -> Table:
    return Table(**{**table.__dict__, **changes})


def _check_size(source: Source, max_bytes: int) -> None:
    if source.size > max_bytes:
        raise InputError(
            "too-large",
            f"This file is {source.size:,} bytes; at most {max_bytes:,} can be read.",
            size=source.size,
            limit=max_bytes,
        )
    if not any(chunk.strip(b"\x00 \t\r\n") for chunk in source.chunks()):
        raise InputError("empty", "This file is empty; an export has a header and a row per deal.")


def _table(encoding: str, delimiter: str, records: Callable[[], Iterator[Record]]) -> Table:
    first = [record for record in islice(records(), _HEADER_WITHIN) if any(record[1])]
    place = dialect.header_index([cells for _, cells in first])
    if place is None:
        raise InputError("not-a-table", "No header was found in this file.")
    line, cells = first[place]
    header = _header(cells)
    passed = Passed(before=tuple(number for number, _ in first[:place]))
    scan = partial(_scan, records, line, cells, passed)
    rows = Rows(scan)
    if not len(rows):
        raise InputError("only-a-header", "This file has a header but no rows below it.")
    return Table(encoding, delimiter, header, rows, passed.closed())


def _scan(
    records: Callable[[], Iterator[Record]], line: int, cells: list[str], passed: Passed
) -> Iterator[Row]:
    width = len(cells)
    below = (record for record in records() if record[0] > line)
    for number, found in data_records(below, cells, passed):
        yield _row(number, found, width)


def _header(cells: list[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.replace("\ufeff", "").split()) or f"column {number}"
        while name in names:
            seen[name] = seen.get(name, 1) + 1
            numbered = f"{name}__{seen[name]}"
            name = numbered if numbered not in names else name
        names.append(name)
    return tuple(names)


def _row(line: int, cells: list[str], width: int) -> Row:
    """Fit a record to the header: missing cells at the end are empty, empty ones beyond it go."""
    if len(cells) == width:
        return Row(line, tuple(cells))
    surplus = tuple(cell for cell in cells[width:] if cell)
    return Row(line, (*cells[:width], *[""] * (width - len(cells))), surplus)

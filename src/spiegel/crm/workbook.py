"""Excel workbooks (.xlsx) as records, read sheet row by sheet row and never as a whole.

Dates and numbers in a workbook are typed: a date is given as ISO text and a number as
:class:`~spiegel.crm.values.Number`, so that neither depends on how the file writes text.
"""

from __future__ import annotations

import warnings
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any

from spiegel.errors import InputError

from .dialect import MAX_CELL, Record, header_index
from .source import Source, not_text
from .values import Number

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A workbook that unpacks to more bytes than this, or grows more than this many times, is refused.
MAX_UNPACKED = 800_000_000
MAX_GROWTH = 150
_GROWTH_FROM = 20_000_000
_MANY_PARTS = 5_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_LOOK = 50
_BATCH = 500
_MIDNIGHT = time()
_DOCTYPE = b"<!DOCTYPE"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook.

    Attributes:
        source: The workbook's bytes.
        title: Its name.
        others: Names of further visible sheets that hold a table too.
    """

    source: Source
    title: str
    others: tuple[str, ...] = ()


def is_workbook(source: Source) -> bool:
    """Whether the bytes begin as a workbook, or as any archive, does."""
    return source.head(8).startswith((_OLE, *_ZIP))


def sheet_of(source: Source) -> Sheet:
    """Choose the sheet with the deals: the first visible one that holds a table.

    Raises:
        InputError: ``encrypted``, ``old-workbook``, ``macros``, ``zip``, ``zip-bomb``,
            ``workbook-damaged`` or ``not-a-table``.
    """
    if source.head(8).startswith(_OLE):
        raise _old(source)
    with _refusing_damage():
        _check_archive(source)
        titles = [title for title, rows in _first_rows(source) if header_index(rows) is not None]
    if not titles:
        raise InputError("not-a-table", "No sheet of this workbook holds a table.")
    return Sheet(source, titles[0], tuple(titles[1:]))


def records(sheet: Sheet) -> Iterator[Record]:
    """Give every row of a sheet with its number.

    Raises:
        InputError: ``workbook-damaged``.
    """
    with _refusing_damage(), sheet.source.open() as stream:
        book = _opened(stream)
        rows = _rows(book[sheet.title])
        line = 0
        while batch := _batch(rows):
            for cells in batch:
                line += 1
                yield line, cells


def _batch(rows: Iterator[tuple[Any, ...]]) -> list[list[str]]:
    """Read some rows at once, so that what openpyxl warns of stays within this call."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [[_text(value) for value in cells] for cells in islice(rows, _BATCH)]


def _opened(stream: Any) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415  (only workbooks need it, and it takes 0.2 s)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(stream, read_only=True, data_only=True, keep_links=False)


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()  # programs that write workbooks are known to give wrong ones
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
    return rows


def _first_rows(source: Source) -> Iterator[tuple[str, list[list[str]]]]:
    with source.open() as stream:
        book = _opened(stream)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                rows = _batch(islice(_rows(sheet), _LOOK))
                yield sheet.title, [cells for cells in rows if any(cells)]


def _text(value: Any) -> str:
    """Give a cell as text: a date as ISO, a number with a point and without a needless zero."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()[:MAX_CELL]
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        shown = value.date() if value.time() == _MIDNIGHT else value
        return shown.isoformat(*([" ", "seconds"] if isinstance(shown, datetime) else []))
    if isinstance(value, (int, float)):
        return Number(f"{value:.15g}" if isinstance(value, float) else value)
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def _check_archive(source: Source) -> None:
    with source.open() as stream, zipfile.ZipFile(stream) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        _check_kind(archive, names)
        unpacked = sum(part.file_size for part in parts)
        grown = unpacked > _GROWTH_FROM and unpacked > MAX_GROWTH * source.size
        if grown or unpacked > MAX_UNPACKED or len(parts) > _MANY_PARTS:
            raise InputError(
                "zip-bomb",
                f"This workbook unpacks to {unpacked:,} bytes, which is more than can be read; "
                "save the sheet with the deals as CSV.",
                size=unpacked,
                limit=MAX_UNPACKED,
            )
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _check_part(archive, part)


def _check_kind(archive: zipfile.ZipFile, names: set[str]) -> None:
    if "xl/vbaProject.bin" in names:
        raise InputError(
            "macros",
            "This workbook holds macros, which Spiegel does not open; save it as .xlsx without "
            "macros, or as CSV.",
        )
    if "xl/workbook.bin" in names:
        raise not_text("old-workbook", "a binary Excel workbook (.xlsb)")
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
        raise not_text("old-workbook", "an OpenDocument spreadsheet")
    if not any(name.startswith("xl/") for name in names):
        raise InputError(
            "zip",
            "This is a zip archive, not a table; unpack it and give the file in it.",
            what="a zip archive",
        )


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a document type: workbooks have none, and entities in one can grow without end."""
    with archive.open(part) as stream:
        if _DOCTYPE in stream.read(4096):
            raise _damaged()


def _old(source: Source) -> InputError:
    if any(_ENCRYPTED in chunk for chunk in source.chunks()):
        return InputError(
            "encrypted",
            "This workbook is protected with a password; save it without one, or as CSV.",
        )
    return not_text("old-workbook", "an old Excel workbook (.xls)")


def _damaged() -> InputError:
    return InputError(
        "workbook-damaged",
        "This Excel workbook is damaged and cannot be opened; export it again, or save it as CSV.",
    )


@contextmanager
def _refusing_damage() -> Iterator[None]:
    try:
        yield
    except (InputError, GeneratorExit):
        raise
    except Exception as error:
        raise _damaged() from error

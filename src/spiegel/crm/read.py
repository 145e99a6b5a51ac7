"""Bytes in, a table out: encoding, delimiter, header and rows with their line numbers.

Nothing is interpreted here; every cell stays the text it was. What is not a table is refused in one
sentence, by what the bytes are, whatever the file is called.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from spiegel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The most bytes that are read unless the caller says otherwise.
MAX_BYTES = 50_000_000
#: What may stand between two cells, most usual first.
DELIMITERS = (",", ";", "\t", "|")
#: Longest cell in characters; a longer one is an unclosed quote or not a table of deals.
MAX_CELL = 131_072
_SAMPLE = 65_536

#: How a file begins that is no text: its first bytes, a code, and what it is.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "pdf", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "workbook", "an old or protected Excel workbook"),
    (b"PK\x03\x04", "zip", "a zip archive"),
    (b"PK\x05\x06", "zip", "a zip archive"),
    (b"\x1f\x8b", "zip", "a compressed file"),
    (b"\x89PNG", "binary", "a picture"),
    (b"\xff\xd8\xff", "binary", "a picture"),
    (b"GIF8", "binary", "a picture"),
)
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_MARKUP = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|table|\?xml)\b", re.IGNORECASE | re.DOTALL
)
#: Excel's own first line, which names the delimiter.
_SEP_LINE = re.compile(r'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)
#: Control characters that no text file has (tab, line feed, form feed, carriage return are fine).
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


class Row(NamedTuple):
    """One record: the line of the file it begins on (from 1), and as many cells as the header.

    `surplus` holds cells beyond the header that are not empty: a row that cannot be trusted.
    """

    line: int
    cells: tuple[str, ...]
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """What a file holds, before anything is understood.

    Attributes:
        encoding: ``"utf-8"``, ``"utf-8-sig"``, ``"utf-16"`` or ``"cp1252"``.
        delimiter: One of :data:`DELIMITERS`.
        header: Column names, trimmed and each different; a nameless column is ``"column 3"``.
        rows: The records that have any text, in the order of the file.
    """

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read(data: bytes, max_bytes: int = MAX_BYTES) -> Table:
    """Read a file of comma-separated values in any of the usual dialects.

    Args:
        data: The whole file.
        max_bytes: The most that is accepted.

    Raises:
        InputError: ``too-large``, ``empty``, ``pdf``, ``workbook``, ``zip``, ``binary``, ``html``,
            ``not-a-table``, ``open-quote``, ``cell-too-long`` or ``only-a-header``.
    """
    if len(data) > max_bytes:
        raise InputError(
            "too-large",
            f"This file is {len(data):,} bytes; at most {max_bytes:,} can be read.",
            size=len(data),
            limit=max_bytes,
        )
    if not data.strip(b"\x00 \t\r\n"):
        raise InputError("empty", "This file is empty; an export has a header and a row per deal.")
    _refuse_signature(data)
    text, encoding = _decode(data)
    _refuse_markup(text)
    named = _SEP_LINE.match(text)
    if named:
        return _table(text[named.end() :], encoding, named[1], lines_before=1)
    return _table(text, encoding, _delimiter(text))


def _refuse_signature(data: bytes) -> None:
    for start, code, what in _SIGNATURES:
        if not data.startswith(start):
            continue
        if code == "zip" and b"xl/" in data:
            code, what = "workbook", "an Excel workbook"  # noqa: PLW2901  (a workbook is a zip with this folder)
        raise InputError(
            code, f"This is {what}, not a CSV file; export or save the deals as CSV.", what=what
        )


def _decode(data: bytes) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data, encoding), encoding
    guess = _utf16_without_bom(data)
    if guess:
        return _decoded(data, guess), "utf-16"
    try:
        text, encoding = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = data.decode("cp1252", errors="replace"), "cp1252"
    found = _CONTROL.search(text)
    if found or text.count("\ufffd") > len(text) // 100:
        raise _binary()
    return text, encoding


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise _binary() from None
    if _CONTROL.search(text):
        raise _binary()
    return text


def _binary() -> InputError:
    return InputError(
        "binary", "This file holds no text; export or save the deals as CSV.", what="binary"
    )


def _utf16_without_bom(data: bytes) -> str | None:
    """Name the byte order of UTF-16 text in Western letters: every second byte is zero."""
    sample = data[:2000]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    enough = len(sample) * 0.4
    if odd > enough and even == 0:
        return "utf-16-le"
    if even > enough and odd == 0:
        return "utf-16-be"
    return None


def _refuse_markup(text: str) -> None:
    if _MARKUP.match(text):
        raise InputError(
            "html",
            "This is a web page saved under the name of a table; download the export itself.",
        )


def _delimiter(text: str) -> str:
    """Find what separates the cells: with it, most rows are as wide as the header."""
    scores = {delimiter: _score(text[:_SAMPLE], delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    if scores[best] == (0.0, 0):
        raise InputError(
            "not-a-table",
            "No columns were found in this file: cells are separated by a comma, semicolon, tab "
            "or vertical bar.",
        )
    return best


def _score(sample: str, delimiter: str) -> tuple[float, int]:
    """How well a delimiter fits: the share of rows as wide as the header, then the width."""
    try:
        records = [cells for cells in _records(sample, delimiter) if any(cells)][:200]
    except csv.Error:
        return 0.0, 0
    if not records or len(records[0]) < 2:
        return 0.0, 0
    width = len(records[0])
    if len(records) > 2:
        del records[-1]  # may be cut off by the sample's end
    return sum(len(cells) == width for cells in records) / len(records), width


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _table(text: str, encoding: str, delimiter: str, lines_before: int = 0) -> Table:
    header: tuple[str, ...] = ()
    rows = []
    try:
        for line, cells in _numbered(text, delimiter):
            if not header:
                header = _header(cells)
            else:
                rows.append(_row(line + lines_before, cells, len(header)))
    except csv.Error:
        raise InputError(
            "cell-too-long",
            f"A cell is longer than {MAX_CELL:,} characters: a quotation mark is probably not "
            "closed.",
            limit=MAX_CELL,
        ) from None
    if not rows:
        raise InputError("only-a-header", "This file has a header but no rows below it.")
    return Table(encoding, delimiter, header, tuple(rows))


def _numbered(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Give every record that is not blank with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = line = 0
    for cells in reader:
        line, before = before + 1, reader.line_num
        if any(cell.strip() for cell in cells):
            yield line, cells
    if before > line and text.count('"') % 2:
        raise InputError(
            "open-quote",
            f"The quotation mark that opens on line {line} is never closed.",
            line=line,
        )


def _header(cells: list[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    names = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.replace("\ufeff", "").split()) or f"column {number}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}__{seen[name]}")
    return tuple(names)


def _row(line: int, cells: list[str], width: int) -> Row:
    """Fit a record to the header: missing cells at the end are empty, empty ones beyond it go."""
    surplus = tuple(cell for cell in cells[width:] if cell.strip())
    kept = [cell.strip() for cell in cells[:width]]
    kept += [""] * (width - len(kept))
    return Row(line, tuple(kept), surplus)

"""How a file of text is a table: what separates its cells, and where its records begin."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spiegel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .source import Text

#: What may stand between two cells, most usual first.
DELIMITERS = (",", ";", "\t", "|")
#: Longest cell in characters; a longer one is an unclosed quote or not a table of deals.
MAX_CELL = 131_072
#: Among how many records the header is looked for, and how many tell the delimiter.
_HEADER_WITHIN = 20
_SAMPLED = 200
#: Excel's own first line, which names the delimiter.
_SEP_LINE = re.compile(r'"?sep=([,;\t|])"?(?:\r\n|\n|\r)', re.IGNORECASE)

#: A record with the line of the file it begins on.
Record = tuple[int, list[str]]


@dataclass(frozen=True)
class Dialect:
    """How cells are written.

    Attributes:
        delimiter: One of :data:`DELIMITERS`.
        lines_before: Lines before the first record, such as ``sep=;``.
        wrapped: Whether each line is one quoted cell that holds the whole row.
    """

    delimiter: str
    lines_before: int = 0
    wrapped: bool = False


def dialect_of(text: Text) -> Dialect:
    """Tell the dialect from the first part of a file.

    Raises:
        InputError: ``not-a-table`` when no delimiter gives columns.
    """
    sample = text.sample()
    named = _SEP_LINE.match(sample)
    if named:
        return Dialect(named[1], lines_before=1)
    for wrapped in (False, True):
        scores = {sign: _score(sample, Dialect(sign, wrapped=wrapped)) for sign in DELIMITERS}
        best = max(DELIMITERS, key=lambda sign: scores[sign])
        if scores[best] > (0.0, 0):
            return Dialect(best, wrapped=wrapped)
    raise InputError(
        "not-a-table",
        "No columns were found in this file: cells are separated by a comma, semicolon, tab "
        "or vertical bar.",
    )


def records(text: Text, dialect: Dialect) -> Iterator[Record]:
    """Give every record, its cells trimmed.

    Raises:
        InputError: ``cell-too-long``, or ``open-quote`` for a quotation mark never closed.
    """
    with text.open() as stream:
        for _line in range(dialect.lines_before):
            stream.readline()
        yield from _records(stream, dialect, text.quotes)


def _records(lines: Iterable[str], dialect: Dialect, quotes: int) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=dialect.delimiter)
    before = line = dialect.lines_before
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num + dialect.lines_before
            if dialect.wrapped and len(cells) == 1:
                yield line, _unwrapped(cells[0], dialect.delimiter)
            else:
                yield line, [cell.strip() for cell in cells]
    except csv.Error:
        raise InputError(
            "cell-too-long",
            f"A cell is longer than {MAX_CELL:,} characters: a quotation mark is probably not "
            "closed.",
            limit=MAX_CELL,
        ) from None
    if before > line and quotes % 2:
        raise InputError(
            "open-quote",
            f"The quotation mark that opens on line {line} is never closed.",
            line=line,
        )


def _unwrapped(cell: str, delimiter: str) -> list[str]:
    rows = list(csv.reader([cell], delimiter=delimiter))
    return [part.strip() for part in rows[0]] if rows else []


def _score(sample: str, dialect: Dialect) -> tuple[float, int]:
    """How well a dialect fits: the share of rows as wide as the header, then the width."""
    try:
        lines = io.StringIO(sample, newline="")
        found = [cells for _, cells in _records(lines, dialect, quotes=0) if any(cells)]
    except InputError:
        return 0.0, 0
    if len(found) > 2:
        del found[-1]  # may be cut off by the sample's end
    found = found[:_SAMPLED]
    start = header_index(found)
    if start is None:
        return 0.0, 0
    width = len(found[start])
    # Lines above the header fit nothing: with the right sign there are fewest of them.
    return sum(_fit(len(cells), width) for cells in found[start:]) / len(found), width


def _fit(cells: int, header: int) -> float:
    if cells == header:
        return 1.0
    if cells < 2:
        return 0.0
    return 0.6 if cells < header else 0.3


def header_index(found: Sequence[list[str]]) -> int | None:
    """Say which of the first records is the header: the first about as full as the others are.

    Titles, dates and filters that a report prints above its table fill one cell or two.

    Returns:
        Its place, or None when no record has two cells that are filled in.
    """
    filled = [sum(1 for cell in cells if cell) for cells in found]
    wide = Counter(number for number in filled if number >= 2)
    if not wide:
        return next((place for place, cells in enumerate(found) if len(cells) >= 2), None)
    usual = max(wide, key=lambda number: (wide[number], number))
    for place, number in enumerate(filled[:_HEADER_WITHIN]):
        if number >= 2 and number * 2 >= usual:
            return place
    return filled.index(usual)

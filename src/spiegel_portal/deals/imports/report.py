"""The rows an import did not take, as a file that can be mended and uploaded by itself."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from spiegel_portal.deals.models import Import

from . import words
from .domain import rejections_of
from .queries import rejections

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Between the cells of a file made from a workbook's rows: what Excel opens in Dutch.
_OF_A_WORKBOOK = ";"
#: A spreadsheet would run a cell that begins so as a formula; a plain negative number is fine.
_FORMULA = re.compile(r"[=@+\t\r]|-(?![\d.,]+$)")


def rejected_rows(*, import_run: Import) -> Iterator[str]:
    """Write the rejected rows as CSV, line by line, for Excel: header, line, reason, the row.

    The row's cells stand under the headers they came from; line and reason come after them, so
    that the mended file can be uploaded as it is.
    """
    understanding = import_run.understanding
    out = io.StringIO()
    writer = csv.writer(out, delimiter=understanding["delimiter"] or _OF_A_WORKBOOK)
    header = list(understanding["header"])
    yield "\ufeff"
    yield _line(out, writer, [*header, _("Line in the file"), _("Why it was not taken")])
    for line, code, data, row in _rows(import_run):
        cells = [*row[: len(header)], *[""] * (len(header) - len(row))]
        yield _line(out, writer, [*cells, line, words.rejection(code, data)])


def _rows(run: Import) -> Iterator[tuple[int, str, dict[str, Any], list[str]]]:
    """Give the rejected rows: those of the report, or of a file that is only looked at."""
    if run.state == Import.State.UPLOADED:
        for entry in rejections_of(import_run=run):
            yield entry.line, entry.code, entry.data, list(entry.cells)
        return
    for row in rejections(import_run=run).iterator(chunk_size=500):
        yield row.line, row.code, row.data, row.row


def _line(out: io.StringIO, writer: Any, cells: list[object]) -> str:
    writer.writerow([_safe(cell) for cell in cells])
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell

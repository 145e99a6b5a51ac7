"""Files of notes, read and written a part at a time: CSV, JSON Lines and Parquet."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from spiegel.errors import InputError

from .batches import MARKS, Seen, added_fields, arrow, check_columns, texts_of, with_seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import IO

    import pyarrow as pa

ENDINGS = (".csv", ".jsonl", ".parquet")
_ROWS = 256  # notes in a part
_CHARACTERS = 1 << 20  # in a part, more or less
_HALF = "backslashreplace"  # half a character, which JSON can hold, is written as JSON does
_LONGEST_FIELD = (1 << 31) - 1  # of a CSV file, in characters


class Columns(NamedTuple):
    """Which columns are used.

    Attributes:
        text: The column of the notes.
        id: The one column that is kept; None to keep all.
    """

    text: str
    id: str | None

    @property
    def kept(self) -> list[str] | None:
        """List the columns that are kept; None for all."""
        return None if self.id is None else [self.id]


class Part(NamedTuple):
    """Some notes of a file.

    Attributes:
        texts: The notes; None for one that is not there.
        kept: The rows without what is not kept: dictionaries, or one record batch.
        done: Which part of the file has been read so far, 0 to 1.
    """

    texts: list[str | None]
    kept: list[dict[str, Any]] | pa.RecordBatch
    done: float


class Writer(Protocol):
    """What writes parts to a file."""

    def write(self, part: Part, seen: Sequence[Seen]) -> None:
        """Write some rows with what was seen in them."""

    def close(self) -> None:
        """Write what is left."""


def ending(path: Path) -> str:
    """Give the ending of a file's name, which says what it is.

    Raises:
        InputError: Files with this ending are not read or written.
    """
    found = path.suffix.lower()
    if found not in ENDINGS:
        raise InputError(
            "unknown-ending",
            f"{path} does not end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.",
            file=str(path),
        )
    return found


def parts(path: Path, columns: Columns) -> Iterator[Part]:
    """Read a file a part at a time.

    Raises:
        InputError: It cannot be read, is damaged, or lacks a column.
    """
    read = {".csv": _read_csv, ".jsonl": _read_lines, ".parquet": _read_parquet}[ending(path)]
    try:
        yield from read(path, columns)
    except OSError as error:
        reason = error.strerror or str(error) or "no reason given"
        raise InputError(
            "unreadable-file", f"{path} cannot be read: {reason}.", file=str(path), reason=reason
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            "not-utf-8", f"{path} is not UTF-8 text; save it as UTF-8.", file=str(path)
        ) from error


def _read_csv(path: Path, columns: Columns) -> Iterator[Part]:
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open("rb") as raw, _as_text(raw) as lines:
        header = lines.readline()
        delimiter = max(",;\t", key=header.count)
        names = next(csv.reader([header], delimiter=delimiter), [])
        check_columns(names, columns.text, kept=columns.kept)
        reader = csv.reader(lines, delimiter=delimiter)

        def rows() -> Iterator[dict[str, Any]]:
            try:
                for values in reader:
                    if values:
                        yield _csv_row(path, names, values, reader.line_num + 1)
            except csv.Error as error:
                raise _bad_line(path, reader.line_num + 1, f"is no CSV: {error}") from error

        yield from _in_parts(rows(), columns, _progress(raw, path))


def _csv_row(path: Path, names: list[str], values: list[str], line: int) -> dict[str, Any]:
    if len(values) != len(names):
        raise _bad_line(path, line, f"has {len(values)} fields where the first has {len(names)}")
    return dict(zip(names, values, strict=True))


def _read_lines(path: Path, columns: Columns) -> Iterator[Part]:
    with path.open("rb") as raw, _as_text(raw) as lines:

        def rows() -> Iterator[dict[str, Any]]:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _json_row(path, number, line, columns)

        yield from _in_parts(rows(), columns, _progress(raw, path))


def _json_row(path: Path, number: int, line: str, columns: Columns) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _bad_line(path, number, "is no JSON") from error
    if not isinstance(row, dict):
        raise _bad_line(path, number, "is no JSON object")
    try:
        check_columns(list(row), columns.text, kept=columns.kept)
    except InputError as error:
        raise InputError(
            error.code, f"{path}, line {number}: {error.message}", **error.data
        ) from error
    if not isinstance(row[columns.text], str | None):
        raise _bad_line(path, number, f"has no text in '{columns.text}'")
    return row


def _read_parquet(path: Path, columns: Columns) -> Iterator[Part]:
    pa = arrow()
    with path.open("rb") as raw:
        try:
            file = pa.parquet.ParquetFile(raw, buffer_size=1 << 20, pre_buffer=False)
            names = file.schema_arrow.names
            check_columns(names, columns.text, kept=columns.kept)
            wanted = columns.kept and list({columns.text, *columns.kept})
            many, done = max(file.metadata.num_rows, 1), 0
            for batch in file.iter_batches(_ROWS, columns=wanted, use_threads=False):
                done += len(batch)
                kept = batch if columns.kept is None else batch.select(columns.kept)
                yield Part(texts_of(batch, columns.text), kept, done / many)
        except pa.ArrowException as error:
            first = str(error).splitlines()[0].rstrip(".")
            raise InputError(
                "bad-parquet", f"{path} is no whole Parquet file: {first}.", file=str(path)
            ) from error


def _in_parts(
    rows: Iterator[dict[str, Any]], columns: Columns, done: Callable[[], float]
) -> Iterator[Part]:
    texts: list[str | None] = []
    kept: list[dict[str, Any]] = []
    characters = 0
    for row in rows:
        text = row[columns.text]
        texts.append(text)
        kept.append(row if columns.kept is None else {name: row[name] for name in columns.kept})
        characters += len(text or "")
        if len(texts) >= _ROWS or characters >= _CHARACTERS:
            yield Part(texts, kept, done())
            texts, kept, characters = [], [], 0
    if texts:
        yield Part(texts, kept, done())


def _as_text(raw: IO[bytes]) -> IO[str]:
    return io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")


def _progress(raw: IO[bytes], path: Path) -> Callable[[], float]:
    size = max(path.stat().st_size, 1)
    return lambda: min(raw.tell() / size, 1.0)


def _bad_line(path: Path, number: int, what: str) -> InputError:
    return InputError("bad-line", f"{path}, line {number}, {what}.", file=str(path), line=number)


def writer(path: Path, kind: str) -> Writer:
    """Open a file to write to.

    Args:
        path: Where; must not be there yet.
        kind: One of :data:`ENDINGS`.
    """
    makers: dict[str, Callable[[Path], Writer]]
    makers = {".csv": _Csv, ".jsonl": _Lines, ".parquet": _Parquet}
    return makers[kind](path)


def _rows(part: Part, seen: Sequence[Seen]) -> Iterator[dict[str, Any]]:
    kept = part.kept if isinstance(part.kept, list) else part.kept.to_pylist()
    for row, each in zip(kept, seen, strict=True):
        yield {**row, **each._asdict()}


class _Lines:
    """Writes JSON Lines."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("x", encoding="utf-8", errors=_HALF, newline="\n")

    def write(self, part: Part, seen: Sequence[Seen]) -> None:
        for row in _rows(part, seen):
            self._file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")

    def close(self) -> None:
        self._file.close()


class _Csv:
    """Writes CSV; marks as JSON in one field."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("x", encoding="utf-8", errors=_HALF, newline="")
        self._writer: csv.DictWriter[str] | None = None

    def write(self, part: Part, seen: Sequence[Seen]) -> None:
        for row in _rows(part, seen):
            row[MARKS] = json.dumps(row[MARKS], ensure_ascii=False)
            if self._writer is None:
                self._writer = csv.DictWriter(self._file, list(row), restval="")
                self._writer.writeheader()
            if more := row.keys() - set(self._writer.fieldnames):
                raise InputError(
                    "other-columns",
                    f"A later row has '{min(more)}', which the first row has not, and CSV has one "
                    "header; write to .jsonl instead.",
                )
            self._writer.writerow(row)

    def close(self) -> None:
        self._file.close()


class _Parquet:
    """Writes Parquet; the first rows say which columns there are, and of what kind."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pa = arrow()
        self._writer: Any = None
        self._schema: Any = None

    def write(self, part: Part, seen: Sequence[Seen]) -> None:
        batch = with_seen(self._batch(part.kept), seen)
        if self._writer is None:
            self._writer = self._pa.parquet.ParquetWriter(self._path, batch.schema)
        self._writer.write_batch(batch)

    def _batch(self, kept: list[dict[str, Any]] | pa.RecordBatch) -> pa.RecordBatch:
        if not isinstance(kept, list):
            return kept
        try:
            batch = self._pa.RecordBatch.from_pylist(kept, schema=self._schema)
        except (self._pa.ArrowException, UnicodeEncodeError, OverflowError) as error:
            raise InputError(
                "other-columns",
                "The rows do not hold the same kinds of values, which Parquet needs; "
                "write to .jsonl instead.",
            ) from error
        if self._schema is None:
            self._schema = batch.schema
        return batch

    def close(self) -> None:
        if self._writer is None:  # no rows: a file with the added columns alone
            schema = self._pa.schema(added_fields())
            self._writer = self._pa.parquet.ParquetWriter(self._path, schema)
        self._writer.close()

"""Many notes at a time: as plain rows, and as Arrow record batches.

:func:`reflect_batch` is what Spark (``mapInArrow``), Ray (``map_batches``) or Dask map over their
parts; each process loads the model once. pyarrow is loaded when it is asked for, and not before.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple

from spiegel.errors import InputError

from .reflect import reflect_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from .types import Reflection


#: The columns that are added to those of the notes.
LANG, SENTENCES, MARKS = ADDED = ("lang", "sentences", "marks")


class Seen(NamedTuple):
    """What is added to a note's row.

    Attributes:
        lang: The language it was read in; None for a note that is not there.
        sentences: How many it has.
        marks: One dictionary per mark, in the order of the text.
    """

    lang: str | None
    sentences: int
    marks: list[dict[str, Any]]


def look(texts: Sequence[str | None], lang: str | None = None) -> list[Seen]:
    """Mark many notes.

    Args:
        texts: Each a note; None for one that is not there.
        lang: The language of all of them; told from each when not given.

    Returns:
        What is added to each note's row.

    Raises:
        InputError: The language is not one of those known.
    """
    there = [text for text in texts if text is not None]
    found = iter(reflect_many(there, lang))
    return [Seen(None, 0, []) if text is None else _seen(next(found)) for text in texts]


def _seen(reflection: Reflection) -> Seen:
    marks = [
        {
            "sentence": number,
            "label": mark.label,
            "confidence": round(mark.confidence, 3),
            "start": mark.spans[0][0],
            "end": mark.spans[-1][1],
            "question": mark.question,
        }
        for number, sentence in enumerate(reflection.sentences)
        for mark in sentence.marks
    ]
    return Seen(reflection.lang, len(reflection.sentences), marks)


def reflect_batch(
    batch: pa.RecordBatch, text: str = "text", lang: str | None = None
) -> pa.RecordBatch:
    """Mark the notes of an Arrow record batch, or of a table; needs pyarrow.

    Args:
        batch: One note a row.
        text: The name of its column of notes, which holds text; a null is no note.
        lang: ``"nl"`` or ``"en"`` for all notes; told from each when not given.

    Returns:
        The same with three columns more: ``lang``; ``sentences``, how many; and ``marks``, a list
        of structs with ``sentence`` (which, from 0), ``label``, ``confidence``, ``start`` and
        ``end`` (the words that say so, in characters of the note) and ``question``.

    Raises:
        InputError: pyarrow is missing, there is no such column or language, the column does not
            hold text, or a column that would be added is there already.
    """
    seen = look(texts_of(batch, text), lang)
    return with_seen(batch, seen)


def texts_of(batch: pa.RecordBatch, text: str) -> list[str | None]:
    """Take the notes out of a record batch.

    Raises:
        InputError: As for :func:`reflect_batch`.
    """
    check_columns(batch.schema.names, text)
    column = batch.column(text)
    if not is_text(column.type):
        raise InputError(
            "not-text",
            f"The column '{text}' holds {column.type}, not text; give the column of the notes.",
            column=text,
        )
    return list(column.to_pylist())


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a column of this type holds text, also as a dictionary of texts or nothing."""
    types = arrow().types
    if types.is_dictionary(kind):
        kind = kind.value_type
    tests = (types.is_string, types.is_large_string, types.is_string_view, types.is_null)
    return any(test(kind) for test in tests)


def check_columns(names: Sequence[str], text: str, *, kept: Sequence[str] | None = None) -> None:
    """See that the column of notes is there, and that none stands in the way of what is added.

    Args:
        names: The columns there are.
        text: The column of the notes.
        kept: Those that are kept beside what is added; all of them when not given.

    Raises:
        InputError: It is not there, or one does.
    """
    for wanted in [text, *(kept or [])]:
        if wanted not in names:
            listed = ", ".join(names) or "none"
            raise InputError(
                "no-column",
                f"There is no column '{wanted}'; there is {listed}.",
                column=wanted,
            )
    for added in ADDED:
        if added in (names if kept is None else kept):
            raise InputError(
                "column-taken",
                f"There is a column '{added}' already, which the marks would overwrite; rename it.",
                column=added,
            )


def with_seen(batch: pa.RecordBatch, seen: Sequence[Seen]) -> pa.RecordBatch:
    """Add what was seen to a record batch or table."""
    pa = arrow()
    kinds = added_fields()
    arrays = [
        pa.array([getattr(each, field.name) for each in seen], type=field.type) for field in kinds
    ]
    schema = pa.schema([*batch.schema, *kinds], metadata=batch.schema.metadata)
    return type(batch).from_arrays([*batch.columns, *arrays], schema=schema)


def added_fields() -> list[pa.Field]:
    """Describe the columns that are added."""
    pa = arrow()
    mark = pa.struct(
        [
            ("sentence", pa.int32()),
            ("label", pa.string()),
            ("confidence", pa.float64()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("question", pa.string()),
        ]
    )
    return [
        pa.field(LANG, pa.string()),
        pa.field(SENTENCES, pa.int32()),
        pa.field(MARKS, pa.list_(mark)),
    ]


def arrow() -> Any:
    """Load pyarrow.

    Raises:
        InputError: It is not installed.
    """
    try:
        importlib.import_module("pyarrow.parquet")
        return importlib.import_module("pyarrow")
    except ModuleNotFoundError as error:
        raise InputError(
            "no-pyarrow",
            "Parquet and Arrow need pyarrow, which is not installed here; "
            "'pip install pyarrow' installs it.",
        ) from error

"""Rows by the hundred thousand, written as plain values and past the objects of the ORM.

Values are given as the database takes them: ids as hexadecimal text, days as ISO text, moments by
:func:`moment`, JSON as text. Nothing here looks at scopes: the caller names the organisation in
each row, and is inside the transaction that makes it all or nothing.
"""

from __future__ import annotations

import secrets
import time
from contextlib import contextmanager
from datetime import UTC
from itertools import count
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from django.db.models import Model

#: SQLite's cache while a table fills; it takes as much again for sorting an index.
_CACHE_KB = 24_000


def ids() -> Iterator[str]:
    """Give new ids, each above the one before: an index of them grows at its end, which is quick.

    They are UUIDs of version 7: the milliseconds, then a number that counts up from a random one.
    """
    head = int(time.time() * 1000) << 80 | 7 << 76
    tail = secrets.randbits(32)
    for number in count(secrets.randbits(41)):
        # 12 bits of the number, the variant, its 30 others, and 32 that are the same for all
        yield f"{head | number >> 30 << 64 | 0b10 << 62 | (number & 0x3FFFFFFF) << 32 | tail:032x}"


def moment(at: datetime) -> str:
    """Write a moment as the database takes it."""
    utc = at.astimezone(UTC)
    if connection.vendor == "postgresql":
        return utc.isoformat()
    return str(utc.replace(tzinfo=None))


def insert(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows.

    Args:
        model: Whose table.
        names: The fields, in the order in which each row gives them; all that have no default in
            the database.
        rows: The values.
    """
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)  # noqa: SLF001  (the documented way to ask a model)
    columns = ", ".join(quoted(_column(model, name)) for name in names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", [*rows])  # noqa: S608  (names of our own tables and columns)


@contextmanager
def indexes_last(
    model: type[Model], *, wanted: bool, watch: Callable[[float], None]
) -> Iterator[None]:
    """Make a table's indexes anew after the block, which is quicker than row by row when it fills.

    On SQLite alone, where a transaction keeps others from seeing it; elsewhere nothing is done.
    Indexes that keep rows apart stay.

    Args:
        model: Whose table.
        wanted: Whether it pays: most of the table's rows are written inside the block.
        watch: Is told how much of the indexes is made, from 0 to 1.
    """
    if not wanted or not makes_indexes_last():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s "
            "AND sql LIKE 'CREATE INDEX%%'",
            [model._meta.db_table],  # noqa: SLF001  (the documented way to ask a model)
        )
        found = cursor.fetchall()
        with _little_memory(cursor):
            for name, _sql in found:
                cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
            yield
            for number, (_name, sql) in enumerate(found, start=1):
                cursor.execute(sql)
                watch(number / len(found))


@contextmanager
def _little_memory(cursor: Any) -> Iterator[None]:
    """Keep SQLite's cache small and map no pages: what is written is not read again soon."""
    kept = {}
    for name, value in (("mmap_size", 0), ("cache_size", -_CACHE_KB)):
        cursor.execute(f"PRAGMA {name}")
        row = cursor.fetchone()
        kept[name] = row[0] if row else 0
        cursor.execute(f"PRAGMA {name} = {value}")
    try:
        yield
    finally:
        for name, value in kept.items():
            cursor.execute(f"PRAGMA {name} = {value}")


def makes_indexes_last() -> bool:
    """Whether :func:`indexes_last` does anything with this database."""
    return connection.vendor == "sqlite"


def _column(model: type[Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]  # noqa: SLF001  (concrete fields only; the documented way to ask a model)

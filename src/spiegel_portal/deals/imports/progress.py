"""How far an import is, told while its one transaction is still open.

What is written inside that transaction nobody else sees yet. PostgreSQL takes the figure over a
second connection; SQLite has one writer at a time, so there it stands in a file beside the
database, which the portal and the job share.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from django.db import connection

from spiegel_portal.deals.models import Import

if TYPE_CHECKING:
    from types import TracebackType

    from django.db.backends.base.base import BaseDatabaseWrapper

#: Seconds between two figures.
_OFTEN = 0.5
#: What part of the work is done when every row is written and the indexes are still to be made.
_ROWS_WITH_INDEXES = 0.8


class Progress:
    """Tells how far a job is; a figure that cannot be told stops nothing.

    Args:
        run: The import.
    """

    def __init__(self, run: Import) -> None:
        self._run = run
        self._told = 0.0
        self._file = _file(run)
        self._other: BaseDatabaseWrapper | None = None
        #: What part of the work the rows are: less than 1 where indexes come after them.
        self.rows = 1.0

    def indexes_follow(self) -> None:
        """Keep a part of the figure for indexes that are made after the rows."""
        self.rows = _ROWS_WITH_INDEXES

    def note(self, rows: int) -> None:
        """Say how many rows have been dealt with."""
        self._tell(int(rows * self.rows))

    def note_indexes(self, part: float) -> None:
        """Say what part of the indexes is made, from 0 to 1."""
        self._tell(int(self._run.total * (self.rows + (1 - self.rows) * part)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._other is not None:
            self._other.close()
        if self._file is not None:
            with suppress(OSError):
                self._file.unlink(missing_ok=True)

    def _tell(self, done: int) -> None:
        now = time.monotonic()
        if now - self._told < _OFTEN:
            return
        self._told = now
        if self._file is not None:
            with suppress(OSError):
                self._file.write_text(str(done), "utf-8")
        elif connection.vendor == "postgresql":
            self._tell_beside(done)

    def _tell_beside(self, done: int) -> None:
        if self._other is None:
            self._other = connection.copy()
        table = connection.ops.quote_name(Import._meta.db_table)  # noqa: SLF001  (the documented way to ask a model)
        with self._other.cursor() as cursor:
            sentence = f"UPDATE {table} SET done = %s WHERE id = %s AND state = %s"  # noqa: S608  (the name of our own table)
            cursor.execute(sentence, [done, self._run.pk, Import.State.APPLYING])


def percent_of(*, import_run: Import) -> int:
    """Say how far an import is, in percent."""
    done = import_run.done
    file = _file(import_run)
    if file is not None:
        with suppress(OSError, ValueError):
            done = int(file.read_text("utf-8"))
    return min(100, done * 100 // max(import_run.total, 1))


def _file(run: Import) -> Path | None:
    """Where the figure stands: beside a database that is a file."""
    if connection.vendor != "sqlite":
        return None
    path = Path(connection.settings_dict["NAME"])
    return path.with_name(f"{path.name}-{run.pk.hex}.progress") if path.is_file() else None

"""Records that are no rows: blank lines, headers that come again, and what a report ends with.

What is passed over is counted with its lines, so that it can be said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .words import words

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from .dialect import Record

#: The most lines that are remembered of each kind.
_MANY = 50
#: DOS programs end a file with this character.
_END = "\x1a"


@dataclass
class Passed:
    """What was passed over.

    Attributes:
        before: Lines above the header that hold something else.
        headers: Lines that repeat the header.
        footers: Lines of totals and small print.
    """

    before: tuple[int, ...] = ()
    headers: list[int] = field(default_factory=list)
    footers: list[int] = field(default_factory=list)
    _open: bool = True

    def closed(self) -> Passed:
        """Count no further: the rows have been gone through once."""
        self._open = False
        return self

    def header(self, line: int) -> None:
        """Remember a header that came again."""
        if self._open:
            self.headers.append(line)

    def footer(self, line: int) -> None:
        """Remember a line of a footer."""
        if self._open:
            self.footers.append(line)


def data_records(records: Iterator[Record], header: list[str], passed: Passed) -> Iterator[Record]:
    """Give the records that are rows.

    A line with a single filled cell may be the first line of a footer (a report's name); it is
    held back until the next line tells.

    Args:
        records: Every record below the header.
        header: The header's cells.
        passed: Counts what is passed over.
    """
    few = max(2, len(header) // 3)
    narrow = len(header) < 3
    held: list[Record] = []
    footing = False
    for line, cells in records:
        filled = len(cells) - cells.count("")
        if not filled or cells == [_END]:
            continue
        if filled <= few and not narrow:
            if _is_footer(cells) or (footing and filled == 1):
                for number, _ in (*held, (line, cells)):
                    passed.footer(number)
                held, footing = [], True
                continue
            if filled == 1 and cells[0] and len(held) < _MANY:
                held.append((line, cells))
                continue
        yield from held
        held, footing = [], False
        if cells == header:
            passed.header(line)
        else:
            yield line, cells
    yield from held


def _is_footer(cells: list[str]) -> bool:
    first = next(cell for cell in cells if cell)
    return any(pattern.fullmatch(first) for pattern in _patterns())


def _patterns() -> tuple[re.Pattern[str], ...]:
    return words().footers

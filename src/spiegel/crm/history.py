"""What a deals file itself tells of the past: columns with the day each stage was entered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .values import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from .system import System

_QUOTED = re.compile(r"[\"'“”„‘’`«»](?P<stage>.+)[\"'“”„‘’`«»]")
_PIPELINE = re.compile(r"\s*\([^()]*\)\s*$")
_GAP = re.compile(r"[_\s]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A stage that a deal entered, and when."""

    stage: str
    at: datetime


class StageColumns:
    """Finds the columns that tell when a stage was entered, and reads them.

    Args:
        header: The column names.
        system: Whose way of naming such columns is known.
    """

    def __init__(self, header: Sequence[str], system: System) -> None:
        self.places: dict[str, int] = {}
        for place, name in enumerate(header):
            stage = stage_entered(name, system)
            if stage:
                self.places.setdefault(stage, place)

    def entries(
        self, cells: Sequence[str], moment: Callable[[str, str], datetime]
    ) -> tuple[Entry, ...]:
        """Give the stages one row has been in, earliest first.

        Args:
            cells: The row.
            moment: Reads a text under a header; raises when it is no date.
        """
        found = [
            Entry(stage, moment(cells[place], stage))
            for stage, place in self.places.items()
            if cells[place]
        ]
        return tuple(sorted(found, key=lambda entry: entry.at.replace(tzinfo=None)))


def stage_entered(header: str, system: System) -> str:
    """Name the stage of a header such as ``Date entered "Demo (Sales Pipeline)"``; else ``""``."""
    folded = fold(header)
    for start in system.stage_entered:
        if folded.startswith(start) and folded != start:
            quoted = _QUOTED.search(header)
            if quoted:
                return _PIPELINE.sub("", quoted["stage"]).strip()
            rest = _rest(header, len(start))
            return "" if fold(rest) in _CURRENT else _PIPELINE.sub("", rest).strip()
    return ""


_CURRENT = {"currentstage", "huidigestadium", "huidigefase", "aktuellephase"}


def _rest(header: str, folded: int) -> str:
    """Give what follows the first so many letters and digits of a header."""
    counted = 0
    for place, letter in enumerate(header):
        counted += len(fold(letter))
        if counted >= folded:
            return _GAP.sub(" ", header[place + 1 :]).strip(" :-–_")
    return ""

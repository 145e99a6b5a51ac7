"""A file of notes in, the same rows with their marks out: in constant memory, over all cores."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from spiegel.errors import InputError, SpiegelError

from . import files
from .batches import look
from .language import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from .batches import Seen
    from .files import Columns, Part, Writer

_AHEAD = 3  # parts in hand per process
_BAR = 30  # characters


class Done(NamedTuple):
    """What a run came to."""

    notes: int
    sentences: int
    marks: int


def mirror_file(
    source: Path,
    target: Path,
    columns: Columns,
    *,
    lang: str | None = None,
    processes: int | None = None,
    progress: Callable[[float, int], None] = lambda _part, _notes: None,
) -> Done:
    """Mark every note of a file, and write the rows with their marks to another.

    Args:
        source: A .csv, .jsonl or .parquet file with one note a row.
        target: Where to write; the ending says as what. It appears when it is whole; what stood
            there before is replaced.
        columns: The column of notes, and what to keep.
        lang: The language of all notes; told from each when not given.
        processes: How many to share the work over; one per core when not given.
        progress: Told after each part which part of the file is done, 0 to 1, and how many notes.

    Returns:
        How much was done.

    Raises:
        InputError: The source cannot be read, or the target not written; then nothing is.
    """
    if lang is not None:
        load(lang)
    files.ending(source)
    kind = files.ending(target)
    if source.exists() and target.exists() and source.samefile(target):
        raise InputError("same-file", f"{target} is the input too; write to another file.")
    notes = sentences = marks = 0
    with _whole(target, kind) as writer:
        parts = files.parts(source, columns)
        for part, seen in _looked(parts, lang, processes or _cores()):
            writer.write(part, seen)
            notes += len(seen)
            sentences += sum(each.sentences for each in seen)
            marks += sum(len(each.marks) for each in seen)
            progress(part.done, notes)
    return Done(notes, sentences, marks)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _whole(target: Path, kind: str) -> Iterator[Writer]:
    """Write beside a file, and put it in its place when all went well."""
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        writer = files.writer(beside, kind)
        try:
            yield writer
        finally:
            writer.close()
        beside.replace(target)
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise InputError(
            "unwritable-file", f"{target} cannot be written: {reason}.", file=str(target)
        ) from error
    finally:
        beside.unlink(missing_ok=True)


def _looked(
    parts: Iterable[Part], lang: str | None, processes: int
) -> Iterator[tuple[Part, list[Seen]]]:
    if processes == 1:
        for part in parts:
            yield part, look(part.texts, lang)
        return
    # New processes, as a copy of one that has threads (pyarrow's) may hang.
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _begin)
    ahead: deque[tuple[Part, Future[list[Seen]]]] = deque()
    try:
        for part in parts:
            ahead.append((part, pool.submit(look, part.texts, lang)))
            if len(ahead) >= processes * _AHEAD:
                first, seen = ahead.popleft()
                yield first, seen.result()
        while ahead:
            first, seen = ahead.popleft()
            yield first, seen.result()
    except BrokenProcessPool as error:
        raise SpiegelError(
            "worker-ended",
            "One of the processes that mark ended before its work was done, perhaps for want of "
            "memory; try fewer with --processes.",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Begin a process: interrupts are the first process's to handle, and when it goes, this goes.

    Otherwise one that was killed would leave others waiting for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


@contextmanager
def stoppable() -> Iterator[None]:
    """Let a request to stop end what is inside in good order, as an interrupt does."""

    def stop(_signal: int, _frame: object) -> NoReturn:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Bar:
    """A bar on a terminal that fills up."""

    def __init__(self) -> None:
        """Begin with nothing shown; nothing ever is where errors do not go to a terminal."""
        self._shown = ""
        self._active = sys.stderr.isatty()

    def show(self, part: float, notes: int) -> None:
        """Show how far it is, when that differs from what is shown."""
        full = int(part * _BAR)
        line = f"[{'#' * full}{'.' * (_BAR - full)}] {part:4.0%}  {notes:,} notes"
        if self._active and line != self._shown:
            self._shown = line
            sys.stderr.write(f"\r{line}")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the bar, and begin a new line."""
        if self._shown:
            sys.stderr.write("\n")
            sys.stderr.flush()

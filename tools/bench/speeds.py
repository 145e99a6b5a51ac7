"""Measure what is not a page: starting, marking, importing."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import imports
from figures import Speed
from place import ROOT

import spiegel
from data import LOOKED_BACK

if TYPE_CHECKING:
    from collections.abc import Callable


def measure(*, rows: int) -> list[Speed]:
    """Take every figure: medians of several runs, and of an import one run.

    Args:
        rows: How many an import has.
    """
    ours, theirs = imports.rates(rows)
    return [
        Speed("import spiegel", _program("-c", "import spiegel"), "ms"),
        Speed("spiegel mirror, one sentence", _program("-m", "spiegel", "mirror", "-"), "ms"),
        Speed("portal ready for requests", _program("-c", _WSGI), "ms"),
        Speed("marking 1,000 words", _marking(), "ms"),
        Speed(f"import of {rows:,} rows", ours, "rows/s"),
        Speed("the same by django-import-export", theirs, "rows/s"),
    ]


_WSGI = "import spiegel_portal.wsgi, django.urls; django.urls.reverse('front')"


def _program(*words: str, turns: int = 7) -> float:
    """Time a whole process, interpreter start included."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}

    def run() -> None:
        subprocess.run(
            [sys.executable, *words],
            input=b"They bought from nobody.\n",
            capture_output=True,
            check=True,
            env=environment,
        )

    return _median(run, turns)


def _marking() -> float:
    text = " ".join([LOOKED_BACK] * 100)
    words = len(text.split())
    spiegel.reflect(LOOKED_BACK)
    return _median(lambda: spiegel.reflect(text), 5) * 1000 / words


def _median(run: Callable[[], object], turns: int) -> float:
    times = []
    for _turn in range(turns):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)

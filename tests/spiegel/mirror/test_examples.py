"""The examples in the documents run as they stand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import spiegel

ROOT = Path(__file__).resolve().parents[3]
TEXTS = ["I should have asked who signs.", "Ze hielden ons aan het lijntje.", "Dinsdag gebeld."]


def test_dask_marks_a_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(3):
        table = pa.table({"id": [number] * 3, "text": TEXTS})
        pq.write_table(table, tmp_path / "in" / f"{number}.parquet")
    done = subprocess.run(
        [sys.executable, ROOT / "docs/examples/dask_mirror.py", tmp_path / "in", tmp_path / "out"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert (done.stdout, done.returncode) == ("9 notes\n", 0), done.stderr
    for number in range(3):
        rows = pq.read_table(tmp_path / "out" / f"{number}.parquet").to_pylist()
        assert [row["text"] for row in rows] == TEXTS
        for row in rows:
            marks = [mark for each in spiegel.reflect(row["text"]).sentences for mark in each.marks]
            assert [mark["label"] for mark in row["marks"]] == [mark.label for mark in marks]

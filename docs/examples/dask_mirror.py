"""Mark a folder of Parquet files with Dask: ``python dask_mirror.py IN_FOLDER OUT_FOLDER``.

Each file becomes one of the same name with its marks; Dask spreads the record batches over the
cores of this machine, or over a cluster where a client is connected. Spark and Ray map the same
function:

    frame.mapInArrow(lambda batches: map(reflect_batch, batches), schema)
    dataset.map_batches(reflect_batch, batch_format="pyarrow")
"""

from __future__ import annotations

import sys
from pathlib import Path

import dask
import pyarrow as pa
import pyarrow.parquet as pq

from spiegel import reflect_batch


@dask.delayed
def marked(source: Path, target: Path) -> int:
    """Mark one file a batch at a time, and give how many notes it has."""
    notes, writer = 0, None
    for batch in pq.ParquetFile(source).iter_batches(batch_size=256):
        found: pa.RecordBatch = reflect_batch(batch, text="text")
        writer = writer or pq.ParquetWriter(target, found.schema)
        writer.write_batch(found)
        notes += len(found)
    if writer is not None:
        writer.close()
    return notes


def main(source: str, target: str) -> None:
    """Mark every file of a folder."""
    Path(target).mkdir(parents=True, exist_ok=True)
    work = [
        marked(path, Path(target) / path.name) for path in sorted(Path(source).glob("*.parquet"))
    ]
    print(sum(dask.compute(*work, scheduler="processes")), "notes")


if __name__ == "__main__":
    main(*sys.argv[1:])

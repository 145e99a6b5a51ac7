"""The uploaded bytes, kept in the database until their import is done.

In the database and not on a disk, so that a worker on another machine has them, a back-up has them
with the import they belong to, and no web server could ever serve them.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from spiegel.crm import Source, Table, read
from spiegel.errors import InputError
from spiegel_portal.deals.models import ImportFile

if TYPE_CHECKING:
    from spiegel_portal.deals.models import Import


def keep(*, import_run: Import, source: Source) -> None:
    """Store an import's file."""
    packer = zlib.compressobj(level=1)
    packed = [packer.compress(chunk) for chunk in source.chunks()]
    ImportFile.objects.create(
        organisation_id=import_run.organisation_id,
        import_run=import_run,
        data=b"".join([*packed, packer.flush()]),
    )


def table_of(*, import_run: Import) -> Table:
    """Read an import's file.

    Raises:
        InputError: ``file-gone`` when it is no longer kept; else as :func:`spiegel.crm.read`.
    """
    kept = ImportFile.objects.filter(import_run=import_run).first()
    if kept is None:
        raise InputError("file-gone", "The file is no longer kept; upload it again.")
    return read(zlib.decompress(bytes(kept.data)), max_bytes=import_run.size)


def forget(*, import_run: Import) -> None:
    """Remove an import's file; nothing happens when it has gone already."""
    ImportFile.objects.filter(import_run=import_run).delete()

"""Compile the gettext catalogues (.po to .mo) where the source is newer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

if TYPE_CHECKING:
    from pathlib import Path


def compile_catalogues() -> int:
    """Compile every catalogue whose .mo is missing or older than its .po.

    Returns:
        How many were compiled.
    """
    sources = [po for folder in settings.LOCALE_PATHS for po in sorted(folder.rglob("*.po"))]
    stale = [po for po in sources if _is_stale(po)]
    for po in stale:
        with po.open("rb") as source:
            catalogue = read_po(source)
        with po.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)
    return len(stale)


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime

"""The database that is measured: made once per size and per state of the tables, then kept."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from data import Big

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "bench"
_PREFIX = "spiegel_bench_"


def find_source() -> None:
    """Measure this checkout, whatever else is installed."""
    sys.path.insert(0, str(ROOT / "src"))


def choose(*, deals: int, debriefs: int) -> None:
    """Point the settings at the database for this size. Must run before Django is set up."""
    find_source()
    key = _key(deals, debriefs)
    os.environ["SPIEGEL_DATA"] = str(FOLDER / key)
    os.environ["DJANGO_SETTINGS_MODULE"] = "spiegel_portal.settings.local"
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        os.environ["DATABASE_URL"] = _own_database(os.environ["DATABASE_URL"], key)
    for old in FOLDER.glob(f"{deals}_{debriefs}_*"):
        if old.name != key:
            shutil.rmtree(old)


def prepare(*, deals: int, debriefs: int) -> Big:
    """Give the big organisation, made now if it was not there."""
    from django.conf import settings  # noqa: PLC0415  (the same)
    from django.db import connection, transaction  # noqa: PLC0415  (the same)

    import data  # noqa: PLC0415  (needs Django set up)
    from spiegel_portal.commands.serve import prepare as bring_up_to_date  # noqa: PLC0415  (the same)

    bring_up_to_date()
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)  # whitenoise looks for it
    found = data.find()
    if found is not None:
        return found
    start = time.perf_counter()
    _say(f"Making {deals:,} deals and {debriefs:,} debriefs (once) …")
    with transaction.atomic():
        made = data.make(deals=deals, debriefs=debriefs)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does by itself; SQLite's users never do
    _say(f"Made in {time.perf_counter() - start:.0f} s.")
    return made


def _key(deals: int, debriefs: int) -> str:
    """Name the size, the state of the tables and the way they are filled."""
    digest = hashlib.sha256(f"{deals} {debriefs}".encode())
    for path in [*sorted(ROOT.glob("src/spiegel_portal/*/migrations/*.py")), *_makers()]:
        digest.update(path.read_bytes())
    return f"{deals}_{debriefs}_{digest.hexdigest()[:12]}"


def _makers() -> list[Path]:
    return [Path(__file__).with_name("data.py")]


def _own_database(url: str, key: str) -> str:
    """Make a database of our own beside the one the address names; drop older ones of this size."""
    import psycopg  # noqa: PLC0415  (only with PostgreSQL)
    from psycopg import sql  # noqa: PLC0415  (the same)

    name = _PREFIX + key
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)",
            [name.rpartition("_")[0] + "_"],
        )
        there = {row[0] for row in rows}
        for old in there - {name}:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
        if name not in there:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)

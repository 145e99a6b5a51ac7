"""An import, or its undoing, is killed outright: the deals are whole or absent; again does it."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kill.programs import Program

#: From so many rows on, SQLite makes the indexes last.
ROWS = 21_000
KILLS = 10
UNDONE = 3_000
UNDO_KILLS = 4
COUNTS = (
    "SELECT (SELECT count(*) FROM deals_deal d WHERE d.organisation_id = o.id),"
    " (SELECT count(*) FROM deals_dealevent e WHERE e.organisation_id = o.id),"
    " (SELECT count(*) FROM deals_import i WHERE i.organisation_id = o.id AND i.state = 'applied')"
    " FROM people_organisation o WHERE o.slug = '{slug}'"
)


def export(path: Path, rows: int) -> Path:
    """Write a file of deals, every second one won."""
    lines = (f"D{n},Deal {n},Mill {n % 700},{'Won' if n % 2 else 'Proposal'},2026-01-{n % 28 + 1},"
             f"2026-03-{n % 28 + 1},{n}" for n in range(rows))  # fmt: skip
    header = "ID,Name,Customer,Stage,Created on,Closed on,Amount"
    path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    return path


def asked(program: Program, sentence: str) -> list[tuple[Any, ...]]:
    """Ask the database something, past the program."""
    if not program.database_url:
        with closing(sqlite3.connect(program.folder / "spiegel.sqlite3")) as database:
            return database.execute(sentence).fetchall()
    import psycopg

    with psycopg.connect(program.database_url, autocommit=True) as database:
        return database.execute(sentence.encode()).fetchall()


def begun(program: Program, *words: str) -> subprocess.Popen[bytes]:
    """Start a Python program beside it."""
    return subprocess.Popen(
        [sys.executable, *words], env=program.environment(), cwd=program.folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def killed_after(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Kill a process outright when so much time has gone by."""
    time.sleep(seconds)
    process.kill()
    process.wait()


def indexes(program: Program) -> list[tuple[Any, ...]]:
    if program.database_url:
        return asked(program, "SELECT indexname FROM pg_indexes WHERE tablename = 'deals_deal'")
    if asked(program, "PRAGMA integrity_check") != [("ok",)]:
        pytest.fail("the database is damaged")
    sentence = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'deals_deal'"
    return asked(program, sentence)


def test_an_import_is_whole_or_absent(program: Program, tmp_path: Path) -> None:
    file = export(tmp_path / "deals.csv", ROWS)
    program.ask("make_organisations.py", *[f"o{number}" for number in range(KILLS + 1)])
    before = sorted(indexes(program))

    def words(slug: str) -> list[str]:
        return ["-m", "spiegel", "import", str(file), "--organisation", slug]

    start = time.monotonic()
    assert program.run(*words("o0")).returncode == 0
    took = time.monotonic() - start
    whole = asked(program, COUNTS.format(slug="o0"))[0]
    assert whole == (ROWS, ROWS + ROWS // 2, 1)
    dice = random.Random(took)
    for number in range(1, KILLS + 1):
        killed_after(begun(program, *words(f"o{number}")), dice.uniform(0.2, 1) * took)
        found = asked(program, COUNTS.format(slug=f"o{number}"))[0]
        assert found in {whole, (0, 0, 0)}
        if found != whole:
            again = program.run(*words(f"o{number}"))
            assert again.returncode == 0, again.stderr
            # PostgreSQL may have finished what a killed client had asked it to commit: then the
            # rerun is an import that changed nothing.
            assert asked(program, COUNTS.format(slug=f"o{number}"))[0][:2] == whole[:2]
    assert sorted(indexes(program)) == before
    assert asked(program, "SELECT count(*) FROM deals_import WHERE state <> 'applied'") == [(0,)]


def test_an_undoing_is_whole_or_absent(program: Program, tmp_path: Path) -> None:
    file = export(tmp_path / "deals.csv", UNDONE)
    slugs = [f"o{number}" for number in range(UNDO_KILLS + 1)]
    program.ask("make_organisations.py", *slugs)
    for slug in slugs:
        done = program.run("-m", "spiegel", "import", str(file), "--organisation", slug)
        assert done.returncode == 0, done.stderr
    whole = asked(program, COUNTS.format(slug="o0"))[0]
    script = str(program.script("undo_import.py"))
    start = time.monotonic()
    assert program.run(script, "o0").returncode == 0
    took = time.monotonic() - start
    dice = random.Random(took)
    for slug in slugs[1:]:
        killed_after(begun(program, script, slug), dice.uniform(0.2, 1) * took)
        assert asked(program, COUNTS.format(slug=slug))[0] in {(*whole[:2], 0), whole, (0, 0, 0)}
        assert program.run(script, slug).returncode == 0
    for slug in slugs:
        assert asked(program, COUNTS.format(slug=slug))[0] == (0, 0, 0)

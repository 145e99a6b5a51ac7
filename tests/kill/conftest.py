"""A program on a fresh folder; on a fresh PostgreSQL database where DATABASE_URL names a server."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.kill.programs import Program

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.kill)


@pytest.fixture
def fresh_database() -> Iterator[str]:
    """The address of an empty PostgreSQL database; empty where the tests run on SQLite."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"kill_{uuid.uuid4().hex}"
    base = server.rpartition("/")[0]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    yield f"{base}/{name}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture
def program(tmp_path: Path, fresh_database: str) -> Iterator[Program]:
    """A server that has not been started yet."""
    program = Program(tmp_path, fresh_database)
    yield program
    program.clean_up()

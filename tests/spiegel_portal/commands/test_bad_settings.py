"""What is wrong with the environment is said in one sentence, without a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "src"


def run(folder: Path, *words: str, **settings: str) -> tuple[int, str]:
    """Run `spiegel` with these settings alone; its exit code and its standard error."""
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "SPIEGEL_DATA": str(folder),
    } | settings  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "spiegel", *words],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"DATABASE_URL": "elsewhere://x"},
            "DATABASE_URL cannot be read: write postgres://USER:PASSWORD@HOST:PORT/NAME.",
        ),
        (
            {"DJANGO_SETTINGS_MODULE": "spiegel_portal.settings.production"},
            (
                "SPIEGEL_SECRET_KEY is not set: "
                "give a random string of at least 50 characters in the environment."
            ),
        ),
        (
            {"SPIEGEL_DATA": "/dev/null/data"},
            (
                "/dev/null/data/secret-key cannot be used (Not a directory): "
                "set SPIEGEL_DATA to a folder of yours."
            ),
        ),
    ],
)
def test_a_setting_that_cannot_be(settings: dict[str, str], sentence: str, tmp_path: Path) -> None:
    assert run(tmp_path, "serve", **settings) == (2, f"spiegel: {sentence}\n")


def test_a_port_that_is_none(tmp_path: Path) -> None:
    sentence = (
        "spiegel serve: argument --port: 'abc' is no port; give a number from 1 to 65535; "
        "see 'spiegel serve --help'.\n"
    )
    assert run(tmp_path, "serve", PORT="abc") == (2, sentence)


def test_a_host_of_another_machine(tmp_path: Path) -> None:
    code, errors = run(tmp_path, "serve", HOST="192.0.2.1", PORT="8999")
    assert (code, errors.count("\n")) == (2, 1)
    assert errors.startswith("spiegel: 192.0.2.1, port 8999, cannot be served (")


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    code, errors = run(tmp_path, "serve", DATABASE_URL="postgres://nobody@localhost:1/none")
    assert (code, errors.count("\n")) == (2, 1)
    assert errors.startswith("spiegel: The database of DATABASE_URL does not answer (")

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KEY = "only-for-this-test-0123456789" * 3
COMPLETE = {
    "SPIEGEL_SECRET_KEY": KEY,
    "SPIEGEL_ENCRYPTION_KEY": "e" + KEY,
    "SPIEGEL_HOSTS": "spiegel.example",
}


def check(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("SPIEGEL_", "DJANGO_", "DATABASE_"))
    }
    environment |= {
        "DJANGO_SETTINGS_MODULE": "spiegel_portal.settings.production",
        "SPIEGEL_DATA": str(folder),
        "PYTHONPATH": "src",
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deploy_check_is_clean(tmp_path: Path) -> None:
    done = check(tmp_path, **COMPLETE)
    assert (done.returncode, done.stdout.strip()) == (
        0,
        "System check identified no issues (0 silenced).",
    )


def test_a_missing_secret_is_said_in_one_sentence(tmp_path: Path) -> None:
    done = check(tmp_path, **{**COMPLETE, "SPIEGEL_SECRET_KEY": ""})
    assert done.returncode == 1
    assert (
        done.stderr.strip()
        .splitlines()[-1]
        .endswith(
            "SPIEGEL_SECRET_KEY is not set: give a random string of at least 50 characters "
            "in the environment."
        )
    )


def test_a_page_cannot_be_made_to_wait_long_for_a_language_model(tmp_path: Path) -> None:
    assert check(tmp_path, **COMPLETE, SPIEGEL_LANGUAGE_MODEL_SECONDS="9.5").returncode == 0
    for wrong in ("60", "nan", "soon"):
        done = check(tmp_path, **COMPLETE, SPIEGEL_LANGUAGE_MODEL_SECONDS=wrong)
        said = f"SPIEGEL_LANGUAGE_MODEL_SECONDS is {wrong}: give a number from 0.5 to 10."
        assert (done.returncode, said in done.stderr) == (1, True)

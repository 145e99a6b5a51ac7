"""Run the project's checks in order, each under a heading, and stop at the first that fails.

    python tools/run_checks.py [NAME …]      without names: every one

Prints how long each took. `make test`, `make check` and `make test-fast` call this.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import ensure_chromium

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
PYTEST = [PYTHON, "-m", "pytest", "-q"]
#: Two processes on two cores; each makes its own database, so more do not pay.
PARALLEL = ["-n", os.environ.get("SPIEGEL_TEST_PROCESSES", "2"), "--dist", "loadfile"]
WITH_POSTGRES = [PYTHON, "tools/with_postgres.py"]
PLAIN = ["-m", "not browser and not kill and not train"]


@dataclass(frozen=True)
class Check:
    """One step: what it is called, what it says it does, and the commands it runs."""

    name: str
    heading: str
    commands: tuple[list[str], ...]


CHECKS = (
    Check(
        "lint",
        "Lint and format",
        (
            [str(BIN / "ruff"), "check", "--quiet", "."],
            [str(BIN / "ruff"), "format", "--quiet", "--check", "."],
        ),
    ),
    Check("types", "Types", ([str(BIN / "mypy")],)),
    Check("translations", "Translations", ([PYTHON, "tools/messages.py", "check"],)),
    Check(
        "migrations",
        "Migrations match the models",
        ([PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run", "-v1"],),
    ),
    Check("sqlite", "Tests on SQLite", ([*PYTEST, *PARALLEL, *PLAIN],)),
    Check(
        "postgres",
        "Tests of the portal on PostgreSQL",
        ([*WITH_POSTGRES, *PYTEST, *PARALLEL, *PLAIN, "tests/spiegel_portal"],),
    ),
    Check("browser", "Browser tests", ([*PYTEST, "-m", "browser", "tests"],)),
    Check(
        "kill",
        "Programs killed outright, on both databases",
        (
            [*PYTEST, "-m", "kill", "tests"],
            [*WITH_POSTGRES, *PYTEST, "-m", "kill", "tests"],
        ),
    ),
)


def environment() -> dict[str, str]:
    """The environment of every step."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "spiegel_portal.settings.test",
        "PYTHONUNBUFFERED": "1",
    }


def run(check: Check) -> int:
    """Run one check's commands.

    Returns:
        The exit code of the first that failed, or 0.
    """
    env = environment()
    if check.name == "browser":
        path = ensure_chromium.find() or ensure_chromium.install()
        if path is None:
            return ensure_chromium.main()
        env["CHROMIUM"] = path
    for command in check.commands:
        code = subprocess.run(command, check=False, cwd=ROOT, env=env).returncode
        if code:
            return code
    return 0


def main(names: list[str]) -> int:
    """Run the named checks, or all.

    Returns:
        0 when all passed, the failing step's exit code otherwise, 2 for an unknown name.
    """
    known = {check.name: check for check in CHECKS}
    if unknown := [name for name in names if name not in known]:
        print(f"No check is called {unknown[0]}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    took: list[tuple[str, float]] = []
    for check in [known[name] for name in names] or CHECKS:
        print(f"\n=== {check.heading} ===", flush=True)
        started = time.monotonic()
        code = run(check)
        took.append((check.heading, time.monotonic() - started))
        if code:
            print(f"\nspiegel: failed at: {check.heading} (exit code {code}).", file=sys.stderr)
            return code
    print("\n" + "\n".join(f"{seconds:7.1f} s  {heading}" for heading, seconds in took))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

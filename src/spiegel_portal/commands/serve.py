"""`spiegel serve`: database up to date, translations compiled, web server and worker running."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from spiegel.cli import Parser
from spiegel.errors import InputError
from spiegel_portal.people.models import User

from . import processes
from .translations import compile_catalogues

if TYPE_CHECKING:
    import subprocess


def main(argv: list[str]) -> int:
    """Serve until stopped.

    Returns:
        0 after a request to stop.

    Raises:
        InputError: The address cannot be used, or as :func:`prepare`.
    """
    options = _parser().parse_args(argv)
    prepare()
    _try_address(options.host, options.port)
    # The web server's settings answer to the host that is served.
    os.environ["HOST"] = options.host
    if options.demo_if_empty:
        _demo_if_empty()
    _greet(options.host, options.port)
    return processes.supervise(_start(options))


def prepare() -> None:
    """Bring the database and the compiled translations up to date. Destroys nothing.

    Raises:
        InputError: The data folder or the database cannot be used.
    """
    try:
        for folder in (settings.DATA, settings.STATIC_ROOT):
            folder.mkdir(parents=True, exist_ok=True)
        connection.ensure_connection()
    except OSError as error:
        raise InputError(
            "no-data-folder",
            f"{error.filename} cannot be used ({error.strerror}): "
            "set SPIEGEL_DATA to a folder of yours.",
        ) from error
    except OperationalError as error:
        reason = " ".join(str(error).split())
        raise InputError(
            "no-database", f"The database of DATABASE_URL does not answer ({reason})."
        ) from error
    compile_catalogues()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    if "DatabaseCache" in settings.CACHES["default"]["BACKEND"]:
        call_command("createcachetable", verbosity=0)
    if "Manifest" in settings.STORAGES["staticfiles"]["BACKEND"]:
        call_command("collectstatic", verbosity=0, interactive=False)


def _parser() -> Parser:
    parser = Parser(prog="spiegel serve", description="Serve the portal, with its background jobs.")
    parser.add_argument("--host", default=os.environ.get("HOST", "localhost"))
    parser.add_argument("--port", type=_port, default=os.environ.get("PORT", "8000"))
    parser.add_argument(
        "--no-worker", action="store_true", help="leave background jobs to `spiegel worker`"
    )
    parser.add_argument(
        "--demo-if-empty", action="store_true", help="load the demo into an empty database"
    )
    return parser


def _port(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65536):
        message = f"{text!r} is no port; give a number from 1 to 65535"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _try_address(host: str, port: int) -> None:
    """Take the address for a moment.

    Raises:
        InputError: It cannot be taken.
    """
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((_address(host), port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InputError(
                "port-in-use",
                f"port {port} is in use on {host}; "
                f"stop what runs there, or choose another with PORT={port + 1}.",
            ) from error
        raise InputError(
            "no-address",
            f"{host}, port {port}, cannot be served ({error.strerror}); "
            "give an address of this machine with HOST and PORT.",
        ) from error


def _address(host: str) -> str:
    """The number of a host's name: the web server takes nothing else."""
    return socket.gethostbyname(host)


def _demo_if_empty() -> None:
    if not User.objects.exists():
        from . import demo  # noqa: PLC0415  (heavy, and seldom needed)

        demo.load()


def _greet(host: str, port: int) -> None:
    from . import demo  # noqa: PLC0415  (see above)

    print(f"Spiegel: http://{host}:{port}", flush=True)
    if not User.objects.exists():
        print("Nobody has an account yet: open the address to make the first one.", flush=True)
    elif demo.is_loaded():
        print(demo.log_ins(), flush=True)


def _start(options: argparse.Namespace) -> list[subprocess.Popen[bytes]]:
    connection.close()
    program = [sys.executable, "-m"]
    web = [
        *program, "granian", "--interface", "wsgi", "--host", _address(options.host),
        "--port", str(options.port), "--workers", os.environ.get("SPIEGEL_WEB_WORKERS", "1"),
        "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
        "spiegel_portal.wsgi:application",
    ]  # fmt: skip
    children = [processes.start(web)]
    if not options.no_worker:
        children.append(processes.start([*program, "spiegel", "worker"]))
    return children

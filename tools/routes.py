"""Write docs/routes.md from the descriptions in tests/rules/routes.py.

python tools/routes.py
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

HEAD = """# Routes

Every address, who may open it, and what is there. Whoever may not open something gets the same 404
as for something that does not exist; who is not logged in is sent to the log-in page.

Written by `python tools/routes.py` from `tests/rules/routes.py`; a test opens every address as each
kind of person.

| address | name | what | who |
|---|---|---|---|
"""


def table() -> str:
    """The text of docs/routes.md."""
    from tests.rules.routes import ROUTES  # noqa: PLC0415  (needs the path set below)
    from tests.rules.urls import patterns  # noqa: PLC0415  (the same)

    addresses = patterns()
    rows = [
        f"| `{addresses[route.name]}` | {route.name} | {route.what} | {route.audience.words} |"
        for route in ROUTES
        if route.name in addresses
    ]
    return HEAD + "\n".join(rows) + "\n"


def main() -> int:
    """Write the file."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spiegel_portal.settings.test")
    import django  # noqa: PLC0415  (needs the settings named above)

    django.setup()
    (ROOT / "docs" / "routes.md").write_text(table(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

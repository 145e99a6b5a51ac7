"""The portal's own commands, called by the engine's `spiegel` program.

A command is a module in this folder with ``main(argv: list[str]) -> int``; adding one is adding
its name to :data:`MODULES` (and to ``spiegel.cli.PORTAL_COMMANDS``, whose help shows it).
"""

from __future__ import annotations

import importlib
import os

from spiegel.errors import InputError

MODULES = {
    "import": "spiegel_portal.commands.import_file",
    "serve": "spiegel_portal.commands.serve",
    "worker": "spiegel_portal.commands.worker",
    "demo": "spiegel_portal.commands.demo",
    "manage": "spiegel_portal.commands.manage",
}


def run(name: str, argv: list[str]) -> int:
    """Run one of the portal's commands with Django set up.

    Args:
        name: A key of MODULES.
        argv: The words after the command's name.

    Returns:
        The exit code: 0 when done, 2 for bad input.

    Raises:
        InputError: A setting in the environment cannot be used.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spiegel_portal.settings.local")
    import django  # noqa: PLC0415  (only the portal's commands need Django)
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415  (as above)

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise InputError("setting", str(error)) from error
    module = importlib.import_module(MODULES[name])
    return int(module.main(argv))

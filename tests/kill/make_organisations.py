"""Make organisations with the slugs named; print how many there are."""

from __future__ import annotations

import sys

import django


def main() -> None:
    """Make them in the database that the environment names."""
    from spiegel_portal.commands.serve import prepare
    from spiegel_portal.people.models import Organisation

    prepare()
    for slug in sys.argv[1:]:
        Organisation.objects.create(name=slug, slug=slug)
    sys.stdout.write(str(Organisation.objects.count()))


django.setup()
main()

"""Run the job that reads a CRM: `sync_connection.py ORGANISATION CONNECTION`."""

from __future__ import annotations

import sys

import django


def main() -> None:
    """Run it in the database that the environment names, until there is no more to read."""
    from django.utils import timezone

    from spiegel_portal.common.tenancy import organisation_scope
    from spiegel_portal.deals.connections.syncing import sync
    from spiegel_portal.people.models import Organisation

    organisation, connection = sys.argv[1:]
    with organisation_scope(Organisation.objects.get(pk=organisation)):
        while sync(connection_id=connection, now=timezone.now()):
            pass
    sys.stdout.write("null")


django.setup()
main()

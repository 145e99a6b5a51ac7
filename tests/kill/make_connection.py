"""Bring the database up to date and connect an organisation with a CRM; print both ids as JSON."""

from __future__ import annotations

import json
import sys

import django


def main() -> None:
    """Make them in the database that the environment names."""
    from django.core.management import call_command
    from tests.factories import make_person

    from spiegel_portal.common.tenancy import organisation_scope
    from spiegel_portal.deals.connections.oauth import Tokens
    from spiegel_portal.deals.connections.syncing import encrypted
    from spiegel_portal.deals.models import Connection
    from spiegel_portal.people.models import Organisation, Role

    call_command("migrate", verbosity=0)
    organisation = Organisation.objects.create(name="Ours", slug="ours", language="en")
    actor = make_person("owner", organisation, Role.ADMINISTRATOR, None)
    tokens = Tokens("key-1", is_key=True)
    with organisation_scope(organisation):
        made = Connection.objects.create(
            organisation=organisation,
            system="pipedrive",
            connected_by=actor,
            **encrypted(tokens),
        )
    sys.stdout.write(json.dumps([str(organisation.pk), str(made.pk)]))


django.setup()
main()

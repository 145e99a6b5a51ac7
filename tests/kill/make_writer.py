"""Make a seller with a debrief under way; print their session and the debrief as JSON."""

from __future__ import annotations

import json
import sys

import django


def main() -> None:
    """Make them in the database that the environment names."""
    from django.conf import settings
    from django.test import Client
    from tests.factories import make_deal, make_person

    from spiegel_portal.common.tenancy import organisation_scope
    from spiegel_portal.debriefs.domain import start_debrief
    from spiegel_portal.people.models import Organisation, Role

    organisation = Organisation.objects.create(name="Ours", slug="ours", language="en")
    writer = make_person("writer", organisation, Role.SELLER, None)
    deal = make_deal(organisation, writer, stage_type="lost")
    with organisation_scope(organisation):
        debrief = start_debrief(deal=deal, author=writer)
    client = Client()
    client.force_login(writer)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    found = {
        "cookies": {settings.SESSION_COOKIE_NAME: session},
        "debrief": str(debrief.pk),
        "version": debrief.version,
    }
    sys.stdout.write(json.dumps(found))


django.setup()
main()

"""The background job of a connection: ids in, the scope opened, one domain function called."""

from __future__ import annotations

from django.utils import timezone

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.people.models import Organisation

from . import domain


def sync(organisation_id: str, connection_id: str) -> None:
    """Read what is new in a CRM, and hand over to a next job while there is more."""
    with organisation_scope(Organisation.objects.get(pk=organisation_id)):
        domain.look(connection_id=connection_id, now=timezone.now())

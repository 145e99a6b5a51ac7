"""Take back the only import of the organisation named, as the job of the portal does."""

from __future__ import annotations

import sys

import django


def main() -> None:
    """Undo it in the database that the environment names; again is no harm."""
    from django.utils import timezone

    from spiegel_portal.common.tenancy import organisation_scope
    from spiegel_portal.deals.imports.undoing import undo_import
    from spiegel_portal.deals.models import Import
    from spiegel_portal.people.models import Organisation

    with organisation_scope(Organisation.objects.get(slug=sys.argv[1])):
        Import.objects.filter(state=Import.State.APPLIED).update(state=Import.State.UNDOING)
        undo_import(import_id=Import.objects.get().pk, now=timezone.now())


django.setup()
main()

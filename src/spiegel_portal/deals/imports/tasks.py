"""Background jobs of imports: ids in, the scope opened, one domain function called."""

from __future__ import annotations

from django.utils import timezone

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.people.models import Organisation

from . import domain
from .applying import apply_import
from .undoing import undo_import


def look(organisation_id: str, import_id: str, start: bool) -> None:
    """Read a long file, and import it where that was asked and nothing is left to answer."""
    with organisation_scope(Organisation.objects.get(pk=organisation_id)):
        domain.look(import_id=import_id, start=start)


def apply(organisation_id: str, import_id: str) -> None:
    """Write an import's deals."""
    with organisation_scope(Organisation.objects.get(pk=organisation_id)):
        apply_import(import_id=import_id, now=timezone.now())


def undo(organisation_id: str, import_id: str) -> None:
    """Take an import back."""
    with organisation_scope(Organisation.objects.get(pk=organisation_id)):
        undo_import(import_id=import_id, now=timezone.now())

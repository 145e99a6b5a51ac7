"""Named queries on imports. Who asks is an argument, never an afterthought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from spiegel_portal.deals.models import Import, ImportRejection
from spiegel_portal.people.models import Membership

from .owners import FOR_ALL

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from spiegel_portal.people.models import User


def visible_imports(*, membership: Membership) -> QuerySet[Import]:
    """The imports a member may see: their own; managers and administrators all of them."""
    imports: QuerySet[Import] = Import.objects.select_related("uploaded_by")
    if membership.role in FOR_ALL:
        return imports
    return imports.filter(uploaded_by=membership.user_id)


def visible_import(*, membership: Membership, import_id: UUID) -> Import:
    """Give one import.

    Raises:
        Http404: It is not there, or not theirs to see.
    """
    imports = visible_imports(membership=membership).select_related("organisation", "uploaded_by")
    found = imports.filter(pk=import_id).first()
    if found is None:
        raise Http404
    return found


def rejections(*, import_run: Import) -> QuerySet[ImportRejection]:
    """The rows an import did not take, in the order of the file."""
    rows: QuerySet[ImportRejection] = ImportRejection.objects.filter(import_run=import_run)
    return rows


def members() -> list[User]:
    """Everybody an owner in a file can be, by name. Needs an open scope."""
    found = Membership.objects.filter(left_at=None).select_related("user")
    return sorted((member.user for member in found), key=str)

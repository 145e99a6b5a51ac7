"""Everything of one's own: taken along, or erased.

Each app says in its ``apps.ready`` which of its rows belong to a person, with :func:`register`.
A test holds the register against every model that points at a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction

from spiegel_portal.common import audit
from spiegel_portal.common.tenancy import across_organisations, organisation_scope

from .models import Invitation, Membership, Organisation

if TYPE_CHECKING:
    from django.db.models import Model

    from .models import User

#: Never taken along: it opens an account, or serves nobody.
_LEFT_OUT = {"password", "secret_hash", "organisation_id"}


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of a model that belong to the person a field points at.

    Attributes:
        model: ``app.Model``.
        field: The way to the person, ``author`` or ``plan__author``.
        erase: Whether the rows go when the person does; else they stay without them.
    """

    model: str
    field: str
    erase: bool = True


_sources: list[Source] = []


def register(*sources: Source) -> None:
    """Add an app's rows to what people can take along and erase."""
    _sources.extend(source for source in sources if source not in _sources)


def registered() -> tuple[Source, ...]:
    """Give every source there is."""
    return tuple(_sources)


def export(*, user: User) -> dict[str, Any]:
    """Gather everything of one person, in all their organisations.

    Returns:
        Model name with the way to the person, to rows: dictionaries of values that Django's JSON
        encoder can write.
    """
    with across_organisations("own-data"):
        found = {f"{source.model} ({source.field})": _rows(source, user) for source in _sources}
    return {"person": _values(user), **found}


@transaction.atomic
def erase(*, user: User) -> None:
    """Erase everything of one person; an organisation of theirs alone goes entirely.

    Deals of a company belong to the company: they stay, without an owner.
    """
    with across_organisations("own-data"):
        memberships = list(Membership.objects.filter(user=user).select_related("organisation"))
        for source in reversed(_sources):
            if source.erase:
                _model(source).objects.filter(**{source.field: user}).delete()
        Invitation.objects.filter(email=user.email).delete()
    for organisation in [membership.organisation for membership in memberships]:
        _leave(organisation)
    with across_organisations("own-data"):
        user.delete()


def _leave(organisation: Organisation) -> None:
    with organisation_scope(organisation):
        if organisation.kind != Organisation.Kind.SOLO:
            audit.record(organisation=organisation, actor=None, action="person.erased", subject="")
            return
    with across_organisations("own-data"):
        organisation.delete()


def _model(source: Source) -> Any:
    return apps.get_model(source.model)


def _rows(source: Source, user: User) -> list[dict[str, Any]]:
    return [_values(row) for row in _model(source).objects.filter(**{source.field: user})]


def _values(row: Model) -> dict[str, Any]:
    names = [field.attname for field in row._meta.concrete_fields]  # noqa: SLF001  (Django's documented model API)
    return {name: getattr(row, name) for name in names if name not in _LEFT_OUT}

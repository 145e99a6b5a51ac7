"""Everything of one's own: taken along, or erased.

Each app says in its ``apps.ready`` which of its rows belong to a person, with :func:`register`, and
what a person reads of them. A test holds the register against every model that points at a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from spiegel_portal.common import audit
from spiegel_portal.common.errors import Refused
from spiegel_portal.common.tenancy import across_organisations, organisation_scope

from .models import Invitation, Membership, Organisation, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model
    from django.utils.functional import Promise

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
        title: What a person calls them; empty for rows that only a program reads.
        parts: What is read of a row: the way to each value (``lesson.text``) and what it is called.
        rank: Where they stand among the others, low before high.
    """

    model: str
    field: str
    erase: bool = True
    title: str | Promise = ""
    parts: tuple[tuple[str, str | Promise], ...] = ()
    rank: int = 50

    def relations(self) -> list[str]:
        """The rows that the parts lead through, for one query instead of one a row."""
        fields = apps.get_model(self.model)._meta.get_fields()  # noqa: SLF001  (Django's documented model API)
        foreign = {field.name for field in fields if field.many_to_one or field.one_to_one}
        ways = [way.replace(".", "__").rpartition("__")[0] or way for way, _label in self.parts]
        return sorted({way for way in ways if way.split("__")[0] in foreign})


@dataclass(frozen=True, slots=True)
class Chapter:
    """Rows of one kind as their owner reads them: per row, what each value is called and says."""

    title: str | Promise
    rows: list[list[tuple[str | Promise, str]]]


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


def readable(*, user: User) -> list[Chapter]:
    """Gather what a person wrote and did, to be read by a person; what is empty is left out."""
    shown = sorted((source for source in _sources if source.title), key=lambda one: one.rank)
    with across_organisations("own-data"):
        chapters = [Chapter(source.title, list(_read(source, user))) for source in shown]
    return [chapter for chapter in chapters if chapter.rows]


def _read(source: Source, user: User) -> Iterator[list[tuple[str | Promise, str]]]:
    rows = _model(source).objects.filter(**{source.field: user})
    for row in rows.select_related(*source.relations()):
        said = ((label, _say(_follow(row, way))) for way, label in source.parts)
        yield [(label, text) for label, text in said if text]


def _follow(row: Model, way: str) -> Any:
    value: Any = row
    for name in way.split("."):
        value = getattr(value, name, None)
    return value() if callable(value) else value


def _say(value: Any) -> str:
    """Say a value in the reader's language and notation."""
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, dict):
        return "\n\n".join(str(text) for text in value.values() if text)
    return "" if value is None else str(value)


@transaction.atomic
def erase(*, user: User) -> None:
    """Erase everything of one person; an organisation of theirs alone goes entirely.

    Deals of a company belong to the company: they stay, without an owner.

    Raises:
        Refused: A company would be left with members and without an administrator.
    """
    with across_organisations("own-data"):
        _hand_over(user)
        memberships = list(Membership.objects.filter(user=user).select_related("organisation"))
        for source in reversed(_sources):
            if source.erase:
                _model(source).objects.filter(**{source.field: user}).delete()
        Invitation.objects.filter(email=user.email).delete()
    for organisation in [membership.organisation for membership in memberships]:
        _leave(organisation)
    with across_organisations("own-data"):
        user.delete()


def _hand_over(user: User) -> None:
    """See to it that nobody stays behind in a company that nobody can administer."""
    for mine in Membership.objects.filter(user=user, left_at=None, role=Role.ADMINISTRATOR):
        others = Membership.objects.filter(organisation=mine.organisation_id, left_at=None).exclude(
            pk=mine.pk
        )
        if others.exists() and not others.filter(role=Role.ADMINISTRATOR).exists():
            raise Refused(
                "last-administrator",
                _(
                    "You are the only administrator of %(name)s: make another member "
                    "administrator first. Nothing was erased."
                )
                % {"name": mine.organisation},
            )


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

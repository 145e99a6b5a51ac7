"""Whose a deal becomes: the file's owner matched with a member, or the importer's own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from spiegel_portal.deals.text import fold
from spiegel_portal.people.models import Membership, Organisation, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from spiegel.crm import DealRow
    from spiegel_portal.people.models import User

    from .choices import Choices

#: Who may bring in deals of others.
FOR_ALL = frozenset({Role.MANAGER, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Importer:
    """Who brings a file in, and whether for the whole organisation or for themselves alone."""

    user: User | None
    for_all: bool

    @classmethod
    def of(cls, *, user: User | None) -> Importer:
        """Look up what somebody may import; without a person (a command) it is for all.

        A person who is no member (any more) may bring in nothing of others.
        """
        if user is None:
            return cls(None, for_all=True)
        member = Membership.objects.filter(user=user, left_at=None).first()
        return cls(user, for_all=member is not None and member.role in FOR_ALL)


@dataclass(frozen=True)
class Owners:
    """Decides for each row whether it is taken, and whose deal it becomes.

    Attributes:
        mode: One of :data:`~.choices.OWNER_MODES`, or ``""`` while it is still to be asked.
        importer: Who brings the file in.
        chosen: Owner's name in the file to a member's id, or None for nobody.
        by_name: Folded name or e-mail address to the one member it can be.
    """

    mode: str
    importer: Importer
    chosen: Mapping[str, UUID | None] = field(default_factory=dict)
    by_name: Mapping[str, UUID] = field(default_factory=dict)

    def takes(self, row: DealRow) -> bool:
        """Whether a row is the importer's to bring in: all of them, or their own."""
        if self.importer.for_all or self.mode == "mine" or self.importer.user is None:
            return True
        return self.of(row) == self.importer.user.pk

    def of(self, row: DealRow) -> UUID | None:
        """The member a row's deal belongs to, or None."""
        if self.mode == "mine" and self.importer.user is not None:
            return self.importer.user.pk
        if self.mode not in {"column", ""}:
            return None
        return self.member_named(row.owner) or self.by_name.get(fold(row.owner_email))

    def knows_importer(self, names: Iterable[str]) -> bool:
        """Whether the importer may import for all, or is one of these owners."""
        importer = self.importer
        if importer.for_all or importer.user is None:
            return True
        return any(self.member_named(name) == importer.user.pk for name in names)

    def member_named(self, name: str) -> UUID | None:
        """The member that an owner's name in the file stands for, or None."""
        if name in self.chosen:
            return self.chosen[name]
        return self.by_name.get(fold(name))


def owners_for(
    *,
    organisation: Organisation,
    importer: Importer,
    choices: Choices,
    mapping: Mapping[str, str],
    names: Iterable[str],
) -> Owners:
    """Prepare the matching of owners with members. Needs an open scope.

    Where nothing was chosen: one's own organisation of one, or a seller's file without a column
    of owners, is the importer's own; otherwise the column decides. A seller whose name is not in
    that column is asked (the mode is ``""``): all may be theirs under another name, or none.

    Args:
        organisation: Whose members.
        importer: Who brings the file in.
        choices: What was chosen.
        mapping: Field to header.
        names: The owners in the file; they matter only while no mode was chosen.
    """
    members = Membership.objects.filter(left_at=None).select_related("user")
    users = {str(member.user_id): member.user for member in members}
    mode = choices.owner_mode
    if not mode or (mode == "column" and not _has_column(mapping)):
        mode = _likely_mode(organisation, importer, mapping)
    allowed = users if importer.for_all else _only(users, importer)
    chosen = {
        name: allowed[member].pk if member in allowed else None
        for name, member in choices.owners.items()
    }
    owners = Owners(mode, importer, chosen, names_of(users.values()))
    if not choices.owner_mode and mode == "column" and not owners.knows_importer(names):
        return replace(owners, mode="")
    return owners


def _has_column(mapping: Mapping[str, str]) -> bool:
    return "owner" in mapping or "owner_email" in mapping


def _likely_mode(organisation: Organisation, importer: Importer, mapping: Mapping[str, str]) -> str:
    if importer.user is not None and organisation.kind == Organisation.Kind.SOLO:
        return "mine"
    if _has_column(mapping):
        return "column"
    return "nobody" if importer.for_all else "mine"


def _only(users: Mapping[str, User], importer: Importer) -> dict[str, User]:
    own = str(importer.user.pk) if importer.user else ""
    return {key: user for key, user in users.items() if key == own}


def names_of(users: Iterable[User]) -> dict[str, UUID]:
    """Give the names that can be only one member; a name two members share decides nothing."""
    found: dict[str, set[UUID]] = defaultdict(set)
    for user in users:
        for name in (user.name, user.email):
            if name:
                found[fold(name)].add(user.pk)
    return {name: ids.pop() for name, ids in found.items() if len(ids) == 1}

"""What a person chose for one import, as it is kept with it (``Import.choices``)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from spiegel.crm import Answers
from spiegel_portal.deals.models import Import, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spiegel_portal.people.models import User

#: Whose the deals become: by the file's owner column, all the importer's, or nobody's yet.
OWNER_MODES = ("column", "mine", "nobody")


@dataclass(frozen=True)
class Choices:
    """Everything a person can decide about an import. What is left out is decided from the file.

    Attributes:
        mapping: Field to header; ``""`` leaves a field out.
        stage_types: Stage name to stage type, for names the organisation does not have yet.
        date_order: ``"dmy"``, ``"mdy"`` or ``""``.
        decimal_sign: ``"."``, ``","`` or ``""``.
        owner_mode: One of :data:`OWNER_MODES`, or ``""``.
        owners: Owner's name in the file to a member's id; ``""`` for nobody.
        reason_types: Reason of lost deals to the stage type it really means.
        key: Fields that tell deals apart where there is no id.
        event_kinds: Type of an activity to the kind of event it is.
    """

    mapping: dict[str, str] = field(default_factory=dict)
    stage_types: dict[str, str] = field(default_factory=dict)
    date_order: str = ""
    decimal_sign: str = ""
    owner_mode: str = ""
    owners: dict[str, str] = field(default_factory=dict)
    reason_types: dict[str, str] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)
    event_kinds: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Choices:
        """Read what was kept; names nobody knows any more are passed over."""
        known = {part.name for part in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in known})

    def to_json(self) -> dict[str, Any]:
        """Give what is kept."""
        return asdict(self)

    def answers(self, own_stages: Mapping[str, str]) -> Answers:
        """Give what the reader needs; the organisation's own stages keep their types."""
        return Answers(
            mapping=self.mapping,
            stage_types={**self.stage_types, **own_stages},
            date_order=self.date_order or None,
            decimal_sign=self.decimal_sign or None,
            reason_types=self.reason_types,
            key=tuple(self.key),
            event_kinds=self.event_kinds,
        )


def remembered(*, header: list[str], user: User | None) -> tuple[Choices, str]:
    """Give what was chosen for the last import of a file with these columns. Needs an open scope.

    Whose the deals become is remembered for the same person only.

    Args:
        header: The columns of a new file.
        user: Who brings it in.

    Returns:
        The choices, and the name of that file; no choices and ``""`` when there was none.
    """
    last = (
        Import.objects.filter(state=Import.State.APPLIED, understanding__header=header)
        .order_by("-finished_at")
        .first()
    )
    if last is None:
        return Choices(), ""
    kept = Choices.from_json(last.choices)
    same = user is not None and last.uploaded_by_id == user.pk
    chosen = Choices(
        mapping=kept.mapping,
        reason_types=kept.reason_types,
        key=kept.key,
        event_kinds=kept.event_kinds,
        owner_mode=kept.owner_mode if same else "",
        owners=kept.owners if same else {},
    )
    return chosen, last.filename


def own_stage_types() -> dict[str, str]:
    """Give the organisation's stages: name to type. Needs an open scope."""
    return dict(Stage.objects.values_list("name", "type"))

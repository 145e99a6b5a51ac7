"""The stages an organisation starts with, until its own CRM's stages are imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .models import Stage, StageType

if TYPE_CHECKING:
    from spiegel_portal.people.models import Organisation

#: Language to the names of the first stages, in order, with their types.
FIRST_STAGES: dict[str, list[tuple[str, StageType]]] = {
    "nl": [
        ("Eerste contact", StageType.OPEN),
        ("Behoefte helder", StageType.OPEN),
        ("Voorstel", StageType.OPEN),
        ("Onderhandeling", StageType.OPEN),
        ("Gewonnen", StageType.WON),
        ("Verloren", StageType.LOST),
        ("Geen besluit", StageType.NO_DECISION),
        ("Geparkeerd", StageType.PARKED),
    ],
    "en": [
        ("First contact", StageType.OPEN),
        ("Need is clear", StageType.OPEN),
        ("Proposal", StageType.OPEN),
        ("Negotiation", StageType.OPEN),
        ("Won", StageType.WON),
        ("Lost", StageType.LOST),
        ("No decision", StageType.NO_DECISION),
        ("Parked", StageType.PARKED),
    ],
}


def ensure_stages(*, organisation: Organisation) -> list[Stage]:
    """Give the organisation's stages in order; make the first ones where it has none."""
    stages = list(Stage.objects.all())
    if stages:
        return stages
    names = FIRST_STAGES.get(organisation.language, FIRST_STAGES["en"])
    Stage.objects.bulk_create(
        [
            Stage(organisation=organisation, name=name, type=kind, position=position)
            for position, (name, kind) in enumerate(names)
        ],
        ignore_conflicts=True,
    )
    return list(Stage.objects.all())

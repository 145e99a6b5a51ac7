"""An import's file, choices and database brought together: what is understood, what it would do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from spiegel.crm import Reading, Table, Understanding, deals_with_cells, systems, understand
from spiegel_portal.deals.models import Deal

from .choices import Choices, own_stage_types
from .owners import Importer, Owners, owners_for
from .plan import Plan, Planner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spiegel.crm import Decision, Rejection
    from spiegel_portal.deals.models import Import

#: The most owners' names and sample rejections that are kept for the page.
_MANY = 200
_SHOWN = 5
#: The most reasons that are asked about one by one.
_ASKED = 40


@dataclass(frozen=True)
class Settled:
    """A file, and how its rows become deals."""

    table: Table
    reading: Reading
    owners: Owners


@dataclass(frozen=True)
class Understood(Settled):
    """A file, read with its import's choices."""

    found: Understanding


def understood(
    *,
    import_run: Import,
    table: Table,
    choices: Choices,
) -> Understood:
    """Read a table with choices. Needs an open scope.

    Args:
        import_run: Whose organisation and file.
        table: The file.
        choices: What was chosen.

    Raises:
        InputError: A choice that cannot be, as :func:`spiegel.crm.understand`.
    """
    found = understand(table, choices.answers(own_stage_types()), today=timezone.localdate())
    owners = owners_for(
        organisation=import_run.organisation,
        importer=Importer.of(user=import_run.uploaded_by),
        choices=choices,
        mapping=found.reading.mapping,
        names=found.owners,
    )
    return Understood(table, found.reading, owners, found)


def settled(*, import_run: Import, table: Table) -> Settled:
    """Take a file as it was understood when it was looked at: nothing is decided anew.

    Args:
        import_run: Whose organisation, file, understanding and choices.
        table: The file.
    """
    was = import_run.understanding
    choices = Choices.from_json(import_run.choices)
    answers = choices.answers(own_stage_types())
    reading = Reading(
        was["system"], was["mapping"], was["date_order"], was["decimal_sign"],
        dict(answers.stage_types), dict(answers.reason_types), tuple(was["key"]),
    )  # fmt: skip
    owners = owners_for(
        organisation=import_run.organisation,
        importer=Importer.of(user=import_run.uploaded_by),
        choices=replace(choices, owner_mode=was["owner_mode"]),
        mapping=reading.mapping,
        names=(),
    )
    return Settled(table, reading, owners)


def plans_of(*, import_run: Import, known: Settled, for_update: bool = False) -> Iterator[Plan]:
    """Work out what an import would do to the deals that are there now, a part at a time.

    Args:
        import_run: Whose organisation and file.
        known: The file as understood.
        for_update: Lock the deals until the transaction ends.
    """
    source = known.reading.system
    some = Deal.objects.filter(source=source).exists()

    def existing(ids: list[str]) -> dict[str, Deal]:
        if not some:
            return {}
        found = Deal.objects.filter(source=source, external_id__in=ids).select_related("stage")
        if for_update:
            found = found.select_for_update(of=("self",))
        return {deal.external_id: deal for deal in found}

    planner = Planner(
        existing=existing,
        mapping=known.reading.mapping,
        owners=known.owners,
        currency=import_run.organisation.currency,
    )
    return planner.plans(deals_with_cells(known.table, known.reading))


def looked_at(*, import_run: Import, known: Understood) -> tuple[Plan, list[Rejection]]:
    """Give what an import would do, in figures, and the first rows it would not take."""
    whole = Plan()
    first: list[Rejection] = []
    if known.found.missing:
        return whole, first
    for plan in plans_of(import_run=import_run, known=known):
        whole.add_counts(plan)
        first += plan.rejections[: _SHOWN - len(first)]
    return whole, first


def description(
    *,
    known: Understood,
    plan: Plan,
    rejections: Iterable[Rejection],
    choices: Choices,
    before: dict[str, Any],
) -> dict[str, Any]:
    """Put what the page shows into JSON-ready values (``Import.understanding``).

    Args:
        known: The file as understood.
        plan: What the import would do, in figures.
        rejections: The first rows it would not take.
        choices: What was chosen.
        before: What was described last time: once a key is chosen, what the others would merge
            cannot be counted any more.
    """
    found = known.found
    return {
        **found.to_dict(),
        "kind": "deals",
        "keys": [option.to_dict() for option in found.keys] or before.get("keys", []),
        "key": list(found.reading.key),
        "reasons": _reasons(found, choices),
        "lost_reasons": {},
        "sheet": known.table.sheet,
        "rejected": plan.counts()["rejected"],
        "rejections": [
            {"line": row.line, "code": row.code, "data": row.data, "text": row.text}
            for row in rejections
        ],
        "system_name": systems()[found.reading.system].name,
        "header": list(found.header),
        "samples": found.samples,
        "dates": decision_shown(found.dates),
        "amounts": decision_shown(found.amounts),
        "totals": {code: str(total) for code, total in found.amounts_by_currency.items()},
        "doubts": [{"code": doubt.code, "data": doubt.data} for doubt in found.warnings],
        "owner_mode": known.owners.mode,
        "owners": [
            {"name": name, "deals": count, "member": str(known.owners.member_named(name) or "")}
            for name, count in list(found.owners.items())[:_MANY]
        ],
        "for_all": known.owners.importer.for_all,
        "plan": plan.counts(),
    }


def _reasons(found: Understanding, choices: Choices) -> list[dict[str, Any]]:
    """Give the reasons to ask about, where a system is known to close parked deals as lost."""
    if not systems()[found.reading.system].mixes_lost_and_parked:
        return []
    stages = {stage.name: stage.deals for stage in found.stages}
    chosen = {name: stages.get(name, 0) for name in choices.reason_types}
    counts = {**found.lost_reasons, **chosen}
    return [
        {"name": name, "deals": number, "type": choices.reason_types.get(name, "lost")}
        for name, number in sorted(counts.items(), key=lambda entry: -entry[1])[:_ASKED]
    ]


def decision_shown(decision: Decision) -> dict[str, Any]:
    """Give a decision as JSON-ready values."""
    return {
        "example": decision.example,
        "choice": decision.choice,
        "decided_by": decision.decided_by,
        "against": decision.against,
        "either": decision.either,
        "asked": decision.asked,
        "sure": decision.is_sure,
    }

"""An import's file, choices and database brought together: what is understood, what it would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spiegel.crm import Table, Understanding, deals, systems, understand
from spiegel_portal.deals.models import Deal

from .choices import Choices, own_stage_types
from .owners import Importer, Owners, owners_for
from .plan import Plan, Planner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spiegel.crm import DealRow, Rejection
    from spiegel_portal.deals.models import Import

#: The most owners' names and sample rejections that are kept for the page.
_MANY = 200


@dataclass(frozen=True)
class Understood:
    """A file, read with its import's choices."""

    table: Table
    found: Understanding
    owners: Owners


def understood(*, import_run: Import, table: Table, choices: Choices) -> Understood:
    """Read a table with choices. Needs an open scope.

    Raises:
        InputError: A choice that cannot be, as :func:`spiegel.crm.understand`.
    """
    found = understand(table, choices.answers(own_stage_types()))
    owners = owners_for(
        organisation=import_run.organisation,
        importer=Importer.of(user=import_run.uploaded_by),
        choices=choices,
        found=found,
    )
    return Understood(table, found, owners)


def plan_of(
    *,
    import_run: Import,
    known: Understood,
    entries: Iterable[DealRow | Rejection] | None = None,
    for_update: bool = False,
) -> Plan:
    """Work out what an import would do to the deals that are there now.

    Args:
        import_run: Whose organisation and file.
        known: The file as understood.
        entries: Its rows, where they have been read already.
        for_update: Lock the deals until the transaction ends.
    """
    existing = Deal.objects.filter(source=known.found.reading.system).exclude(external_id="")
    existing = existing.select_related("stage")
    if for_update:
        existing = existing.select_for_update(of=("self",))
    planner = Planner(
        existing={deal.external_id: deal for deal in existing},
        mapping=known.found.reading.mapping,
        owners=known.owners,
        currency=import_run.organisation.currency,
        cells={row.line: row.cells for row in known.table.rows}.__getitem__,
    )
    return planner.plan(entries if entries is not None else deals(known.table, known.found.reading))


def description(*, known: Understood, plan: Plan) -> dict[str, Any]:
    """Put what the page shows into JSON-ready values (``Import.understanding``)."""
    found = known.found
    return {
        **found.to_dict(),
        "rejected": len(plan.rejections),
        "rejections": [
            {"line": row.line, "code": row.code, "data": row.data, "text": row.text}
            for row in plan.rejections[:5]
        ],
        "system_name": systems()[found.reading.system].name,
        "header": list(found.header),
        "samples": found.samples,
        "dates": _decision(found.dates),
        "amounts": _decision(found.amounts),
        "doubts": [{"code": doubt.code, "data": doubt.data} for doubt in found.warnings],
        "owner_mode": known.owners.mode,
        "owners": [
            {"name": name, "deals": count, "member": str(known.owners.member_named(name) or "")}
            for name, count in list(found.owners.items())[:_MANY]
        ],
        "for_all": known.owners.importer.for_all,
        "plan": plan.counts(),
    }


def _decision(decision: Any) -> dict[str, Any]:
    return {
        "choice": decision.choice,
        "decided_by": decision.decided_by,
        "against": decision.against,
        "either": decision.either,
        "asked": decision.asked,
        "sure": decision.is_sure,
    }

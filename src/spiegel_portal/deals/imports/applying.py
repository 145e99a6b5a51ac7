"""The job that writes an import's deals: all of them in one transaction, or none.

The file is read as it was understood when it was looked at. The comparison is made inside the
transaction, on locked deals, so nothing changes between looking and writing; how far it is can be
followed meanwhile (:mod:`.progress`). Killed at any moment, the job leaves the deals as they were;
run again, it starts over; run twice, the second run finds the import applied and does nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import transaction

from spiegel.errors import InputError
from spiegel_portal.common import bulk
from spiegel_portal.common.audit import record
from spiegel_portal.deals.models import Deal, Import, ImportRejection
from spiegel_portal.people.models import Organisation

from . import files
from .choices import Choices
from .compare import Settled, plans_of, settled
from .events import KIND as EVENTS
from .events import events_found, events_plan
from .plan import AT_ONCE, Plan
from .progress import Progress
from .telling import Teller
from .writing import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from spiegel.crm import DealRow, Rejection, Table

State = Import.State
_REJECTION = ("id", "organisation", "import_run", "line", "code", "data", "row")
#: From so many new deals on, and this part of all deals, indexes are made after them.
_MANY = 20_000
_MOST = 0.3


def apply_import(*, import_id: UUID | str, now: datetime, table: Table | None = None) -> Import:
    """Write what an import brings. Needs the scope of its organisation.

    Safe to call again at any moment, also while another worker is at it.

    Args:
        import_id: An import that is queued or was being applied.
        now: When; changes are dated so on the timeline.
        table: The file, where it is at hand; else the one that is kept.

    Returns:
        The import as it is afterwards: applied, or failed with a code in its report.
    """
    run: Import = Import.objects.select_related("organisation", "uploaded_by").get(pk=import_id)
    waiting = Import.objects.filter(pk=run.pk, state__in=(State.QUEUED, State.APPLYING))
    if waiting.update(state=State.APPLYING, done=0):
        try:
            _apply(run, table or files.table_of(import_run=run), now)
        except InputError as error:
            _fail(run, error.code, dict(error.data))
        except Exception:
            _fail(run, "unexpected", {})
            raise
    run.refresh_from_db()
    if run.state == State.APPLIED:
        files.forget(import_run=run)
    return run


def _apply(run: Import, table: Table, now: datetime) -> None:
    if run.understanding.get("kind") == EVENTS:
        _apply_events(run, table, now)
        return
    known = settled(import_run=run, table=table)
    if run.understanding["missing"] or not known.owners.mode:
        raise InputError("questions-open", "Not everything about this file has been answered.")
    with transaction.atomic(), Progress(run) as progress:
        if _is_ours(run):
            _finish(run, _write(run, known, now, progress), now)


def _is_ours(run: Import) -> bool:
    """Whether the import is still to be applied, once it is this job's turn.

    One import at a time per organisation: two could otherwise both find a deal missing. The
    import itself is not locked, so that its progress can be told meanwhile.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=run.organisation_id)
    return Import.objects.filter(pk=run.pk, state=State.APPLYING).exists()


def _write(run: Import, known: Settled, now: datetime, progress: Progress) -> dict[str, Any]:
    """Write a file's deals, a part at a time; the transaction makes it all or nothing.

    Returns:
        The report.
    """
    whole, history = Plan(), 0
    stages: list[str] = []
    writer = Writer(run, known.reading.system, now)
    later = _fills_the_table(run, known)
    if later:
        progress.indexes_follow()
    with bulk.indexes_last(Deal, wanted=later, watch=progress.note_indexes):
        for number, plan in enumerate(plans_of(import_run=run, known=known, for_update=True)):
            stages += writer.write(plan)
            history += _tell_history(run, [*writer.histories, *plan.histories], now)
            _keep_rejections(run, plan.rejections)
            whole.add_counts(plan)
            progress.note((number + 1) * AT_ONCE)
    return {**whole.counts(), "stages": stages, "history": history}


def _fills_the_table(run: Import, known: Settled) -> bool:
    """Whether so many of all deals come from this file that their indexes are better made last."""
    if not bulk.makes_indexes_last():
        return False
    new = run.total - Deal.objects.filter(source=known.reading.system).count()
    return new >= _MANY and new >= _MOST * (new + Deal.objects.count())


def _tell_history(run: Import, histories: list[tuple[Deal, DealRow]], now: datetime) -> int:
    if not histories:
        return 0
    teller = Teller(run, now)
    for deal, row in histories:
        teller.add_history(deal, row)
    return teller.write()["new"]


def _apply_events(run: Import, table: Table, now: datetime) -> None:
    """Put a file's events on timelines, all of them or none."""
    found = events_found(table, Choices.from_json(run.choices))
    if found.missing:
        raise InputError("questions-open", "Not everything about this file has been answered.")
    with transaction.atomic():
        if not _is_ours(run):
            return
        plan = events_plan(import_run=run, table=table, found=found, now=now)
        report = {**plan.teller.write(), "rejected": len(plan.rejections)}
        _keep_rejections(run, plan.rejections)
        _finish(run, report, now)


def _keep_rejections(run: Import, rejections: Iterable[Rejection]) -> None:
    own = (run.organisation_id.hex, run.pk.hex)
    rows = (
        (key, *own, row.line, row.code, json.dumps(row.data), json.dumps(row.cells))
        for key, row in zip(bulk.ids(), rejections, strict=False)
    )
    bulk.insert(ImportRejection, _REJECTION, rows)


def _finish(run: Import, report: dict[str, Any], now: datetime) -> None:
    Import.objects.filter(pk=run.pk).update(
        state=State.APPLIED, report=report, done=run.total, finished_at=now
    )
    record(
        organisation=run.organisation,
        actor=run.uploaded_by,
        action="import.applied",
        subject=run.filename,
    )


def _fail(run: Import, code: str, data: dict[str, Any]) -> None:
    Import.objects.filter(pk=run.pk, state=State.APPLYING).update(
        state=State.FAILED, report={"code": code, "data": data}
    )

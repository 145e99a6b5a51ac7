"""The job that writes an import's deals: all of them in one transaction, or none.

Reading happens before, in view of everybody (`Import.done` moves). The comparison is made inside
the transaction, on locked deals, so nothing changes between looking and writing. Killed at any
moment, the job leaves the deals as they were; run again, it starts over; run twice, the second
run finds the import applied and does nothing.
"""

from __future__ import annotations

from datetime import datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from spiegel.errors import InputError
from spiegel_portal.common.audit import record
from spiegel_portal.deals.models import (
    Deal,
    DealEvent,
    Import,
    ImportChange,
    ImportRejection,
    Stage,
)
from spiegel_portal.deals.text import search_text_of
from spiegel_portal.people.models import Organisation

from . import files
from .choices import Choices
from .compare import Understood, plans_of, understood
from .events import KIND as EVENTS
from .events import events_found, events_plan
from .fields import EVENT_KINDS, as_json, as_text, written
from .plan import Plan
from .telling import Teller

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from spiegel.crm import DealRow, Rejection, Table
    from spiegel_portal.deals.models import Connection

    from .plan import Change

State = Import.State
_BATCH = 500
_ENDED = frozenset({"won", "lost", "no_decision"})


def apply_import(*, import_id: UUID | str, now: datetime) -> Import:
    """Write what an import brings. Needs the scope of its organisation.

    Safe to call again at any moment, also while another worker is at it.

    Args:
        import_id: An import that is queued or was being applied.
        now: When; changes are dated so on the timeline.

    Returns:
        The import as it is afterwards: applied, or failed with a code in its report.
    """
    run: Import = Import.objects.select_related("organisation", "uploaded_by").get(pk=import_id)
    waiting = Import.objects.filter(pk=run.pk, state__in=(State.QUEUED, State.APPLYING))
    if waiting.update(state=State.APPLYING, done=0):
        try:
            _apply(run, now)
        except InputError as error:
            _fail(run, error.code, dict(error.data))
        except Exception:
            _fail(run, "unexpected", {})
            raise
    run.refresh_from_db()
    if run.state == State.APPLIED:
        files.forget(import_run=run)
    return run


def _apply(run: Import, now: datetime) -> None:
    choices = Choices.from_json(run.choices)
    table = files.table_of(import_run=run)
    if run.understanding.get("kind") == EVENTS:
        _apply_events(run, table, now)
        return
    known = understood(
        import_run=run, table=table, choices=choices, watch=partial(_note_progress, run)
    )
    if known.found.unknown_stages or known.found.missing or not known.owners.mode:
        raise InputError("questions-open", "Not everything about this file has been answered.")
    with transaction.atomic():
        # One import at a time per organisation: two could otherwise both find a deal missing.
        Organisation.objects.select_for_update(no_key=True).get(pk=run.organisation_id)
        locked = Import.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.state == State.APPLYING:
            _finish(run, _write(run, known, now), now)


def _write(run: Import, known: Understood, now: datetime) -> dict[str, Any]:
    """Write a file's deals, a part at a time; the transaction makes it all or nothing.

    Returns:
        The report.
    """
    whole, history = Plan(), 0
    stages: list[str] = []
    for plan in plans_of(import_run=run, known=known, for_update=True):
        writer = Writer(run, known.found.reading.system, now)
        stages += writer.write(plan)
        if known.found.history:
            teller = Teller(run, now)
            for deal, row in (*writer.histories, *plan.histories):
                teller.add_history(deal, row)
            history += teller.write()["new"]
        _keep_rejections(run, plan.rejections)
        whole.add_counts(plan)
    return {**whole.counts(), "stages": stages, "history": history}


def _note_progress(run: Import, number: int) -> None:
    """Note how many rows have been read, outside any transaction so that everybody sees it."""
    Import.objects.filter(pk=run.pk, state=State.APPLYING).update(done=number)


def _apply_events(run: Import, table: Table, now: datetime) -> None:
    """Put a file's events on timelines, all of them or none."""
    found = events_found(table, Choices.from_json(run.choices))
    if found.missing:
        raise InputError("questions-open", "Not everything about this file has been answered.")
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=run.organisation_id)
        locked = Import.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.state != State.APPLYING:
            return
        plan = events_plan(import_run=run, table=table, found=found, now=now)
        report = {**plan.teller.write(), "rejected": len(plan.rejections)}
        _keep_rejections(run, plan.rejections)
        _finish(run, report, now)


def _keep_rejections(run: Import, rejections: Iterable[Rejection]) -> None:
    ImportRejection.objects.bulk_create(
        [
            ImportRejection(
                organisation_id=run.organisation_id,
                import_run=run,
                line=row.line,
                code=row.code,
                data=row.data,
                row=list(row.cells),
            )
            for row in rejections
        ],
        batch_size=_BATCH,
    )


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


class Writer:
    """Writes a plan in bulk: deals, their timeline, and what was done to each, for undoing.

    Args:
        run: The import; or a connection, whose work is not undone.
        source: The system the deals come from; kept with them.
        now: When.
    """

    def __init__(self, run: Import | Connection, source: str, now: datetime) -> None:
        self._run = run
        self._import = run if isinstance(run, Import) else None
        self._source = source
        self._now = now
        self._stages: dict[str, Stage] = {}
        self._events: list[DealEvent] = []
        self._done: list[ImportChange] = []
        #: New deals, with rows that tell of their past.
        self.histories: list[tuple[Deal, DealRow]] = []

    def write(self, plan: Plan) -> list[str]:
        """Write everything; call it inside a transaction.

        Returns:
            The ids of the stages that were made.
        """
        stages = self._make_stages(plan)
        made = [self._new(row, values) for row, values in plan.new]
        Deal.objects.bulk_create(made, batch_size=_BATCH)
        changed = [self._change(change) for change in plan.changes]
        if changed:
            Deal.objects.bulk_create(
                changed,
                batch_size=_BATCH,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=written(
                    leaving_out=frozenset({"source", "external_id", "imported_by"})
                ),
            )
        DealEvent.objects.bulk_create(self._events, batch_size=_BATCH)
        ImportChange.objects.bulk_create(self._done, batch_size=_BATCH)
        return stages

    def _make_stages(self, plan: Plan) -> list[str]:
        self._stages = {stage.name: stage for stage in Stage.objects.all()}
        wanted = {values["stage"]: row.stage_type for row, values in plan.new}
        for change in plan.changes:
            if "stage" in change.values:
                wanted[change.values["stage"]] = change.row.stage_type
        last = max((stage.position for stage in self._stages.values()), default=-1)
        missing = sorted(
            wanted.keys() - self._stages.keys(), key=lambda name: wanted[name] != "open"
        )
        new = [
            Stage(
                organisation_id=self._run.organisation_id,
                name=name,
                type=wanted[name],
                position=position,
            )
            for position, name in enumerate(missing, start=last + 1)
        ]
        Stage.objects.bulk_create(new)
        self._stages |= {stage.name: stage for stage in new}
        return [str(stage.pk) for stage in new]

    def _new(self, row: DealRow, values: dict[str, Any]) -> Deal:
        stage = self._stages[values["stage"]]
        deal = Deal(
            organisation_id=self._run.organisation_id,
            source=self._source,
            external_id=row.external_id,
            imported_by=self._import,
            stage=stage,
            stage_type=stage.type,
            stage_since=values.get("closed_on") if stage.type in _ENDED else None,
            **{name: value for name, value in values.items() if name != "stage"},
        )
        deal.currency = values.get("currency") or self._run.organisation.currency
        deal.search_text = _search_text(deal)
        deal.last_event_at = self._begin_timeline(deal)
        self._note(deal, ImportChange.Kind.CREATED, {}, {})
        if row.history:
            self.histories.append((deal, row))
        return deal

    def _begin_timeline(self, deal: Deal) -> datetime:
        """Put what a row tells of the past on the timeline; give when the last of it was."""
        moments = []
        if deal.created_on:
            moments.append(self._at(deal.created_on))
            self._tell(deal, DealEvent.Kind.CREATED, moments[-1], {})
        if deal.stage_type in _ENDED and deal.closed_on:
            moments.append(self._at(deal.closed_on))
            self._tell(deal, DealEvent.Kind.STAGE, moments[-1], {"to": deal.stage.name})
        if not moments:
            moments.append(self._now)
            self._tell(deal, DealEvent.Kind.CREATED, self._now, {})
        return max(moments)

    def _change(self, change: Change) -> Deal:
        deal, values = change.deal, change.values
        touched = [*values, "last_event_at", "version"]
        if "stage" in values:
            touched += ["stage_since"]
        before = {name: as_json(deal, name) for name in touched}
        old = {name: as_text(deal, name) for name in EVENT_KINDS if name in values}
        for name, value in values.items():
            setattr(deal, name, self._stages[value] if name == "stage" else value)
        moment = self._moment(deal, values)
        if "stage" in values:
            deal.stage_type = deal.stage.type
            deal.stage_since = timezone.localdate(moment)
        for name, text in old.items():
            at = moment if name == "stage" else self._now
            self._tell(deal, EVENT_KINDS[name], at, {"from": text, "to": as_text(deal, name)})
            deal.last_event_at = max(deal.last_event_at, at)
        deal.search_text = _search_text(deal)
        deal.version += 1
        self._note(deal, ImportChange.Kind.UPDATED, before,
                   {name: as_json(deal, name) for name in touched})  # fmt: skip
        return deal

    def _moment(self, deal: Deal, values: dict[str, Any]) -> datetime:
        """When a new stage began: the closing date of a deal that ended, else now."""
        if "stage" in values and deal.stage.type in _ENDED and deal.closed_on:
            return self._at(deal.closed_on)
        return self._now

    def _at(self, day: date) -> datetime:
        """Noon of a day, and never later than now."""
        noon = timezone.make_aware(datetime.combine(day, time(12)))
        return min(noon, self._now)

    def _tell(self, deal: Deal, kind: DealEvent.Kind, at: datetime, data: dict[str, str]) -> None:
        self._events.append(
            DealEvent(
                organisation_id=self._run.organisation_id,
                deal=deal,
                kind=kind,
                at=at,
                data=data,
                imported_by=self._import,
            )
        )

    def _note(
        self,
        deal: Deal,
        kind: ImportChange.Kind,
        before: dict[str, str | None],
        after: dict[str, str | None],
    ) -> None:
        if self._import is None:
            return
        self._done.append(
            ImportChange(
                organisation_id=self._run.organisation_id,
                import_run=self._import,
                deal=deal,
                kind=kind,
                before=before,
                after=after,
            )
        )


def _search_text(deal: Deal) -> str:
    return search_text_of(
        account=deal.account, name=deal.name, product=deal.product, external_id=deal.external_id
    )

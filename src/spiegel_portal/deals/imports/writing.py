"""Writes what an import brings: new deals and their past as plain values, changes as objects."""

from __future__ import annotations

import json
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from spiegel.errors import InputError
from spiegel_portal.common import bulk
from spiegel_portal.deals.models import (
    ENDED,
    Deal,
    DealEvent,
    Import,
    ImportChange,
    Stage,
    StageType,
)
from spiegel_portal.deals.text import search_text_of

from .fields import EVENT_KINDS, as_json, as_text, written

if TYPE_CHECKING:
    from datetime import date

    from spiegel.crm import DealRow
    from spiegel_portal.deals.models import Connection

    from .plan import Change, Plan

_BATCH = 500
#: Columns of a new deal, in the order of its values.
DEAL = (
    "id", "organisation", "owner", "owner_name", "name", "account", "product", "stage",
    "stage_type", "stage_since", "amount", "currency", "created_on", "expected_close_on",
    "closed_on", "next_step", "next_step_on", "stated_reason", "crm_reason", "source",
    "external_id", "imported_by", "typed_fields", "search_text", "last_event_at", "version",
    "created_at", "updated_at",
)  # fmt: skip
_EVENT = (
    "id", "organisation", "deal", "kind", "at", "text", "data", "author", "imported_by",
    "created_at",
)  # fmt: skip


class _Stage(NamedTuple):
    """A stage as rows of deals need it."""

    id: str
    name: str
    type: str
    told: str

    @classmethod
    def of(cls, stage: Stage) -> _Stage:
        return cls(stage.pk.hex, stage.name, stage.type, json.dumps({"to": stage.name}))


class Moment(NamedTuple):
    """A moment, and how the database takes it."""

    at: datetime
    text: str

    @classmethod
    def of(cls, at: datetime) -> Moment:
        """Write a moment as the database takes it."""
        return cls(at, bulk.moment(at))


class Writer:
    """Writes plans in bulk: deals, their timeline, and what was changed in each, for undoing.

    Args:
        run: The import; or a connection, whose work is not undone.
        source: The system the deals come from; kept with them.
        now: When.
    """

    def __init__(self, run: Import | Connection, source: str, now: datetime) -> None:
        self._run = run
        self._import = run if isinstance(run, Import) else None
        self._own = (run.organisation_id.hex, self._import.pk.hex if self._import else None)
        self._source = source
        self._now = Moment.of(now)
        self._ids = bulk.ids()
        self._objects: dict[str, Stage] = {}
        self._stages: dict[str, _Stage] = {}
        self._noons: dict[date, Moment] = {}
        self._events: list[tuple[object, ...]] = []
        self._done: list[ImportChange] = []
        #: New deals of the last plan, with rows that tell of their past.
        self.histories: list[tuple[Deal, DealRow]] = []

    def write(self, plan: Plan) -> list[str]:
        """Write a plan; call it inside a transaction.

        Returns:
            The ids of the stages that were made.
        """
        self._events, self._done, self.histories = [], [], []
        stages = self._make_stages(plan)
        bulk.insert(Deal, DEAL, [self._new(row, values) for row, values in plan.new])
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
        bulk.insert(DealEvent, _EVENT, self._events)
        ImportChange.objects.bulk_create(self._done, batch_size=_BATCH)
        return stages

    def _make_stages(self, plan: Plan) -> list[str]:
        self._objects = {stage.name: stage for stage in Stage.objects.all()}
        wanted = {values["stage"]: row.stage_type for row, values in plan.new}
        for change in plan.changes:
            if "stage" in change.values:
                wanted[change.values["stage"]] = change.row.stage_type
        last = max((stage.position for stage in self._objects.values()), default=-1)
        missing = sorted(
            wanted.keys() - self._objects.keys(), key=lambda name: wanted[name] != "open"
        )
        if any(wanted[name] not in StageType for name in missing):
            raise InputError("questions-open", "Not every stage of this file is known.")
        new = [
            Stage(organisation_id=self._run.organisation_id, name=name, type=wanted[name],
                  position=position)
            for position, name in enumerate(missing, start=last + 1)
        ]  # fmt: skip
        Stage.objects.bulk_create(new)
        self._objects |= {stage.name: stage for stage in new}
        self._stages = {name: _Stage.of(stage) for name, stage in self._objects.items()}
        return [str(stage.pk) for stage in new]

    def _new(self, row: DealRow, values: dict[str, Any]) -> tuple[object, ...]:
        get = values.get
        stage = self._stages[values["stage"]]
        created, closed, owner = get("created_on"), get("closed_on"), get("owner_id")
        name, account, product = get("name", ""), get("account", ""), get("product", "")
        key = next(self._ids)
        last = self._begin_timeline(key, stage, created, closed)
        if row.history:
            self.histories.append((Deal(pk=Deal._meta.pk.to_python(key)), row))  # noqa: SLF001  (the documented way to ask a model)
        searched = search_text_of(
            account=account, name=name, product=product, external_id=row.external_id
        )
        organisation, run = self._own
        return (
            key, organisation, owner.hex if owner else None, get("owner_name", ""), name, account,
            product, stage.id, stage.type, _day(closed) if stage.type in ENDED else None,
            _plain(get("amount")), get("currency") or self._run.organisation.currency,
            _day(created), _day(get("expected_close_on")), _day(closed), get("next_step", ""),
            None, "", get("crm_reason", ""), self._source, row.external_id, run, "[]", searched,
            last.text, 1, self._now.text, self._now.text,
        )  # fmt: skip

    def _begin_timeline(
        self, deal: str, stage: _Stage, created: date | None, closed: date | None
    ) -> Moment:
        """Put what a row tells of the past on the timeline; give when the last of it was."""
        over = closed if stage.type in ENDED else None
        first = self._noon(created) if created else None
        if over is None:
            self._tell(deal, "created", first or self._now, "{}")
            return first or self._now
        last = self._noon(over)
        if first:
            self._tell(deal, "created", first, "{}")
        self._tell(deal, "stage", last, stage.told)
        return max(first, last) if first else last

    def _change(self, change: Change) -> Deal:
        deal, values = change.deal, change.values
        touched = [*values, "last_event_at", "version"]
        if "stage" in values:
            touched += ["stage_since"]
        before = {name: as_json(deal, name) for name in touched}
        old = {name: as_text(deal, name) for name in EVENT_KINDS if name in values}
        for name, value in values.items():
            setattr(deal, name, self._objects[value] if name == "stage" else value)
        moment = self._moment(deal, values)
        if "stage" in values:
            deal.stage_type = deal.stage.type
            deal.stage_since = timezone.localdate(moment.at)
        for name, text in old.items():
            at = moment if name == "stage" else self._now
            data = json.dumps({"from": text, "to": as_text(deal, name)})
            self._tell(deal.pk.hex, EVENT_KINDS[name].value, at, data)
            deal.last_event_at = max(deal.last_event_at, at.at)
        deal.search_text = search_text_of(
            account=deal.account, name=deal.name, product=deal.product, external_id=deal.external_id
        )
        deal.version += 1
        self._note(deal, before, {name: as_json(deal, name) for name in touched})
        return deal

    def _moment(self, deal: Deal, values: dict[str, Any]) -> Moment:
        """When a new stage began: the closing date of a deal that ended, else now."""
        if "stage" in values and deal.stage.type in ENDED and deal.closed_on:
            return self._noon(deal.closed_on)
        return self._now

    def _noon(self, day: date) -> Moment:
        """Noon of a day, and never later than now."""
        found = self._noons.get(day)
        if found is None:
            noon = timezone.make_aware(datetime.combine(day, time(12)))
            found = self._noons[day] = min(Moment.of(noon), self._now)
        return found

    def _tell(self, deal: str, kind: str, moment: Moment, data: str) -> None:
        organisation, run = self._own
        self._events.append(
            (next(self._ids), organisation, deal, kind, moment.text, "", data, None, run,
             self._now.text)
        )  # fmt: skip

    def _note(
        self, deal: Deal, before: dict[str, str | None], after: dict[str, str | None]
    ) -> None:
        if self._import is None:
            return
        self._done.append(
            ImportChange(
                organisation_id=self._run.organisation_id,
                import_run=self._import,
                deal=deal,
                before=before,
                after=after,
            )
        )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _plain(amount: object) -> str | None:
    return None if amount is None else str(amount)

"""Events of a file on the timelines of deals: each once, however often the file comes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from spiegel_portal.deals.models import Deal, DealEvent, Import
from spiegel_portal.deals.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from uuid import UUID

    from spiegel.crm import DealRow, Event
    from spiegel_portal.deals.models import Connection

_BATCH = 500
_NOON = 12
_CHANGES = frozenset({"stage", "date", "amount", "owner"})
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
#: A task is kept as a note that says so; the other kinds have the same name on a timeline.
_KINDS = {"task": DealEvent.Kind.NOTE}

_Mark = tuple[object, ...]


class Teller:
    """Collects what happened to deals, and writes what their timelines do not have yet.

    Args:
        run: The import, or the connection, that tells it.
        now: When; nothing is dated later.
    """

    def __init__(self, run: Import | Connection, now: datetime) -> None:
        self._run = run
        self._import = run if isinstance(run, Import) else None
        self._now = now
        self._told: list[tuple[Deal, DealEvent]] = []

    def add(self, deal: Deal, event: Event) -> None:
        """Note one event of a deal."""
        change = event.kind in _CHANGES
        data = {"from": event.before, "to": event.after} if change else {}
        if event.author:
            data["by"] = event.author[:120]
        if event.kind == "task":
            data["type"] = "task"
        told = DealEvent(
            organisation_id=self._run.organisation_id,
            deal=deal,
            kind=_KINDS.get(event.kind, event.kind),
            at=min(_aware(event.at), self._now),
            text=event.text,
            data=data,
            imported_by=self._import,
        )
        self._told.append((deal, told))

    def add_history(self, deal: Deal, row: DealRow) -> None:
        """Note the stages that a row of a deals file says its deal has been in."""
        before = ""
        for entry in row.history:
            event = DealEvent(
                organisation_id=self._run.organisation_id,
                deal=deal,
                kind=DealEvent.Kind.STAGE,
                at=min(_aware(entry.at), self._now),
                data={"from": before, "to": entry.stage, "history": "1"},
                imported_by=self._import,
            )
            self._told.append((deal, event))
            before = entry.stage

    def new(self) -> list[DealEvent]:
        """Give what the timelines do not have yet, each once."""
        known = set(self._known({deal.pk for deal, _ in self._told}))
        fresh = []
        for _deal, event in self._told:
            mark = _mark(event)
            if mark not in known and _day_mark(event) not in known:
                fresh.append(event)
            known.add(mark)
        return fresh

    def write(self) -> dict[str, int]:
        """Write what is new; call it inside a transaction.

        Returns:
            ``new``, ``known`` and ``deals``: events written, events there were, deals they are of.
        """
        fresh = self.new()
        DealEvent.objects.bulk_create(fresh, batch_size=_BATCH)
        last: dict[UUID, datetime] = {}
        for event in fresh:
            last[event.deal_id] = max(last.get(event.deal_id, event.at), event.at)
        for deal_id, at in last.items():
            Deal.objects.filter(pk=deal_id, last_event_at__lt=at).update(
                last_event_at=Greatest(F("last_event_at"), Value(at)), version=F("version") + 1
            )
        return {"new": len(fresh), "known": len(self._told) - len(fresh), "deals": len(last)}

    def _known(self, deals: Iterable[UUID]) -> Iterator[_Mark]:
        ids = list(deals)
        for start in range(0, len(ids), _BATCH):
            for event in DealEvent.objects.filter(deal__in=ids[start : start + _BATCH]):
                yield _mark(event)
                local = timezone.localtime(event.at)
                if event.kind == DealEvent.Kind.STAGE and (local.hour, local.minute) == (_NOON, 0):
                    # Made from a day alone: the same change with its time is the same event.
                    yield _day_mark(event)


def _mark(event: DealEvent) -> _Mark:
    """Give what an event is recognised by."""
    at = event.at.replace(microsecond=0)
    return ("at", event.deal_id, event.kind, at, _bare(event.data.get("to", "")), event.text)


def _day_mark(event: DealEvent) -> _Mark:
    """Give what a change of stage is recognised by when its time is not known."""
    day = timezone.localtime(event.at).date()
    return ("day", event.deal_id, event.kind, day, _bare(event.data.get("to", "")))


def _bare(stage: str) -> str:
    return fold(_BRACKETS.sub("", str(stage)))


def _aware(at: datetime) -> datetime:
    """Take a moment without a zone as local time."""
    return at if timezone.is_aware(at) else timezone.make_aware(at)

"""The job that takes an import back: deals it made go, fields it changed return.

What somebody has worked on since stays, and the report says how much and why. Everything happens
in one transaction; run twice, the second run finds the import undone and does nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, F, Max, Model, Q
from django.db.models.fields.reverse_related import ManyToOneRel

from spiegel_portal.deals.models import Connection, Deal, DealEvent, Import, ImportChange, Stage
from spiegel_portal.deals.text import search_text_of

from .fields import as_json, attribute, from_json, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from uuid import UUID

State = Import.State
_BATCH = 500
#: The most kept deals that the report names.
_NAMED = 50
_OWN = {DealEvent, ImportChange}


def undo_import(*, import_id: UUID | str, now: datetime) -> Import:
    """Take back what an import did. Needs the scope of its organisation.

    Args:
        import_id: An import whose undoing was asked for.
        now: When.

    Returns:
        The import as it is afterwards, with ``undone`` in its report: how many deals were
        ``removed`` and ``restored``, and those ``kept`` with the reason.
    """
    with transaction.atomic():
        run: Import = Import.objects.select_for_update(of=("self",)).get(pk=import_id)
        if run.state == State.UNDOING:
            undone = _Undo(run).run()
            run.report = {**run.report, "undone": undone}
            run.state = State.UNDONE
            run.finished_at = now
            run.save(update_fields=["report", "state", "finished_at"])
    return run


class _Undo:
    def __init__(self, run: Import) -> None:
        self._run = run
        self._kept: list[tuple[Deal, str]] = []

    def run(self) -> dict[str, Any]:
        removed = self._remove_created()
        taken_off = self._forget_told()
        restored, fields = self._restore_updated()
        self._drop_unused_stages()
        self._read_again()
        return {
            "removed": removed,
            "restored": restored,
            "fields_kept": fields,
            **({"events": taken_off} if taken_off else {}),
            "kept": dict(Counter(reason for _, reason in self._kept)),
            "kept_deals": [
                {"id": str(deal.pk), "name": deal.name, "reason": reason}
                for deal, reason in self._kept[:_NAMED]
            ],
        }

    def _read_again(self) -> None:
        """Have a live CRM of the same system read anew: what went with the import may be in it."""
        system = self._run.understanding.get("system", "")
        Connection.objects.filter(system=system).update(cursor={}, step=F("step") + 1)

    def _remove_created(self) -> int:
        made = Deal.objects.filter(imported_by=self._run)
        reasons = _reasons_to_keep(made, self._run)
        going = []
        for deal in made.select_for_update(of=("self",)):
            reason = "worked-on" if deal.typed_fields else reasons.get(deal.pk)
            if reason:
                self._kept.append((deal, reason))
            else:
                going.append(deal.pk)
        for start in range(0, len(going), _BATCH):
            Deal.objects.filter(pk__in=going[start : start + _BATCH]).delete()
        return len(going)

    def _restore_updated(self) -> tuple[int, int]:
        """Give back changed fields that nobody changed since: deals restored, fields left."""
        restored, left = [], 0
        types = dict(Stage.objects.values_list("pk", "type"))
        for change in self._run.changes.select_related("deal"):
            back, stays = _fields_back(change)
            left += stays
            if back:
                restored.append(_restored(change.deal, back, types))
            if stays:
                self._kept.append((change.deal, "changed-since"))
        if restored:
            Deal.objects.bulk_create(
                restored,
                batch_size=_BATCH,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=written(),
            )
        self._forget_events(restored)
        return len(restored), left

    def _forget_events(self, restored: Iterable[Deal]) -> None:
        """Take the import's own changes off the timelines of deals that were restored."""
        ids = [deal.pk for deal in restored]
        for start in range(0, len(ids), _BATCH):
            DealEvent.objects.filter(
                imported_by=self._run, deal__in=ids[start : start + _BATCH]
            ).delete()

    def _forget_told(self) -> int:
        """Take what a file with events, or with the days of stages, told off the timelines."""
        told = DealEvent.objects.filter(imported_by=self._run)
        if self._run.understanding.get("kind") != "events":
            told = told.filter(data__history="1")
        deals = set(told.values_list("deal_id", flat=True))
        count, _ = told.delete()
        for deal in Deal.objects.filter(pk__in=deals).annotate(last=Max("events__at")):
            if deal.last and deal.last != deal.last_event_at:
                Deal.objects.filter(pk=deal.pk).update(last_event_at=deal.last)
        return count

    def _drop_unused_stages(self) -> None:
        made = self._run.report.get("stages", [])
        Stage.objects.annotate(used=Count("deals")).filter(pk__in=made, used=0).delete()


def _reasons_to_keep(made: Any, run: Import) -> dict[UUID, str]:
    """Say why deals stay: what others did to them since, from the least telling to the most."""
    ids = made.values("pk")
    later = ImportChange.objects.filter(deal__in=ids).exclude(import_run=run)
    reasons = dict.fromkeys(later.values_list("deal_id", flat=True), "later-import")
    told = DealEvent.objects.filter(deal__in=ids, imported_by__isnull=False)
    told = told.exclude(imported_by=run)
    reasons |= dict.fromkeys(told.values_list("deal_id", flat=True), "later-import")
    read = DealEvent.objects.filter(deal__in=ids, imported_by=None, author=None)  # from a live CRM
    reasons |= dict.fromkeys(read.values_list("deal_id", flat=True), "later-import")
    noted = DealEvent.objects.filter(deal__in=ids).exclude(Q(imported_by=run) | Q(author=None))
    reasons |= dict.fromkeys(noted.values_list("deal_id", flat=True), "worked-on")
    for model, name in who_points_at_deals():
        rows = model.objects.filter(**{f"{name}__in": ids})  # type: ignore[attr-defined]  # every model has one
        reasons |= dict.fromkeys(rows.values_list(f"{name}_id", flat=True), "worked-on")
    return reasons


def who_points_at_deals() -> Iterator[tuple[type[Model], str]]:
    """Give the models of later rooms that refer to a deal: debriefs, plans and what comes.

    Which of them it was is not told: that somebody looked back is theirs alone to say.
    """
    for relation in Deal._meta.get_fields(include_hidden=True):  # noqa: SLF001  (the documented way to ask a model)
        if not isinstance(relation, ManyToOneRel) or relation.related_model in _OWN:
            continue
        yield relation.related_model, relation.field.name


def _fields_back(change: ImportChange) -> tuple[dict[str, str | None], int]:
    """Give the fields to restore, and how many stay because they changed since."""
    deal = change.deal
    typed = {"owner_id" if name == "owner" else name for name in deal.typed_fields}
    telling = [name for name in change.before if name not in {"last_event_at", "version"}]
    unchanged = {
        name for name in telling if as_json(deal, name) == change.after[name] and name not in typed
    }
    back = {name: change.before[name] for name in telling if name in unchanged}
    if back and len(unchanged) == len(telling):
        back["last_event_at"] = change.before["last_event_at"]
    return back, len(telling) - len(unchanged)


def _restored(deal: Deal, back: dict[str, str | None], types: dict[UUID, str]) -> Deal:
    for name, kept in back.items():
        setattr(deal, attribute(name), from_json(name, kept))
    if "stage" in back:
        deal.stage_type = types[deal.stage_id]
    deal.search_text = search_text_of(
        account=deal.account, name=deal.name, product=deal.product, external_id=deal.external_id
    )
    deal.version += 1
    return deal

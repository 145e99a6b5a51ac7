"""What can be done to a deal. Every function runs in one transaction and adds to the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spiegel_portal.common.errors import Conflict, Refused

from .models import ENDED, Deal, DealEvent, Stage
from .text import search_text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from spiegel_portal.people.models import Organisation, User

#: Fields a person may type. An import leaves alone what was typed.
TYPED = (
    "account",
    "name",
    "stage",
    "amount",
    "expected_close_on",
    "product",
    "created_on",
    "closed_on",
    "next_step",
    "next_step_on",
    "stated_reason",
    "crm_reason",
    "owner",
)
#: Changes of these go on the timeline, as events of this kind.
_TOLD = {
    "stage": DealEvent.Kind.STAGE,
    "amount": DealEvent.Kind.AMOUNT,
    "expected_close_on": DealEvent.Kind.DATE,
    "owner": DealEvent.Kind.OWNER,
}


@transaction.atomic
def create_deal(
    *, organisation: Organisation, actor: User, values: Mapping[str, Any], now: datetime
) -> Deal:
    """Make a deal by hand.

    Args:
        organisation: Whose scope is open.
        actor: Who types; also the deal's owner unless `values` names one.
        values: Some of :data:`TYPED` to what was typed; ``name`` and ``stage`` at least.
        now: When.
    """
    fields = {"owner": actor, "created_on": timezone.localdate(now), **_clean(values)}
    deal = Deal(
        organisation=organisation,
        currency=organisation.currency,
        last_event_at=now,
        typed_fields=sorted(set(fields)),
        **fields,
    )
    _derive(deal, now)
    deal.save()
    _tell(deal, actor=actor, kind=DealEvent.Kind.CREATED, at=now, data={"to": str(deal.stage)})
    return deal


@transaction.atomic
def edit_deal(
    *, deal: Deal, actor: User, values: Mapping[str, Any], base_version: int, now: datetime
) -> Deal:
    """Change a deal by hand; tells the timeline of changes of stage, amount, date and owner.

    Args:
        deal: The deal as the person may see it.
        actor: Who types.
        values: Some of :data:`TYPED` to what was typed.
        base_version: The version the form was made from.
        now: When.

    Raises:
        Conflict: The deal changed since; nothing is saved.
    """
    current: Deal = Deal.objects.select_for_update(of=("self",)).get(pk=deal.pk)
    if current.version != base_version:
        raise Conflict(
            "deal-changed", _("This deal was changed meanwhile. Look at both before you save.")
        )
    changed = {
        field: (getattr(current, field), value)
        for field, value in _clean(values).items()
        if getattr(current, field) != value
    }
    if not changed:
        return current
    for field, (_before, after) in changed.items():
        setattr(current, field, after)
    _derive(current, now, stage_changed="stage" in changed)
    current.typed_fields = sorted({*current.typed_fields, *changed})
    current.version += 1
    for field, kind in _TOLD.items():
        if field in changed:
            data = dict(zip(("from", "to"), map(_as_text, changed[field]), strict=True))
            _tell(current, actor=actor, kind=kind, at=now, data=data)
    current.last_event_at = max(current.last_event_at, now)
    current.save()
    return current


@transaction.atomic
def add_event(*, deal: Deal, actor: User, kind: str, text: str, at: datetime) -> DealEvent:
    """Put a note, meeting, call or mail on the timeline.

    Args:
        deal: Where.
        actor: Who writes it down.
        kind: ``note``, ``meeting``, ``call`` or ``mail``.
        text: What happened.
        at: When it happened; may lie in the past.
    """
    event = _tell(deal, actor=actor, kind=DealEvent.Kind(kind), at=at, text=text)
    if at > deal.last_event_at:
        Deal.objects.filter(pk=deal.pk).update(last_event_at=at)
        deal.last_event_at = at
    return event


@transaction.atomic
def delete_deal(*, deal: Deal, looked_back: bool) -> None:
    """Remove a deal that was typed by hand and by mistake.

    Args:
        deal: Which.
        looked_back: Whether anybody wrote a debrief about it (the caller knows; this room does
            not).

    Raises:
        Refused: It came from an import, or somebody looked back on it.
    """
    if deal.source:
        raise Refused(
            "deal-imported",
            _("This deal came from an import; undo the import, or remove it in your CRM."),
        )
    if looked_back:
        raise Refused("deal-looked-back", _("Somebody looked back on this deal, so it stays."))
    deal.delete()


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in values.items() if field in TYPED}


def _derive(deal: Deal, now: datetime, *, stage_changed: bool = True) -> None:
    """Set what follows from the typed fields."""
    stage: Stage = deal.stage
    deal.stage_type = stage.type
    if stage_changed:
        deal.stage_since = timezone.localdate(now)
        ended = stage.type in ENDED
        deal.closed_on = (deal.closed_on or timezone.localdate(now)) if ended else None
    deal.search_text = search_text_of(
        account=deal.account, name=deal.name, product=deal.product, external_id=deal.external_id
    )


def _as_text(value: object) -> str:
    return "" if value is None else str(value)


def _tell(
    deal: Deal,
    *,
    actor: User,
    kind: DealEvent.Kind,
    at: datetime,
    text: str = "",
    data: dict[str, str] | None = None,
) -> DealEvent:
    event: DealEvent = DealEvent.objects.create(
        organisation_id=deal.organisation_id,
        deal=deal,
        author=actor,
        kind=kind,
        at=at,
        text=text,
        data=data or {},
    )
    return event

"""A deal's timeline, made ready for a page: changes in the reader's own notation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.utils.formats import date_format

from spiegel_portal.common.money import show_amount
from spiegel_portal.deals.models import DealEvent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spiegel_portal.deals.models import Deal

#: A longer text is folded away behind its beginning.
_LONG = 600


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as the page says it: what it was before and after a change, or what was said."""

    event: DealEvent
    before: str
    after: str

    @property
    def is_change(self) -> bool:
        """Whether the deal itself changed, rather than something being said about it."""
        return bool(self.before or self.after) or self.event.kind == DealEvent.Kind.CREATED

    @property
    def is_long(self) -> bool:
        """Whether the text is folded away at first."""
        return len(self.event.text) > _LONG


def happenings(*, deal: Deal, events: Sequence[DealEvent]) -> list[Happening]:
    """Say a deal's events in the reader's notation of dates and amounts."""
    return [
        Happening(
            event=event,
            before=_said(event.kind, str(event.data.get("from") or ""), deal.currency),
            after=_said(event.kind, str(event.data.get("to") or ""), deal.currency),
        )
        for event in events
    ]


def _said(kind: str, text: str, currency: str) -> str:
    """Say a stored value; one that is not what it should be is shown as it stands."""
    try:
        if text and kind == DealEvent.Kind.DATE:
            return date_format(date.fromisoformat(text), "DATE_FORMAT")
        if text and kind == DealEvent.Kind.AMOUNT:
            return show_amount(Decimal(text), currency)
    except (ValueError, InvalidOperation):
        return text
    return text

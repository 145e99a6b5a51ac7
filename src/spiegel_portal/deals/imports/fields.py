"""A deal's fields as text and JSON, for the timeline and for undoing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spiegel_portal.deals.models import Deal, DealEvent

if TYPE_CHECKING:
    from django.db.models import Field

#: Changes of these go on the timeline, as events of this kind.
EVENT_KINDS = {
    "stage": DealEvent.Kind.STAGE,
    "expected_close_on": DealEvent.Kind.DATE,
    "amount": DealEvent.Kind.AMOUNT,
    "owner_name": DealEvent.Kind.OWNER,
}


def written(*, leaving_out: frozenset[str] = frozenset()) -> list[str]:
    """Name the columns of a deal that a bulk update may write."""
    left = leaving_out | {"id", "organisation", "created_at"}
    return [
        part.name
        for part in Deal._meta.concrete_fields  # noqa: SLF001  (the documented way to ask a model)
        if part.name not in left and not part.generated
    ]


def as_text(deal: Deal, name: str) -> str:
    """Give a field as the timeline shows it."""
    value = getattr(deal, name)
    return "" if value is None else str(value)


def as_json(deal: Deal, name: str) -> str | None:
    """Give a field as JSON keeps it; a stage as its id."""
    value = getattr(deal, _field(name).attname)
    if value is None:
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def from_json(name: str, kept: str | None) -> Any:
    """Give back the value that :func:`as_json` kept."""
    return _field(name).to_python(kept) if kept is not None else None


def attribute(name: str) -> str:
    """Name the attribute that holds a field's own value: ``stage_id`` for ``stage``."""
    return _field(name).attname


def _field(name: str) -> Field[Any, Any]:
    field: Field[Any, Any] = Deal._meta.get_field(name.removesuffix("_id"))  # type: ignore[assignment]  # noqa: SLF001  (concrete fields only; the documented way to ask a model)
    return field

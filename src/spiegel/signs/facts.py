"""What a CRM knows of a deal, read from plain values."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from .types import DealFacts, PlanStep

if TYPE_CHECKING:
    from collections.abc import Callable

_KEYS = frozenset(each.name for each in fields(DealFacts))


def read_facts(data: Any) -> DealFacts | None:
    """Read a deal's facts; None stays None.

    Raises:
        ValueError: They are no facts; the message says why, without a stop.
    """
    if data is None:
        return None
    if not isinstance(data, dict):
        raise ValueError("'facts' is not an object in braces")  # noqa: TRY004 - caught with the rest
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise ValueError(f"'facts' has an unknown key {unknown[0]!r}")
    try:
        return DealFacts(**{key: _READ.get(key, _as_is)(value) for key, value in data.items()})
    except (TypeError, ValueError, KeyError, AttributeError):
        raise ValueError("a value of 'facts' cannot be read") from None


def _as_is(value: Any) -> Any:
    return value


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _pairs(value: Any) -> tuple[tuple[date, date], ...]:
    return tuple((date.fromisoformat(one), date.fromisoformat(two)) for one, two in value)


def _forecasts(value: Any) -> tuple[tuple[date, float], ...]:
    return tuple((date.fromisoformat(day), float(chance)) for day, chance in value)


def _plan(value: Any) -> tuple[PlanStep, ...]:
    return tuple(
        PlanStep(str(row["owner"]), _day(row.get("due")), bool(row.get("done"))) for row in value
    )


def _names(value: Any) -> tuple[str, ...] | None:
    return None if value is None else tuple(str(name) for name in value)


_READ: dict[str, Callable[[Any], Any]] = {
    "opened": _day,
    "stage_since": _day,
    "close_date": _day,
    "next_step": _day,
    "close_dates": _pairs,
    "forecasts": _forecasts,
    "plan": _plan,
    "contacts": _names,
}

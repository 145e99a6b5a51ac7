"""Taking answers apart without trusting their shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spiegel.crm.payloads.common import moment
from spiegel.errors import InputError

from .errors import ConnectorError

if TYPE_CHECKING:
    from datetime import datetime


def part(found: Any) -> dict[str, Any]:
    """Give a part that has parts itself; an empty one where there is none."""
    return found if isinstance(found, dict) else {}


def items(found: Any, name: str) -> list[dict[str, Any]]:
    """Give the list that an answer must have.

    Raises:
        ConnectorError: It has none: half an answer, or something else in its place.
    """
    listed = part(found).get(name)
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise ConnectorError("unreadable", permanent=False)
    return listed


def moment_of(value: object) -> datetime | None:
    """Read a moment that is nice to know."""
    try:
        return moment(value)
    except InputError:
        return None

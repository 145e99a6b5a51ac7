"""Read timelines: one a line, as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from spiegel.claims.language import codes
from spiegel.claims.types import TOPICS, TimelineEvent
from spiegel.errors import InputError
from spiegel.lines import lines_of
from spiegel.mirror.language import detect

from .facts import read_facts
from .types import SIGNS, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: What the day may be called on which a timeline is looked at.
_AS_OF = ("as_of", "as-of", "asof", "asOf")


@dataclass(frozen=True, slots=True)
class Gold:
    """A sign that a careful reader finds."""

    sign: str
    evidence: tuple[int, ...]
    topic: str


def timelines(path: str | Path) -> Iterator[tuple[Timeline, tuple[Gold, ...] | None]]:
    """Read a file of timelines.

    Args:
        path: A JSON Lines file. A line is ``{"id", "lang", "events": [{"date", "kind", "text"}]}``,
            with optionally "as_of" (the day it is looked at), "facts" (what a CRM knows) and
            "gold" (the signs a careful reader finds). Other keys are passed over.

    Yields:
        Each timeline, and its gold signs; None where the line gives none.

    Raises:
        InputError: The file cannot be read, or a line is no timeline; the message names both.
    """
    for number, line in enumerate(lines_of(path), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            yield timeline(data), gold(data)
        except (ValueError, RecursionError) as error:
            known = not isinstance(error, json.JSONDecodeError | RecursionError)
            reason = str(error) if known else "it is not JSON"
            raise InputError(
                "bad-timeline",
                f"{path}, line {number}: {reason}. Give one timeline a line, as JSON.",
                file=str(path),
                line=number,
                reason=reason,
            ) from error


def timeline(data: Any) -> Timeline:
    """Read one timeline from plain values.

    Raises:
        ValueError: It is no timeline; the message says why, without a stop.
    """
    if not isinstance(data, dict):
        raise ValueError("it is not an object in braces")  # noqa: TRY004 - caught with the rest
    rows = data.get("events")
    if not isinstance(rows, list) or not rows:
        raise ValueError("'events' is not a list with at least one event")
    events = tuple(_event(place, row) for place, row in enumerate(rows))
    lang = data.get("lang") or detect("\n".join(event.text for event in events))
    if lang not in codes():
        raise ValueError(f"'lang' is {lang!r} instead of one of {', '.join(codes())}")
    given = next((data[name] for name in _AS_OF if data.get(name)), None)
    return Timeline(
        events=events,
        lang=lang,
        id=str(data.get("id", "")),
        facts=read_facts(data.get("facts")),
        as_of=None if given is None else day(given, "'as_of'"),
    )


def gold(data: dict[str, Any]) -> tuple[Gold, ...] | None:
    """Read the signs a careful reader finds; None when the timeline gives none.

    Raises:
        ValueError: "gold" is no list of signs.
    """
    rows = data.get("gold")
    if rows is None:
        return None
    if not isinstance(rows, list):
        raise ValueError("'gold' is not a list of signs")  # noqa: TRY004 - caught with the rest
    return tuple(_gold(row, len(data["events"])) for row in rows)


def day(value: Any, what: str) -> date:
    """Read a day as YYYY-MM-DD; a time behind it is left out.

    Raises:
        ValueError: It is no day.
    """
    try:
        return date.fromisoformat(value[:10])
    except (TypeError, ValueError):
        raise ValueError(f"{what} is {value!r} instead of a day such as 2026-03-31") from None


def as_day(value: str) -> date:
    """Read the day that a command was given.

    Raises:
        InputError: It is no day.
    """
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise InputError(
            "bad-day", f"--as-of is {value!r}; give a day such as 2026-03-31.", value=value
        ) from error


def _event(place: int, row: Any) -> TimelineEvent:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError(f"event {place} lacks its 'text'")  # noqa: TRY004 - the same
    kind = row.get("kind", "note")
    if not isinstance(kind, str):
        raise ValueError(f"the 'kind' of event {place} is not text")  # noqa: TRY004 - the same
    return TimelineEvent(day(row.get("date"), f"the 'date' of event {place}"), kind, row["text"])


def _gold(row: Any, count: int) -> Gold:
    if not isinstance(row, dict) or row.get("sign") not in SIGNS:
        named = row.get("sign") if isinstance(row, dict) else row
        raise ValueError(f"there is no sign {named!r}")
    evidence = row.get("evidence", [])
    good = isinstance(evidence, list) and all(
        isinstance(place, int) and 0 <= place < count for place in evidence
    )
    if not good:
        raise ValueError(f"the evidence of {row['sign']!r} does not point to events")
    topic = row.get("topic") or ""
    if topic and topic not in TOPICS:
        raise ValueError(f"there is no topic {topic!r}")
    return Gold(row["sign"], tuple(evidence), topic)

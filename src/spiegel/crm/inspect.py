"""What a file says, as one report: what ``spiegel inspect-export`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .doubts import Doubt
from .read import read
from .system import STAGE_TYPES, systems
from .understand import understand
from .understand_events import tells_events, understand_events

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from .read import Table
    from .rows import Rejection
    from .understand import Understanding
    from .understand_events import EventsUnderstanding


def inspect(data: bytes | Path, today: date | None = None) -> dict[str, Any]:
    """Say what an export holds, without a database.

    Args:
        data: The whole file, or where it is.
        today: The day of looking, for what is overdue.

    Returns:
        ``system``, ``encoding``, ``delimiter``, ``rows``, ``deals``, ``stage_types``,
        ``rejected``, ``date_order``, ``decimal_sign``, ``mapping`` and ``warnings``.

    Raises:
        InputError: The file is refused, as :func:`spiegel.crm.read`.
    """
    table = read(data)
    return _of_events(table) if tells_events(table) else _of_deals(table, today)


def _of_deals(table: Table, today: date | None) -> dict[str, Any]:
    found = understand(table, today=today)
    return {
        "system": found.reading.system,
        "encoding": found.encoding,
        "delimiter": found.delimiter,
        "rows": found.rows,
        "deals": found.deals,
        "stage_types": found.stage_types,
        "rejected": _rejected(found.rejections),
        "date_order": found.dates.choice,
        "decimal_sign": found.amounts.choice,
        "mapping": dict(found.reading.mapping),
        "warnings": _warnings([*_questions(found), *found.warnings]),
    }


def _of_events(table: Table) -> dict[str, Any]:
    found = understand_events(table)
    return {
        "system": found.reading.system,
        "encoding": found.encoding,
        "delimiter": found.delimiter,
        "rows": found.rows,
        "deals": 0,
        "stage_types": dict.fromkeys([*STAGE_TYPES, "unknown"], 0),
        "rejected": _rejected(found.rejections),
        "date_order": found.dates.choice,
        "decimal_sign": found.amounts.choice,
        "mapping": dict(found.reading.mapping),
        "warnings": _warnings([*_about_events(found), *found.warnings]),
    }


def _questions(found: Understanding) -> Iterator[Doubt]:
    """What would be asked before an import."""
    if found.missing:
        names = ", ".join(found.missing)
        text = f"No column was recognised for: {names}; without it no row is taken as a deal."
        yield Doubt("column-missing", text, {})
    if found.unknown_stages:
        names = ", ".join(f"“{name}”" for name in found.unknown_stages[:20])
        yield Doubt("stages-unknown", f"What these stages mean is not known: {names}.", {})
    if found.history:
        text = f"The rows tell {found.history} dates on which a stage was entered."
        yield Doubt("history", text, {})


def _about_events(found: EventsUnderstanding) -> Iterator[Doubt]:
    if found.missing:
        names = {"at": "when something happened", "deal_id": "which deal it was"}
        lacking = " and ".join(names[name] for name in found.missing)
        text = f"This file tells what happened, but no column says {lacking}."
        yield Doubt("column-missing", text, {})
        return
    kinds = ", ".join(f"{kind} {number}" for kind, number in found.kinds.items())
    text = (
        f"This file tells what happened, not which deals there are: {found.events} events of "
        f"{found.deals} deals ({kinds})."
    )
    yield Doubt("events-file", text, {})
    if found.unknown_kinds:
        unknown = ", ".join(f"“{name}”" for name in list(found.unknown_kinds)[:20])
        text = f"What these are is not known; they count as notes: {unknown}."
        yield Doubt("kinds-unknown", text, {})


def _rejected(rejections: Iterable[Rejection]) -> list[dict[str, Any]]:
    return [{"line": row.line, "reason": row.text} for row in rejections]


def _warnings(doubts: Iterable[Doubt]) -> list[dict[str, str]]:
    return [{"code": doubt.code, "text": doubt.text} for doubt in doubts]


def lines_of(report: dict[str, Any]) -> Iterator[str]:
    """Give a report as lines to read."""
    yield f"from      {systems()[report['system']].name}"
    sign = {"": "none", "\t": "tab"}.get(report["delimiter"], report["delimiter"])
    yield f"file      {report['encoding']}, between cells: {sign}"
    yield f"read      {report['rows']} rows, {report['deals']} deals"
    yield f"dates     {report['date_order']}, decimals after “{report['decimal_sign']}”"
    yield "columns   " + ", ".join(f"{k} = {v}" for k, v in report["mapping"].items())
    stages = ", ".join(f"{k} {v}" for k, v in report["stage_types"].items() if v)
    yield f"stages    {stages or 'none'}"
    yield from (f"note      {warning['text']}" for warning in report["warnings"])
    yield from (f"line {row['line']:<5}{row['reason']}" for row in report["rejected"])

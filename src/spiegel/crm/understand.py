"""What a table of deals says, before anything is done with it.

The mapping of headers to fields, the order of dates and the decimal sign are decided from the
whole file; a person may overrule each. Every row is read once, by the same reader that an import
uses, so what is shown is what will happen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from spiegel.errors import InputError

from .doubts import Doubt, Tally
from .rows import Reading, Rejection, deals
from .system import FIELDS, GENERIC, STAGE_TYPES, System, systems
from .values import Decision, decide_date_order, decide_decimal_sign, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from .read import Table

_DATE_FIELDS = ("created_on", "close_date", "expected_close_on", "closed_on")
_SAMPLES = 3


@dataclass(frozen=True)
class Answers:
    """What a person decided about a file; everything left out is decided from the file.

    Attributes:
        mapping: Field to header, in place of what was recognised; ``""`` leaves the field out.
        stage_types: Stage name to one of :data:`~spiegel.crm.system.STAGE_TYPES`.
        date_order: ``"dmy"`` or ``"mdy"``.
        decimal_sign: ``"."`` or ``","``.
        system: Id of the system, where the headers do not tell.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    stage_types: Mapping[str, str] = field(default_factory=dict)
    date_order: str | None = None
    decimal_sign: str | None = None
    system: str | None = None


@dataclass(frozen=True)
class Stage:
    """A stage's name as the file has it, its type (or ``"unknown"``) and its number of deals."""

    name: str
    type: str
    deals: int


@dataclass(frozen=True)
class Understanding:
    """What was understood of a file.

    Attributes:
        reading: What :func:`spiegel.crm.deals` needs.
        encoding: As in the table.
        delimiter: As in the table.
        header: As in the table.
        rows: Records in the file.
        deals: Records that are deals.
        missing: Fields without which no row is a deal: ``stage``, ``name``.
        samples: Header to up to three different values in it.
        dates: How the order of dates was decided.
        amounts: How the decimal sign was decided.
        stages: The stages of the file, by number of deals.
        period: First and last created or closed date, or None.
        amount_total: The sum of all amounts.
        owners: Owner's name to number of deals.
        rejections: Rows that are no deals.
        warnings: Things a person should know before going on.
    """

    reading: Reading
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    rows: int
    deals: int
    missing: tuple[str, ...]
    samples: dict[str, list[str]]
    dates: Decision
    amounts: Decision
    stages: tuple[Stage, ...]
    period: tuple[date, date] | None
    amount_total: Decimal
    owners: dict[str, int]
    rejections: tuple[Rejection, ...]
    warnings: tuple[Doubt, ...]

    @property
    def stage_types(self) -> dict[str, int]:
        """Number of deals per stage type, with ``unknown`` for those still to be asked."""
        counts = dict.fromkeys([*STAGE_TYPES, "unknown"], 0)
        for stage in self.stages:
            counts[stage.type] += stage.deals
        return counts

    @property
    def unknown_stages(self) -> tuple[str, ...]:
        """Names of stages whose type a person must give."""
        return tuple(stage.name for stage in self.stages if stage.type == "unknown")

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON-ready values, for programs and for keeping."""
        return {
            "system": self.reading.system,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "rows": self.rows,
            "deals": self.deals,
            "stage_types": self.stage_types,
            "rejected": [
                {"line": row.line, "reason": row.code, "text": row.text} for row in self.rejections
            ],
            "date_order": self.dates.choice,
            "decimal_sign": self.amounts.choice,
            "mapping": dict(self.reading.mapping),
            "warnings": [{"code": doubt.code, "text": doubt.text} for doubt in self.warnings],
            "missing": list(self.missing),
            "stages": [
                {"name": stage.name, "type": stage.type, "deals": stage.deals}
                for stage in self.stages
            ],
            "period": [day.isoformat() for day in self.period] if self.period else None,
            "amount_total": str(self.amount_total),
            "owners": self.owners,
        }


def understand(table: Table, answers: Answers | None = None) -> Understanding:
    """Work out what a table of deals says.

    Args:
        table: What :func:`spiegel.crm.read` gave.
        answers: What a person decided; by default all is decided from the file.

    Raises:
        InputError: ``unknown-field``, ``unknown-header``, ``unknown-system``, ``header-twice``,
            ``unknown-stage-type``, ``unknown-date-order`` or ``unknown-decimal-sign`` for an
            answer that cannot be.
    """
    answers = answers or Answers()
    _check(answers, table)
    system = systems()[answers.system] if answers.system else recognise(table.header)
    mapping = _mapping(table.header, system, answers.mapping)
    columns = _columns(table, mapping)
    dates = decide_date_order(
        (text for name in _DATE_FIELDS for text in columns.get(name, ())), answers.date_order
    )
    amounts = decide_decimal_sign(columns.get("amount", ()), answers.decimal_sign)
    reading = Reading(system.id, mapping, dates.choice, amounts.choice, dict(answers.stage_types))
    tally = Tally(reading, dates, amounts)
    missing = _missing(mapping, system)
    if not missing:
        for entry in deals(table, reading):
            tally.add(entry)
    return Understanding(
        reading=reading,
        encoding=table.encoding,
        delimiter=table.delimiter,
        header=table.header,
        rows=len(table.rows),
        deals=tally.deals,
        missing=missing,
        samples=_samples(table),
        dates=dates,
        amounts=amounts,
        stages=_stages(tally.stages),
        period=tally.period(),
        amount_total=tally.amount_total,
        owners=dict(tally.owners.most_common()),
        rejections=tuple(tally.rejections),
        warnings=tuple(tally.doubts()) if not missing else (),
    )


def recognise(header: Iterable[str]) -> System:
    """Say which system a header comes from; the generic one where none is recognised."""
    folded = {fold(name) for name in header}
    best, size = systems()[GENERIC], 0
    for system in systems().values():
        for signs in system.recognised_by:
            if signs <= folded and len(signs) > size:
                best, size = system, len(signs)
    return best


def _mapping(header: tuple[str, ...], system: System, chosen: Mapping[str, str]) -> dict[str, str]:
    """Give each field its header: a person's choice, else the first synonym the header has."""
    by_name = {_bare(name, system): name for name in reversed(header)}
    taken = {name for name in chosen.values() if name}
    mapping = {}
    for known in (system, systems()[GENERIC]):
        for name in FIELDS:
            if name in chosen or name in mapping:
                continue
            for synonym in known.headers.get(name, ()):
                found = by_name.get(synonym)
                if found and found not in taken:
                    mapping[name] = found
                    taken.add(found)
                    break
    mapping |= {name: found for name, found in chosen.items() if found}
    return {name: mapping[name] for name in FIELDS if name in mapping}


def _bare(name: str, system: System) -> str:
    folded = fold(name)
    for prefix in system.prefixes:
        if folded.startswith(prefix) and folded != prefix:
            return folded.removeprefix(prefix)
    return folded


def _columns(table: Table, mapping: Mapping[str, str]) -> dict[str, list[str]]:
    """Give the texts of the columns whose values decide something for the whole file."""
    places = {header: place for place, header in enumerate(table.header)}
    return {
        name: [row.cells[places[mapping[name]]] for row in table.rows]
        for name in (*_DATE_FIELDS, "amount")
        if name in mapping
    }


def _missing(mapping: Mapping[str, str], system: System) -> tuple[str, ...]:
    missing = [] if "stage" in mapping or "status" in mapping else ["stage"]
    names = systems()[GENERIC].name_from if not system.name_from else system.name_from
    if "name" not in mapping and not any(name in mapping for name in names):
        missing.append("name")
    return tuple(missing)


def _samples(table: Table) -> dict[str, list[str]]:
    samples: dict[str, list[str]] = {name: [] for name in table.header}
    for row in table.rows[:200]:
        for name, cell in zip(table.header, row.cells, strict=True):
            if cell and len(samples[name]) < _SAMPLES and cell not in samples[name]:
                samples[name].append(cell[:80])
    return samples


def _stages(counts: Counter[tuple[str, str]]) -> tuple[Stage, ...]:
    return tuple(Stage(name, kind, number) for (name, kind), number in counts.most_common())


def _check(answers: Answers, table: Table) -> None:
    for name, header in answers.mapping.items():
        _check_one("field", name, FIELDS)
        if header:
            _check_one("header", header, table.header)
    used = Counter(header for header in answers.mapping.values() if header)
    for header, times in used.items():
        if times > 1:
            raise InputError(
                "header-twice", f"The column {header} is chosen for two fields.", header=header
            )
    for stage_type in answers.stage_types.values():
        _check_one("stage-type", stage_type, STAGE_TYPES)
    if answers.date_order:
        _check_one("date-order", answers.date_order, ("dmy", "mdy"))
    if answers.decimal_sign:
        _check_one("decimal-sign", answers.decimal_sign, (".", ","))
    if answers.system:
        _check_one("system", answers.system, tuple(systems()))


def _check_one(what: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise InputError(
            f"unknown-{what}",
            f"“{given}” is not a known {what.replace('-', ' ')}; it can be: {', '.join(allowed)}.",
            given=given,
            allowed=list(allowed),
        )

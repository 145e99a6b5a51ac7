"""What a table of deals says, before anything is done with it.

The mapping of headers to fields, the order of dates and the decimal sign are decided from the
whole file; a person may overrule each. Every row is read once, by the same reader that an import
uses, so what is shown is what will happen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from spiegel.errors import InputError

from .dates import DateEvidence
from .doubts import Doubt, Tally, about_table, about_values
from .headers import mapped, recognise
from .history import stage_entered
from .identity import KEY_FIELDS, KeyOption
from .rows import Reading, Rejection, deals, name_fields
from .system import FIELDS, STAGE_TYPES, System, systems
from .values import Decision, SignEvidence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from .read import Table

_DATE_FIELDS = ("created_on", "close_date", "expected_close_on", "closed_on")
_SUM_FIELDS = ("amount", "weighted_amount")
#: Any of these tells how a deal stands.
_STANDING = ("stage", "status", "is_won", "is_closed")
_SAMPLES = 3
_WATCHED = 2_000


@dataclass(frozen=True)
class Answers:
    """What a person decided about a file; everything left out is decided from the file.

    Attributes:
        mapping: Field to header, in place of what was recognised; ``""`` leaves the field out.
        stage_types: Stage name to one of :data:`~spiegel.crm.system.STAGE_TYPES`.
        date_order: ``"dmy"`` or ``"mdy"``.
        decimal_sign: ``"."`` or ``","``.
        system: Id of the system, where the headers do not tell.
        reason_types: Reason of lost deals to the type that it really means, such as ``"parked"``.
        key: Fields that together say which deal a row is, where there is no id.
        event_kinds: In a file with events: type of an activity to the kind that it is.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    stage_types: Mapping[str, str] = field(default_factory=dict)
    date_order: str | None = None
    decimal_sign: str | None = None
    system: str | None = None
    reason_types: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    event_kinds: Mapping[str, str] = field(default_factory=dict)


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
        amounts_by_currency: Currency to the sum of all amounts in it; ``""`` where none is named.
        owners: Owner's name to number of deals.
        lost_reasons: Reason to number of lost deals.
        history: How many dated stages the rows themselves tell of.
        keys: Where there is no id: what could tell deals apart, and what that would merge.
        rejections: Rows that are no deals; of very many the first.
        rejected: How many rows are no deals.
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
    amounts_by_currency: dict[str, Decimal]
    owners: dict[str, int]
    lost_reasons: dict[str, int]
    history: int
    keys: tuple[KeyOption, ...]
    rejections: tuple[Rejection, ...]
    rejected: int
    warnings: tuple[Doubt, ...]

    @property
    def amount_total(self) -> Decimal:
        """The sum of all amounts, whatever their currency."""
        return sum(self.amounts_by_currency.values(), Decimal(0))

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
            "amounts": {code: str(total) for code, total in self.amounts_by_currency.items()},
            "owners": self.owners,
            "lost_reasons": self.lost_reasons,
            "history": self.history,
            "keys": [option.to_dict() for option in self.keys],
        }


def understand(
    table: Table,
    answers: Answers | None = None,
    today: date | None = None,
    watch: Callable[[int], None] | None = None,
) -> Understanding:
    """Work out what a table of deals says.

    Args:
        table: What :func:`spiegel.crm.read` gave.
        answers: What a person decided; by default all is decided from the file.
        today: The day of looking; without it nothing is said of what is overdue.
        watch: Is told now and then how many rows have been read.

    Raises:
        InputError: ``unknown-field``, ``unknown-header``, ``unknown-system``, ``header-twice``,
            ``unknown-stage-type``, ``unknown-date-order`` or ``unknown-decimal-sign`` for an
            answer that cannot be.
    """
    answers = answers or Answers()
    _check(answers, table)
    system = systems()[answers.system] if answers.system else recognise(table.header)
    mapping = mapped(table.header, system, answers.mapping)
    if "external_id" not in answers.mapping and not _has_ids(table, mapping):
        mapping.pop("external_id", None)
    dates, amounts = _decided(table, system, mapping, answers)
    reading = Reading(
        system.id, mapping, dates.choice, amounts.choice, dict(answers.stage_types),
        dict(answers.reason_types), tuple(name for name in answers.key if name in mapping),
    )  # fmt: skip
    missing = _missing(mapping, system)
    tally = Tally(reading, today)
    if not missing:
        for number, entry in enumerate(deals(table, reading), start=1):
            tally.add(entry)
            if watch and number % _WATCHED == 0:
                watch(number)
    warnings = [*about_values(dates, amounts), *tally.doubts()] if not missing else []
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
        amounts_by_currency=tally.amounts,
        owners=dict(tally.owners.most_common()),
        lost_reasons=dict(tally.lost_reasons.most_common()),
        history=tally.history,
        keys=tally.keys.options() if tally.keys else (),
        rejections=tuple(tally.rejections),
        rejected=tally.rejected,
        warnings=(*warnings, *about_table(table)),
    )


def _has_ids(table: Table, mapping: Mapping[str, str]) -> bool:
    """Whether the column of ids, if there is one, has any: an empty one is none."""
    if "external_id" not in mapping:
        return False
    place = table.header.index(mapping["external_id"])
    return any(row.cells[place] for row in table.rows)


def _decided(
    table: Table, system: System, mapping: Mapping[str, str], answers: Answers
) -> tuple[Decision, Decision]:
    """Decide the order of dates and the decimal sign, going through the table once."""
    dates, amounts = DateEvidence(), SignEvidence()
    places = {header: place for place, header in enumerate(table.header)}
    day_places = [places[mapping[name]] for name in _DATE_FIELDS if name in mapping]
    day_places += [places[name] for name in table.header if stage_entered(name, system)]
    sum_places = [places[mapping[name]] for name in _SUM_FIELDS if name in mapping]
    if day_places or sum_places:
        for row in table.rows:
            cells = row.cells
            for place in day_places:
                if cells[place]:
                    dates.add(cells[place])
            for place in sum_places:
                if cells[place]:
                    amounts.add(cells[place])
    return dates.decide(answers.date_order), amounts.decide(answers.decimal_sign)


def _missing(mapping: Mapping[str, str], system: System) -> tuple[str, ...]:
    """Name the fields without which no row can be a deal."""
    missing = [] if any(name in mapping for name in _STANDING) else ["stage"]
    if not any(name in mapping for name in ("name", *name_fields(system), "external_id")):
        missing.append("name")
    return tuple(missing)


def _samples(table: Table) -> dict[str, list[str]]:
    samples: dict[str, list[str]] = {name: [] for name in table.header}
    for row in islice(table.rows, 200):
        for name, cell in zip(table.header, row.cells, strict=True):
            if cell and len(samples[name]) < _SAMPLES and cell not in samples[name]:
                samples[name].append(cell[:80])
    return samples


def _stages(counts: Counter[tuple[str, str]]) -> tuple[Stage, ...]:
    return tuple(Stage(name, kind, number) for (name, kind), number in counts.most_common())


def _check(answers: Answers, table: Table) -> None:
    check_mapping(answers.mapping, table.header, FIELDS)
    for name in answers.key:
        _check_one("field", name, KEY_FIELDS)
    for stage_type in (*answers.stage_types.values(), *answers.reason_types.values()):
        _check_one("stage-type", stage_type, STAGE_TYPES)
    if answers.date_order:
        _check_one("date-order", answers.date_order, ("dmy", "mdy"))
    if answers.decimal_sign:
        _check_one("decimal-sign", answers.decimal_sign, (".", ","))
    if answers.system:
        _check_one("system", answers.system, tuple(systems()))


def check_mapping(
    mapping: Mapping[str, str], header: tuple[str, ...], fields: tuple[str, ...]
) -> None:
    """Refuse columns that a person chose and that cannot be.

    Raises:
        InputError: ``unknown-field``, ``unknown-header`` or ``header-twice``.
    """
    for name, column in mapping.items():
        _check_one("field", name, fields)
        if column:
            _check_one("header", column, header)
    used = Counter(column for column in mapping.values() if column)
    for column, times in used.items():
        if times > 1:
            raise InputError(
                "header-twice", f"The column {column} is chosen for two fields.", header=column
            )


def _check_one(what: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise InputError(
            f"unknown-{what}",
            f"“{given}” is not a known {what.replace('-', ' ')}; it can be: {', '.join(allowed)}.",
            given=given,
            allowed=list(allowed),
        )

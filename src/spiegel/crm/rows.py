"""Rows of a table as deals, each typed, or rejected with its line and the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .system import GENERIC, System, systems
from .values import Amount, fold, parse_amount, parse_currency, parse_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from decimal import Decimal

    from .read import Row, Table

#: The stage type of a name nobody has explained yet.
UNKNOWN = "unknown"
#: Stage types of deals that have ended.
ENDED = frozenset({"won", "lost", "no_decision"})
#: Longest external id, in characters, and the sum from which an amount is a slip.
MAX_ID = 100
MAX_AMOUNT = 10**12
_DATES = ("created_on", "close_date", "expected_close_on", "closed_on")
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True, slots=True)
class DealRow:
    """One deal as its file has it. Texts are ``""`` and the rest None where nothing is filled in.

    `stage_type` is one of :data:`~spiegel.crm.system.STAGE_TYPES` or ``"unknown"``; `extra` holds
    the columns without a meaning here, by header, where they are filled in.
    """

    line: int
    external_id: str
    name: str
    account: str
    product: str
    owner: str
    owner_email: str
    stage: str
    stage_type: str
    amount: Decimal | None
    currency: str
    created_on: date | None
    expected_close_on: date | None
    closed_on: date | None
    reason: str
    next_step: str
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was not taken.

    Attributes:
        line: The line of the file it begins on.
        code: Stable name of the reason.
        text: The reason in one English sentence.
        data: What the sentence was made from, so that a portal can say it in another language.
        cells: The row as it was.
    """

    line: int
    code: str
    text: str
    data: dict[str, object]
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """How to read a table's rows: what was understood, as far as a row needs it.

    Attributes:
        system: Id of a known system.
        mapping: Field to header.
        date_order: ``"dmy"``, ``"mdy"`` or ``"ymd"``.
        decimal_sign: ``"."`` or ``","``.
        stage_choices: Stage name as in the file to the type a person chose for it.
    """

    system: str
    mapping: Mapping[str, str]
    date_order: str
    decimal_sign: str
    stage_choices: Mapping[str, str] = field(default_factory=dict)


class _Unusable(Exception):  # noqa: N818  (never leaves this module)
    def __init__(self, code: str, text: str, **data: object) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.data = data


def deals(table: Table, reading: Reading) -> Iterator[DealRow | Rejection]:
    """Turn every row of a table into a deal or a rejection, in the order of the file.

    Args:
        table: What :func:`spiegel.crm.read` gave.
        reading: How to read it, such as ``understanding.reading``.
    """
    reader = _RowReader(table, reading)
    seen: dict[str, int] = {}
    for row in table.rows:
        try:
            deal = reader.deal(row)
            _check_once(deal, seen)
        except _Unusable as fault:
            yield Rejection(row.line, fault.code, fault.text, fault.data, row.cells + row.surplus)
        else:
            yield deal


def stage_type_of(name: str, system: System, choices: Mapping[str, str]) -> str:
    """Say what a stage's name means: a person's choice, the system's names, then general ones.

    Returns:
        A stage type, or ``"unknown"``: a name that is not known is asked, never guessed.
    """
    chosen = choices.get(name)
    if chosen:
        return chosen
    for folded in (fold(name), fold(_IN_BRACKETS.sub("", name))):
        for stages in (system.stages, systems()[GENERIC].stages):
            if folded in stages:
                return stages[folded]
    return UNKNOWN


def _check_once(deal: DealRow, seen: dict[str, int]) -> None:
    if not deal.external_id:
        return
    first = seen.setdefault(deal.external_id, deal.line)
    if first != deal.line:
        raise _Unusable(
            "id-twice",
            f"The id {deal.external_id} is already on line {first}; that row was taken.",
            id=deal.external_id,
            first=first,
        )


class _RowReader:
    """Reads rows of one table; remembers what equal texts meant."""

    def __init__(self, table: Table, reading: Reading) -> None:
        self.reading = reading
        self.system = systems()[reading.system]
        self.empty = self.system.empty_words | systems()[GENERIC].empty_words
        places = {header: place for place, header in enumerate(table.header)}
        self.places = {field: places[header] for field, header in reading.mapping.items()}
        mapped = set(self.places.values())
        self.others = [(h, place) for h, place in places.items() if place not in mapped]
        self.dates: dict[str, date] = {}
        self.types: dict[str, str] = {}

    def deal(self, row: Row) -> DealRow:
        if row.surplus:
            raise _Unusable(
                "too-many-cells",
                f"This row has {len(row.cells) + len(row.surplus)} cells where the header has "
                f"{len(row.cells)}.",
                cells=len(row.cells) + len(row.surplus),
                header=len(row.cells),
            )
        texts = {field: self._text(row, field) for field in self.places}
        stage, stage_type = self._stage(texts)
        dates = {field: self._date(texts, field) for field in _DATES if texts.get(field)}
        ended = stage_type in ENDED
        close = dates.get("close_date")
        amount = self._amount(texts)
        return DealRow(
            line=row.line,
            external_id=self._id(texts),
            name=self._name(texts),
            account=texts.get("account", ""),
            product=texts.get("product", ""),
            owner=texts.get("owner", ""),
            owner_email=texts.get("owner_email", ""),
            stage=stage,
            stage_type=stage_type,
            amount=amount.value if amount else None,
            currency=self._currency(texts) or (amount.currency if amount else ""),
            created_on=dates.get("created_on"),
            expected_close_on=dates.get("expected_close_on") or (None if ended else close),
            closed_on=dates.get("closed_on") or (close if ended else None),
            reason=texts.get("reason", ""),
            next_step=texts.get("next_step", ""),
            extra=self._extra(row, texts, stage),
        )

    def _text(self, row: Row, field: str) -> str:
        text = row.cells[self.places[field]]
        if len(text) <= 10 and text.casefold() in self.empty:
            return ""
        return text

    def _extra(self, row: Row, texts: dict[str, str], stage: str) -> dict[str, str]:
        extra = {header: row.cells[place] for header, place in self.others if row.cells[place]}
        if texts.get("stage") and texts["stage"] != stage:
            extra[self.reading.mapping["stage"]] = texts["stage"]
        return extra

    def _id(self, texts: dict[str, str]) -> str:
        text = texts.get("external_id", "")
        if "external_id" in self.places and not text:
            raise _Unusable("no-id", "This row has no id, so it could not be recognised later.")
        if len(text) > MAX_ID:
            raise _Unusable("id-too-long", f"The id is longer than {MAX_ID} characters.", id=text)
        return text

    def _name(self, texts: dict[str, str]) -> str:
        if texts.get("name"):
            return texts["name"]
        if "name" not in self.places:
            parts = [texts[part] for part in name_fields(self.system) if texts.get(part)]
            if parts:
                return ", ".join(parts)
        raise _Unusable("no-name", "This row has no name for the deal.")

    def _stage(self, texts: dict[str, str]) -> tuple[str, str]:
        """Give the stage and its type. A status such as won or lost goes before the stage."""
        status, stage = texts.get("status", ""), texts.get("stage", "")
        if not status and not stage:
            raise _Unusable("no-stage", "This row has no stage, so how the deal stands is unknown.")
        if not status:
            return stage, self._type(stage)
        status_type = self._type(status)
        if status_type == "open" and stage:
            return stage, status_type
        return status, status_type

    def _type(self, name: str) -> str:
        if name not in self.types:
            self.types[name] = stage_type_of(name, self.system, self.reading.stage_choices)
        return self.types[name]

    def _date(self, texts: dict[str, str], field: str) -> date:
        text = texts[field]
        if text not in self.dates:
            try:
                self.dates[text] = parse_date(text, self.reading.date_order)
            except ValueError:
                header = self.reading.mapping[field]
                raise _Unusable(
                    "date-unreadable",
                    f"“{text}” under {header} is not a date in this file's order "
                    f"({self.reading.date_order}).",
                    value=text,
                    header=header,
                    order=self.reading.date_order,
                ) from None
        return self.dates[text]

    def _currency(self, texts: dict[str, str]) -> str:
        text = texts.get("currency", "")
        if not text:
            return ""
        header = self.reading.mapping["currency"]
        try:
            return parse_currency(text)
        except ValueError:
            raise _Unusable(
                "currency-unreadable",
                f"“{text}” under {header} is not a currency; write a code such as EUR.",
                value=text,
                header=header,
            ) from None

    def _amount(self, texts: dict[str, str]) -> Amount | None:
        text = texts.get("amount", "")
        if not text:
            return None
        header = self.reading.mapping["amount"]
        try:
            amount = parse_amount(text, self.reading.decimal_sign)
        except ValueError:
            raise _Unusable(
                "amount-unreadable",
                f"“{text}” under {header} is not an amount with “{self.reading.decimal_sign}” "
                "before the decimals.",
                value=text,
                header=header,
                sign=self.reading.decimal_sign,
            ) from None
        if abs(amount.value) >= MAX_AMOUNT:
            raise _Unusable(
                "amount-too-large",
                f"The amount {text} under {header} is a thousand billion or more.",
                value=text,
                header=header,
            )
        return amount


def name_fields(system: System) -> tuple[str, ...]:
    """Which fields name a deal where the file has no column with names."""
    return system.name_from or systems()[GENERIC].name_from

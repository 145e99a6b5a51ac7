"""Rows of a table as deals, each typed, or rejected with its line and the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .dates import UnlikelyYearError, parse_moment
from .headers import currency_in
from .history import Entry, StageColumns
from .identity import key_of, salesforce_id
from .stages import ENDED, Stages
from .system import GENERIC, System, systems
from .values import Amount, is_rounded_id, parse_amount, parse_currency, parse_flag
from .words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from .read import Row, Table

#: Longest external id, in characters, and the sum from which an amount is a slip.
MAX_ID = 100
MAX_AMOUNT = 10**12
_DATES = ("created_on", "close_date", "expected_close_on", "closed_on")
#: So many texts are remembered at once while a file is gone through.
_REMEMBERED = 20_000


@dataclass(slots=True)  # not frozen: that takes four times as long to make, a million times over
class DealRow:
    """One deal as its file has it. Texts are ``""`` and the rest None where nothing is filled in.

    `stage_type` is one of :data:`~spiegel.crm.system.STAGE_TYPES` or ``"unknown"``; `extra` holds
    the columns without a meaning here, by header, where they are filled in; `history` is what the
    row's own columns tell of the past; `oddities` are codes of what does not add up in its stage.
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
    probability: Decimal | None = None
    weighted_amount: Decimal | None = None
    history: tuple[Entry, ...] = ()
    oddities: tuple[str, ...] = ()


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
        reason_choices: Lost reason to the type a person chose for deals that have it.
        key: Fields that together say which deal a row is, where there is no id.
    """

    system: str
    mapping: Mapping[str, str]
    date_order: str
    decimal_sign: str
    stage_choices: Mapping[str, str] = field(default_factory=dict)
    reason_choices: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()


class Unusable(Exception):  # noqa: N818  (never leaves this folder)
    """A row that cannot be used: the code, the sentence and the data of its rejection."""

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
    return (entry for entry, _cells in deals_with_cells(table, reading))


def deals_with_cells(
    table: Table, reading: Reading
) -> Iterator[tuple[DealRow | Rejection, tuple[str, ...]]]:
    """Give what :func:`deals` gives, each with the cells it was made of."""
    reader = _RowReader(table, reading)
    seen: dict[str, int] = {}
    for row in table.rows:
        try:
            deal = reader.deal(row)
            if deal.external_id and seen.setdefault(deal.external_id, row.line) != row.line:
                raise _seen_before(deal, seen[deal.external_id], reading)
        except Unusable as fault:
            cells = row.cells + row.surplus
            yield Rejection(row.line, fault.code, fault.text, fault.data, cells), cells
        else:
            yield deal, row.cells


def _seen_before(deal: DealRow, first: int, reading: Reading) -> Unusable:
    if reading.key:
        headers = ", ".join(reading.mapping[name] for name in reading.key)
        return Unusable(
            "key-twice",
            f"This row has the same {headers} as line {first}; that row was taken.",
            headers=headers,
            first=first,
        )
    return Unusable(
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
        self.empty_typed = self.empty | words().empty_typed
        begins = {word[:1] for word in self.empty_typed if word}
        #: What a word for nothing can begin with: most texts need no further look.
        self.begins = begins | {letter.upper() for letter in begins} | {"ſ", "K"}
        places = {header: place for place, header in enumerate(table.header)}
        self.places = {field: places[header] for field, header in reading.mapping.items()}
        mapped = set(self.places.values())
        self.stages = Stages(self.system, reading.stage_choices, reading.reason_choices)
        self.entered = StageColumns(table.header, self.system)
        mapped |= set(self.entered.places.values())
        self.others = [(h, place) for h, place in places.items() if place not in mapped]
        self.moments: dict[str, datetime] = {}
        self.date_fields = [name for name in _DATES if name in self.places]
        self.number_fields = {"probability", "weighted_amount"} & self.places.keys()
        self.currency = currency_in(reading.mapping.get("amount", ""))

    def deal(self, row: Row) -> DealRow:
        if row.surplus:
            raise _too_wide(row)
        texts = self._texts(row.cells)
        if texts.get("is_deleted") and parse_flag(texts["is_deleted"]):
            raise Unusable("deleted", "This deal is deleted in the CRM.")
        standing = self.stages.of(texts, self.reading.mapping)
        if standing is None:
            raise Unusable("no-stage", "This row has no stage, so how the deal stands is unknown.")
        dates = self._dates(texts)
        ended = standing.type in ENDED
        close = dates.get("close_date")
        amount = self._amount(texts)
        external_id = self._id(texts, dates)
        return DealRow(
            line=row.line,
            external_id=external_id,
            name=self._name(texts, external_id),
            account=texts.get("account", ""),
            product=texts.get("product", ""),
            owner=texts.get("owner", ""),
            owner_email=texts.get("owner_email", ""),
            stage=standing.stage,
            stage_type=standing.type,
            amount=amount.value if amount else None,
            currency=self._currency(texts, amount),
            created_on=dates.get("created_on"),
            expected_close_on=dates.get("expected_close_on") or (None if ended else close),
            closed_on=dates.get("closed_on") or (close if ended else None),
            reason=texts.get("reason", ""),
            next_step=texts.get("next_step", ""),
            extra=self._extra(row, texts, standing.stage),
            probability=self._number(texts, "probability") if self.number_fields else None,
            weighted_amount=self._number(texts, "weighted_amount") if self.number_fields else None,
            history=self.entered.entries(row.cells, self._moment) if self.entered.places else (),
            oddities=standing.oddities,
        )

    def _texts(self, cells: tuple[str, ...]) -> dict[str, str]:
        """Give each field its text, or "" where a word says that there is none."""
        texts = {name: cells[place] for name, place in self.places.items()}
        for name, text in texts.items():
            if text[:1] in self.begins and len(text) <= 12 and text.casefold() in self.empty:
                texts[name] = ""
        return texts

    def _typed(self, text: str) -> str:
        """Give a text of a date or amount, or "" where a program wrote that there is none."""
        if text[:1] not in self.begins or len(text) > 12:
            return text
        return "" if text.casefold() in self.empty_typed else text

    def _extra(self, row: Row, texts: dict[str, str], stage: str) -> dict[str, str]:
        extra = {header: row.cells[place] for header, place in self.others if row.cells[place]}
        at, status = texts.get("stage"), texts.get("status")
        if at and at != stage:
            extra[self.reading.mapping["stage"]] = at
        if status and stage not in {at, status}:
            extra[self.reading.mapping["status"]] = status
        return extra

    def _id(self, texts: dict[str, str], dates: dict[str, date]) -> str:
        if self.reading.key:
            return key_of(self.reading.key, texts, dates)
        text = texts.get("external_id", "")
        if "external_id" in self.places and not text:
            raise Unusable("no-id", "This row has no id, so it could not be recognised later.")
        if len(text) > MAX_ID:
            raise Unusable("id-too-long", f"The id is longer than {MAX_ID} characters.", id=text)
        if text and is_rounded_id(text):
            raise Unusable(
                "id-rounded",
                f"The id {text} was rounded by a spreadsheet, so it is no id any more; export "
                "again, or open the file with that column as text.",
                id=text,
            )
        return salesforce_id(text) if self.system.ids else text

    def _name(self, texts: dict[str, str], external_id: str) -> str:
        if texts.get("name"):
            return texts["name"]
        if "name" not in self.places:
            parts = [texts[part] for part in name_fields(self.system) if texts.get(part)]
            if parts or external_id:
                return ", ".join(parts) or external_id
        raise Unusable("no-name", "This row has no name for the deal.")

    def _dates(self, texts: dict[str, str]) -> dict[str, date]:
        found = {}
        for name in self.date_fields:
            text = texts[name]
            if not text:
                continue
            moment = self.moments.get(text)
            if moment is None and self._typed(text) and text not in words().zero_dates:
                moment = self._moment(text, self.reading.mapping[name])
            if moment is not None:
                found[name] = moment.date()
        return found

    def _moment(self, text: str, header: str) -> datetime:
        found = self.moments.get(text)
        if found is None:
            if len(self.moments) >= _REMEMBERED:
                self.moments.clear()
            found = self.moments[text] = self._parsed(text, header)
        return found

    def _parsed(self, text: str, header: str) -> datetime:
        try:
            return parse_moment(text, self.reading.date_order)
        except UnlikelyYearError as fault:
            raise Unusable(
                "year-unlikely",
                f"“{text}” under {header} has the year {fault.year}, which cannot be meant.",
                value=text, header=header, year=fault.year,
            ) from None  # fmt: skip
        except ValueError:
            raise Unusable(
                "date-unreadable",
                f"“{text}” under {header} is not a date in this file's order "
                f"({self.reading.date_order}).",
                value=text,
                header=header,
                order=self.reading.date_order,
            ) from None

    def _currency(self, texts: dict[str, str], amount: Amount | None) -> str:
        text = self._typed(texts.get("currency", ""))
        if not text:
            return (amount.currency or self.currency) if amount else ""
        header = self.reading.mapping["currency"]
        try:
            return parse_currency(text)
        except ValueError:
            raise Unusable(
                "currency-unreadable",
                f"“{text}” under {header} is not a currency; write a code such as EUR.",
                value=text,
                header=header,
            ) from None

    def _amount(self, texts: dict[str, str]) -> Amount | None:
        text = self._typed(texts.get("amount", ""))
        if not text:
            return None
        header = self.reading.mapping["amount"]
        try:
            amount = parse_amount(text, self.reading.decimal_sign)
        except ValueError:
            raise Unusable(
                "amount-unreadable",
                f"“{text}” under {header} is not an amount with “{self.reading.decimal_sign}” "
                "before the decimals.",
                value=text,
                header=header,
                sign=self.reading.decimal_sign,
            ) from None
        if abs(amount.value) >= MAX_AMOUNT:
            raise Unusable(
                "amount-too-large",
                f"The amount {text} under {header} is a thousand billion or more.",
                value=text,
                header=header,
            )
        return amount

    def _number(self, texts: dict[str, str], field: str) -> Decimal | None:
        """Read a number that only serves to compare: what is none is passed over."""
        text = self._typed(texts.get(field, "")).removesuffix("%")
        if not text:
            return None
        try:
            return parse_amount(text, self.reading.decimal_sign).value
        except ValueError:
            return None


def _too_wide(row: Row) -> Unusable:
    count = len(row.cells) + len(row.surplus)
    return Unusable(
        "too-many-cells",
        f"This row has {count} cells where the header has {len(row.cells)}.",
        cells=count,
        header=len(row.cells),
    )


def name_fields(system: System) -> tuple[str, ...]:
    """Which fields name a deal where the file has no column with names."""
    return system.name_from or systems()[GENERIC].name_from

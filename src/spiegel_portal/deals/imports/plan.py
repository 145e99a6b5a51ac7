"""What an import would do, worked out without doing it: new, updated, unchanged, rejected."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection

from spiegel.crm import DealRow, Rejection
from spiegel_portal.deals.models import Deal, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from uuid import UUID

    from .owners import Owners

#: Fields of a deal that come from columns of the file, with the columns' fields.
_FROM = {
    "name": ("name", "account", "product"),
    "account": ("account",),
    "product": ("product",),
    "stage": ("stage", "status"),
    "amount": ("amount",),
    "created_on": ("created_on",),
    "expected_close_on": ("expected_close_on", "close_date"),
    "closed_on": ("closed_on", "close_date"),
    "crm_reason": ("reason",),
    "next_step": ("next_step",),
    "owner_name": ("owner", "owner_email"),
}
#: So many rows are planned and written at a time, however long the file is.
AT_ONCE = 5_000
#: A row as it was read, with its cells.
Entry = tuple[DealRow | Rejection, tuple[str, ...]]
_CENT = Decimal("0.01")
_ENDED = ("won", "lost", "no_decision")
#: So many owners are remembered at once.
_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class Change:
    """A deal that differs from its row: field to its new value. `stage` is a stage's name."""

    deal: Deal
    row: DealRow
    values: dict[str, Any]


@dataclass(slots=True)
class Plan:
    """What an import would do.

    Attributes:
        new: Rows that become deals, each with its fields.
        changes: Deals that differ from their rows.
        unchanged: How many rows say what is there already.
        others: How many rows are somebody else's, in a seller's own import.
        rejections: Rows that are not taken.
        kept: How many differing values stay because a person typed them in Spiegel.
        shortened: How many texts are too long for their field.
        histories: Deals that are there already, with rows that tell of their past.
    """

    new: list[tuple[DealRow, dict[str, Any]]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    others: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    kept: int = 0
    shortened: int = 0
    histories: list[tuple[Deal, DealRow]] = field(default_factory=list)
    _new: int = 0
    _updated: int = 0
    _rejected: int = 0

    def add_counts(self, other: Plan) -> None:
        """Count what another part of the same file would do too."""
        self._new += len(other.new)
        self._updated += len(other.changes)
        self._rejected += len(other.rejections)
        self.unchanged += other.unchanged
        self.others += other.others
        self.kept += other.kept
        self.shortened += other.shortened

    def counts(self) -> dict[str, int]:
        """Give the figures for people."""
        return {
            "new": len(self.new) + self._new,
            "updated": len(self.changes) + self._updated,
            "unchanged": self.unchanged,
            "others": self.others,
            "rejected": len(self.rejections) + self._rejected,
            "kept": self.kept,
            "shortened": self.shortened,
        }


class Planner:
    """Compares rows with the deals that are there.

    Args:
        existing: Gives deals of the same source by their external ids, each with its stage.
        mapping: Field to header, as understood.
        owners: Whose the deals become.
        currency: The organisation's, for amounts that name none.
    """

    def __init__(
        self,
        *,
        existing: Callable[[list[str]], Mapping[str, Deal]],
        mapping: Mapping[str, str],
        owners: Owners,
        currency: str,
    ) -> None:
        self._look_up = existing
        self._existing: Mapping[str, Deal] = {}
        self._mapping = mapping
        self._owners = owners
        self._currency = currency
        self._plan = Plan()
        self._limits = _limits()
        self._absent = [
            name for name, columns in _FROM.items() if not any(part in mapping for part in columns)
        ]
        self._members: dict[tuple[str, str], UUID | None] = {}

    def plans(self, entries: Iterable[Entry]) -> Iterator[Plan]:
        """Work out what becomes of every row, so many of them at a time.

        Args:
            entries: Each row as it was read, with its cells.
        """
        rows = iter(entries)
        parts = iter(lambda: list(islice(rows, AT_ONCE)), [])
        return map(self._plan_of, read_ahead(parts) if has_own_process() else parts)

    def _plan_of(self, entries: list[Entry]) -> Plan:
        self._plan = Plan()
        ids = [entry.external_id for entry, _ in entries if isinstance(entry, DealRow)]
        self._existing = self._look_up([known for known in ids if known])
        for entry, cells in entries:
            if isinstance(entry, Rejection):
                self._plan.rejections.append(entry)
            elif not self._owners.takes(entry):
                self._plan.others += 1
            else:
                self._take(entry, cells)
        return self._plan

    def _take(self, row: DealRow, cells: tuple[str, ...]) -> None:
        deal = self._existing.get(row.external_id) if row.external_id else None
        values = self._values(row)
        if deal is None:
            self._plan.new.append((row, values))
            return
        importer = self._owners.importer
        if not importer.for_all and importer.user and deal.owner_id != importer.user.pk:
            self._plan.rejections.append(_not_yours(row, cells))
            return
        if row.history:
            self._plan.histories.append((deal, row))
        changed = self._changed(deal, values)
        if changed:
            self._plan.changes.append(Change(deal, row, changed))
        else:
            self._plan.unchanged += 1

    def _values(self, row: DealRow) -> dict[str, Any]:
        """Give a row as fields of a deal; only those the file has a column for."""
        ended = row.stage_type in _ENDED
        values: dict[str, Any] = {
            "name": row.name,
            "account": row.account,
            "product": row.product,
            "stage": row.stage,
            "amount": _cents(row.amount),
            "created_on": row.created_on,
            "expected_close_on": row.expected_close_on,
            "closed_on": row.closed_on,
            "crm_reason": row.reason,
            "next_step": row.next_step,
            "owner_name": row.owner or row.owner_email,
        }
        if ended and "expected_close_on" not in self._mapping:
            del values["expected_close_on"]  # the file says when it closed, not what was expected
        for name in self._absent:
            values.pop(name, None)
        if row.amount is not None or row.currency:
            values["currency"] = row.currency or self._currency
        values["owner_id"] = self._owner_of(row)
        for name, limit in self._limits.items():
            if name in values and len(values[name]) > limit:
                self._plan.shortened += 1
                values[name] = values[name][: limit - 1] + "…"
        return values

    def _owner_of(self, row: DealRow) -> UUID | None:
        named = (row.owner, row.owner_email)
        if named not in self._members:
            if len(self._members) >= _REMEMBERED:
                self._members.clear()
            self._members[named] = self._owners.of(row)
        return self._members[named]

    def _changed(self, deal: Deal, values: dict[str, Any]) -> dict[str, Any]:
        differing = {name: value for name, value in values.items() if _current(deal, name) != value}
        if "owner_id" in differing and not self._owner_moves(deal, values):
            del differing["owner_id"]
        typed = {"owner_id" if name == "owner" else name for name in deal.typed_fields}
        kept = typed & differing.keys()
        self._plan.kept += len(kept)
        return {name: value for name, value in differing.items() if name not in kept}

    def _owner_moves(self, deal: Deal, values: dict[str, Any]) -> bool:
        """Whether the file gives the deal to somebody else: another name, or a name now known."""
        if values["owner_id"] is None:
            return False
        return deal.owner_id is None or deal.owner_name != values.get("owner_name", "")


def read_ahead(parts: Iterator[list[Entry]]) -> Iterator[list[Entry]]:
    """Read each part in a second thread, while the part before it is written."""
    with ThreadPoolExecutor(1) as reader:
        coming: Future[list[Entry]] = reader.submit(next, parts, [])
        while part := coming.result():
            coming = reader.submit(next, parts, [])
            yield part


def has_own_process() -> bool:
    """Whether the database works by itself; SQLite works in ours, and two threads only wait."""
    return connection.vendor != "sqlite"


def _limits() -> dict[str, int]:
    """Give the fields that are texts, and how long they may be."""
    fields = {field.name: field for field in Deal._meta.concrete_fields if field.name in _FROM}  # noqa: SLF001  (the documented way to ask a model)
    limits = {name: field.max_length for name, field in fields.items()}
    stage = Stage._meta.get_field("name").max_length  # noqa: SLF001  (the same)
    return {name: limit for name, limit in {**limits, "stage": stage}.items() if limit}


def _not_yours(row: DealRow, cells: tuple[str, ...]) -> Rejection:
    return Rejection(
        line=row.line,
        code="not-yours",
        text="This deal is not one of yours in Spiegel, so your import leaves it alone.",
        data={},
        cells=cells,
    )


def _current(deal: Deal, name: str) -> Any:
    return deal.stage.name if name == "stage" else getattr(deal, name)


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(_CENT, ROUND_HALF_UP)

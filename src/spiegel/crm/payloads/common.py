"""What the readers of payloads share: what they give, the names they look up, texts and dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from spiegel.crm.events import Event
from spiegel.crm.rows import MAX_AMOUNT, MAX_ID, DealRow
from spiegel.crm.stages import Stages, Standing
from spiegel.crm.system import systems
from spiegel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import tzinfo

_CENT = Decimal("0.01")
_YEARS = range(1970, 2200)
_NAMELESS = "–"


@dataclass(frozen=True, slots=True)
class Phase:
    """A stage as its CRM describes it: its name and its type."""

    name: str
    type: str = "open"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the CRM, such as the owner of a deal."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Book:
    """The names that payloads refer to by their ids, and how dates are read.

    Attributes:
        zone: Where the organisation is: a moment falls on the day it is there.
        stages: Id to stage.
        people: Id to person.
        accounts: Id to a customer's name.
        reasons: Id to a lost reason.
        won: What a stage is called that says no more than that the deal is won.
        lost: The same for lost.
    """

    zone: tzinfo = UTC
    stages: Mapping[str, Phase] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    won: str = "Won"
    lost: str = "Lost"

    def person(self, key: object) -> Person:
        """Give a person, who is nobody when not known."""
        return self.people.get(text(key), Person())

    def stage(self, key: object) -> Phase:
        """Give a stage; one that is not known goes by its id."""
        known = text(key)
        return self.stages.get(known, Phase(known))


@dataclass(frozen=True, slots=True)
class Told:
    """What an API tells of one deal.

    Attributes:
        deal: The deal as it is now.
        events: What changed before, the earliest first.
        merged: Ids of deals that became part of this one.
    """

    deal: DealRow
    events: tuple[Event, ...] = ()
    merged: tuple[str, ...] = ()


def text(value: object) -> str:
    """Give a value as text without the characters that no database takes; "" for none."""
    if value is None:
        return ""
    # Half a surrogate pair is JSON, but no text.
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode().strip()


def mapping(value: object) -> Mapping[str, Any]:
    """Give a part of a payload that has parts itself; an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def entries(value: object) -> list[Mapping[str, Any]]:
    """Give the parts of a list that have parts themselves."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def identity(value: object) -> str:
    """Give the id of a deal.

    Raises:
        InputError: There is none, or it is too long to keep.
    """
    known = text(value)
    if not known:
        raise InputError("no-id", "This deal has no id, so it could not be recognised later.")
    if len(known) > MAX_ID:
        raise InputError("id-too-long", f"The id is longer than {MAX_ID} characters.", id=known)
    return known


def amount(value: object) -> Decimal | None:
    """Give a sum, rounded to cents.

    Raises:
        InputError: It is no number, or too large to be meant.
    """
    known = text(value)
    if not known:
        return None
    try:
        read = Decimal(known)
    except InvalidOperation:
        raise InputError(
            "amount-unreadable", f"“{known[:40]}” is not an amount.", value=known[:40]
        ) from None
    if not read.is_finite():
        raise InputError("amount-unreadable", f"“{known}” is not an amount.", value=known)
    if abs(read) >= MAX_AMOUNT:
        raise InputError(
            "amount-too-large", f"The amount {known[:40]} cannot be meant.", value=known[:40]
        )
    return read.quantize(_CENT, ROUND_HALF_UP)


def moment(value: object) -> datetime | None:
    """Read a moment: ISO with or without a zone (then UTC), or milliseconds since 1970.

    Raises:
        InputError: It is none, or in a year that cannot be meant.
    """
    known = text(value)
    if not known:
        return None
    try:
        read = (
            datetime.fromtimestamp(int(known) / 1000, UTC)
            if known.isdecimal() and len(known) > 10
            else datetime.fromisoformat(known)
        )
    except (ValueError, OverflowError, OSError):
        raise InputError(
            "date-unreadable", f"“{known[:40]}” is not a date.", value=known[:40]
        ) from None
    if read.year not in _YEARS:
        raise InputError(
            "year-unlikely",
            f"“{known[:40]}” has the year {read.year}, which cannot be meant.",
            value=known[:40],
            year=read.year,
        )
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def day(value: object, zone: tzinfo) -> date | None:
    """Give the day of a date, or of a moment in a zone."""
    known = text(value)
    read = moment(known)
    if read is None:
        return None
    return read.date() if len(known) == len("2026-05-03") else read.astimezone(zone).date()


def standing(system: str, types: Mapping[str, str], **texts: str) -> Standing:
    """Say how a deal stands, by the same rules as for a file.

    Args:
        system: Id of the system.
        types: Stage name to type, as the CRM itself says.
        **texts: ``stage``, ``status``, ``reason``.
    """
    found = Stages(systems()[system], types, {}).of(texts, {})
    if found is None:
        raise InputError("no-stage", "This deal has no stage, so how it stands is unknown.")
    return found


def row(*, external_id: str, name: str, account: str, **fields: Any) -> DealRow:
    """Make a deal; one without a name goes by its customer."""
    empty: dict[str, Any] = {
        "product": "", "owner": "", "owner_email": "", "amount": None, "currency": "",
        "created_on": None, "expected_close_on": None, "closed_on": None, "reason": "",
        "next_step": "",
    }  # fmt: skip
    return DealRow(
        line=0,
        external_id=external_id,
        name=name or account or _NAMELESS,
        account=account,
        **{**empty, **fields},
    )


@dataclass(frozen=True, slots=True)
class Value:
    """What a field was from a moment on, as the timeline writes it."""

    at: datetime
    value: str
    author: str = ""


def changes(deal_id: str, kind: str, values: Iterable[Value]) -> Iterator[Event]:
    """Turn what a field was, one moment after another, into its changes.

    The first value of a stage tells where a deal began; the first date or sum is no change.
    """
    before, first = "", True
    for value in sorted(values, key=lambda value: value.at):
        if value.value != before and (not first or kind == "stage"):
            yield change(deal_id, kind, value.at, before, value.value, author=value.author)
        before, first = value.value, False


def change(
    deal_id: str, kind: str, at: datetime, before: str, after: str, *, author: str = ""
) -> Event:
    """Make the event of one change."""
    return Event(
        line=0, deal_id=deal_id, deal_name="", at=at, kind=kind, before=before, after=after,
        author=author,
    )  # fmt: skip


def written(kind: str, value: object, zone: tzinfo) -> str:
    """Write a date or sum as the timeline does; what cannot be read stays as it is."""
    try:
        if kind == "date":
            return str(day(value, zone) or "")
        if kind == "amount":
            sum_ = amount(value)
            return "" if sum_ is None else str(sum_)
    except InputError:
        pass
    return text(value)


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Give events the earliest first."""
    return tuple(sorted(events, key=lambda event: event.at))

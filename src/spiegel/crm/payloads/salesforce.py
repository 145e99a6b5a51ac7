"""Salesforce: records of Opportunity, with OpportunityHistory's snapshots of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spiegel.crm.identity import salesforce_id
from spiegel.crm.stages import ENDED
from spiegel.crm.values import fold

from . import common
from .common import Book, Phase, Told, Value, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from spiegel.crm.events import Event

#: What an organisation's own field with the lost reason may be called, in letters only.
_REASONS = ("lossreason", "lostreason", "closedlostreason", "reasonlost", "redenverlies")


def stages(records: Iterable[Mapping[str, Any]]) -> dict[str, Phase]:
    """Read the records of OpportunityStage: name to stage."""
    found = {}
    for record in records:
        name = text(record.get("MasterLabel"))
        closed, won = record.get("IsClosed") is True, record.get("IsWon") is True
        found[name] = Phase(name, "won" if won else "lost" if closed else "open")
    return found


def reason_field(names: Iterable[str]) -> str:
    """Pick the field that holds the lost reason, which every organisation makes itself."""
    own = {fold(name.removesuffix("__c")): name for name in names if name.endswith("__c")}
    return next((own[reason] for reason in _REASONS if reason in own), "")


def is_gone(record: Mapping[str, Any]) -> bool:
    """Whether a record lies in the recycle bin."""
    return record.get("IsDeleted") is True


def told(
    record: Mapping[str, Any],
    history: Iterable[Mapping[str, Any]],
    book: Book,
    *,
    reason_in: str = "",
) -> Told:
    """Read one opportunity.

    Args:
        record: The opportunity, with the names of its account and owner.
        history: The snapshots of OpportunityHistory that are of it.
        book: The stages.
        reason_in: The field with the lost reason.

    Raises:
        InputError: The opportunity cannot be taken.
    """
    deal_id = salesforce_id(common.identity(record.get("Id")))
    name = text(record.get("StageName"))
    phase = book.stages.get(name) or _by_flags(name, record)
    reason = text(record.get(reason_in)) if reason_in else ""
    stands = common.standing("salesforce", {name: phase.type}, stage=name, reason=reason)
    close, ended = common.day(record.get("CloseDate"), book.zone), stands.type in ENDED
    owner, account = mapping(record.get("Owner")), mapping(record.get("Account"))
    deal = common.row(
        external_id=deal_id,
        name=text(record.get("Name")),
        account=text(account.get("Name")),
        owner=text(owner.get("Name")),
        owner_email=text(owner.get("Email")),
        stage=stands.stage,
        stage_type=stands.type,
        amount=common.amount(record.get("Amount")),
        currency=text(record.get("CurrencyIsoCode"))[:3].upper(),
        created_on=common.day(record.get("CreatedDate"), book.zone),
        expected_close_on=None if ended else close,
        closed_on=close if ended else None,
        reason=reason,
        next_step=text(record.get("NextStep")),
    )
    return Told(deal, common.in_order(_events(deal_id, list(history), book)))


def _by_flags(name: str, record: Mapping[str, Any]) -> Phase:
    """Say what a stage means that is in use no longer: its deal's own flags tell."""
    if record.get("IsWon") is True:
        return Phase(name, "won")
    return Phase(name, "lost" if record.get("IsClosed") is True else "open")


def _events(deal_id: str, history: list[Mapping[str, Any]], book: Book) -> Iterator[Event]:
    for name, kind in (("StageName", "stage"), ("CloseDate", "date"), ("Amount", "amount")):
        values = [
            Value(
                at,
                text(shot.get(name))
                if kind == "stage"
                else common.written(kind, shot.get(name), book.zone),
                text(mapping(shot.get("CreatedBy")).get("Name")),
            )
            for shot in history
            if (at := common.moment(shot.get("CreatedDate")))
        ]
        yield from common.changes(deal_id, kind, values)

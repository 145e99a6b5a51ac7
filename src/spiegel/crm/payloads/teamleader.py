"""Teamleader: deals as ``deals.info`` gives them, with the history of their phases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import common
from .common import Book, Told, Value, entries, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spiegel.crm.events import Event


def customer(payload: Mapping[str, Any]) -> tuple[str, str]:
    """Give the type (``company`` or ``contact``) and id of a deal's customer."""
    found = mapping(mapping(payload.get("lead")).get("customer"))
    return text(found.get("type")), text(found.get("id"))


def told(payload: Mapping[str, Any], book: Book) -> Told:
    """Read one deal.

    Args:
        payload: The data of ``deals.info``.
        book: The phases, users, customers and lost reasons.

    Raises:
        InputError: The deal cannot be taken.
    """
    deal_id = common.identity(payload.get("id"))
    status = text(payload.get("status"))
    phase = book.stage(mapping(payload.get("current_phase")).get("id"))
    reason = _reason(payload, book) if status == "lost" else ""
    types = {phase.name: "open", book.won: "won", book.lost: "lost"}
    word = {"won": book.won, "lost": book.lost}.get(status, "")
    stands = common.standing("teamleader", types, status=word, stage=phase.name, reason=reason)
    owner = book.person(mapping(payload.get("responsible_user")).get("id"))
    value = mapping(payload.get("estimated_value"))
    ended = status in {"won", "lost"}
    deal = common.row(
        external_id=deal_id,
        name=text(payload.get("title")),
        account=book.accounts.get(customer(payload)[1], ""),
        owner=owner.name or owner.email,
        owner_email=owner.email,
        stage=stands.stage,
        stage_type=stands.type,
        amount=common.amount(value.get("amount")),
        currency=text(value.get("currency"))[:3].upper(),
        created_on=common.day(payload.get("created_at"), book.zone),
        expected_close_on=common.day(payload.get("estimated_closing_date"), book.zone),
        closed_on=common.day(payload.get("closed_at"), book.zone) if ended else None,
        reason=reason,
    )
    ending = stands.stage if ended else ""
    return Told(deal, common.in_order(_events(deal_id, payload, book, ending)))


def _reason(payload: Mapping[str, Any], book: Book) -> str:
    """Put the chosen reason and the remark beside it into one text."""
    lost = mapping(payload.get("lost_reason"))
    chosen = book.reasons.get(text(mapping(lost.get("reason")).get("id")), "")
    return ": ".join(part for part in (chosen, text(lost.get("remark"))) if part)


def _events(deal_id: str, payload: Mapping[str, Any], book: Book, ending: str) -> Iterator[Event]:
    values = []
    for entry in entries(payload.get("phase_history")):
        at = common.moment(entry.get("started_at"))
        if at:
            name = book.stage(mapping(entry.get("phase")).get("id")).name
            who = book.person(mapping(entry.get("started_by")).get("id")).name
            values.append(Value(at, name, who))
    closed = common.moment(payload.get("closed_at")) if ending else None
    if closed:
        values.append(Value(closed, ending))
    yield from common.changes(deal_id, "stage", values)

"""HubSpot: deals with the history of their properties, as ``/crm/v3/objects/0-3`` gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spiegel.crm.stages import ENDED

from . import common
from .common import Book, Phase, Told, Value, entries, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from spiegel.crm.events import Event

#: What is asked of every deal.
PROPERTIES = (
    "dealname", "dealstage", "pipeline", "amount", "deal_currency_code", "closedate", "createdate",
    "hubspot_owner_id", "closed_lost_reason", "hs_next_step", "hs_merged_object_ids",
)  # fmt: skip
#: Of which the history is asked too, and what a change of it is.
HISTORY = {
    "dealstage": "stage",
    "closedate": "date",
    "amount": "amount",
    "hubspot_owner_id": "owner",
}


def stages(pipelines: Iterable[Mapping[str, Any]]) -> dict[str, Phase]:
    """Read the pipelines: stage id to name and type.

    Two stages of different pipelines with one name and different types carry their pipeline's
    name, so that a name means one thing.
    """
    found: dict[str, tuple[Phase, str]] = {}
    for pipeline in pipelines:
        for stage in entries(pipeline.get("stages")):
            phase = Phase(text(stage.get("label")), _type(mapping(stage.get("metadata"))))
            found[text(stage.get("id"))] = phase, text(pipeline.get("label"))
    types: dict[str, set[str]] = {}
    for phase, _ in found.values():
        types.setdefault(phase.name, set()).add(phase.type)
    return {
        key: phase if len(types[phase.name]) == 1 else Phase(f"{phase.name} ({where})", phase.type)
        for key, (phase, where) in found.items()
    }


def _type(metadata: Mapping[str, Any]) -> str:
    if text(metadata.get("isClosed")).lower() != "true":
        return "open"
    return "won" if text(metadata.get("probability")) in {"1", "1.0"} else "lost"


def told(payload: Mapping[str, Any], book: Book, account: str = "") -> Told:
    """Read one deal.

    Args:
        payload: An object with its properties, and their history where it was asked for.
        book: The stages and owners.
        account: The customer's name.

    Raises:
        InputError: The deal cannot be taken: no id, no stage, a date or sum that is none.
    """
    have = mapping(payload.get("properties"))
    deal_id = common.identity(payload.get("id"))
    phase = book.stage(have.get("dealstage"))
    reason = text(have.get("closed_lost_reason"))
    types = {phase.name: phase.type}
    stands = common.standing("hubspot", types, stage=phase.name, reason=reason)
    close = common.day(have.get("closedate"), book.zone)
    ended = stands.type in ENDED
    owner = book.person(have.get("hubspot_owner_id"))
    deal = common.row(
        external_id=deal_id,
        name=text(have.get("dealname")),
        account=account,
        owner=owner.name or owner.email,
        owner_email=owner.email,
        stage=stands.stage,
        stage_type=stands.type,
        amount=common.amount(have.get("amount")),
        currency=text(have.get("deal_currency_code"))[:3].upper(),
        created_on=common.day(have.get("createdate") or payload.get("createdAt"), book.zone),
        expected_close_on=None if ended else close,
        closed_on=close if ended else None,
        reason=reason,
        next_step=text(have.get("hs_next_step")),
    )
    events = common.in_order(_events(deal_id, mapping(payload.get("propertiesWithHistory")), book))
    return Told(deal, events, merged(payload))


def merged(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the ids of the deals that became part of this one."""
    have = mapping(payload.get("properties"))
    ids = text(have.get("hs_merged_object_ids")).split(";")
    return tuple(known.strip() for known in ids if known.strip())


def _events(deal_id: str, history: Mapping[str, Any], book: Book) -> Iterator[Event]:
    for name, kind in HISTORY.items():
        values = [
            Value(at, _written(kind, entry.get("value"), book))
            for entry in entries(history.get(name))
            if (at := common.moment(entry.get("timestamp")))
        ]
        yield from common.changes(deal_id, kind, values)


def _written(kind: str, value: object, book: Book) -> str:
    if kind == "stage":
        return book.stage(value).name
    if kind == "owner":
        person = book.person(value)
        return person.name or person.email or text(value)
    return common.written(kind, value, book.zone)

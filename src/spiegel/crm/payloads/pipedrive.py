"""Pipedrive: deals of API v2 with the changelog of v1.

Status and stage are two axes: a lost deal keeps the stage in which it was lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import common
from .common import Book, Told, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from spiegel.crm.events import Event

_KINDS = {"expected_close_date": "date", "value": "amount", "user_id": "owner"}


def is_gone(payload: Mapping[str, Any]) -> bool:
    """Whether a deal is deleted; one that was merged into another is that too."""
    return text(payload.get("status")) == "deleted" or payload.get("is_deleted") is True


def told(
    payload: Mapping[str, Any], changelog: Sequence[Mapping[str, Any]], book: Book, account: str
) -> Told:
    """Read one deal.

    Args:
        payload: A deal as ``/api/v2/deals`` gives it.
        changelog: The entries of its changelog.
        book: The stages and users.
        account: The customer's name.

    Raises:
        InputError: The deal cannot be taken.
    """
    deal_id = common.identity(payload.get("id"))
    phase, status = book.stage(payload.get("stage_id")), text(payload.get("status"))
    reason = text(payload.get("lost_reason")) if status == "lost" else ""
    types = {phase.name: "open", book.won: "won", book.lost: "lost"}
    word = {"won": book.won, "lost": book.lost}.get(status, "")
    stands = common.standing("pipedrive", types, status=word, stage=phase.name, reason=reason)
    owner = book.person(payload.get("owner_id"))
    closed = {"won": "won_time", "lost": "lost_time"}.get(status, "")
    deal = common.row(
        external_id=deal_id,
        name=text(payload.get("title")),
        account=account,
        owner=owner.name or owner.email,
        owner_email=owner.email,
        stage=stands.stage,
        stage_type=stands.type,
        amount=common.amount(payload.get("value")),
        currency=text(payload.get("currency"))[:3].upper(),
        created_on=common.day(payload.get("add_time"), book.zone),
        expected_close_on=common.day(payload.get("expected_close_date"), book.zone),
        closed_on=common.day(payload.get(closed) or payload.get("close_time"), book.zone)
        if closed
        else None,
        reason=reason,
    )
    history = _History(deal_id, book, now=stands.stage, status=status)
    begun = common.moment(payload.get("add_time"))
    return Told(deal, common.in_order(history.events(payload, changelog, begun)))


class _History:
    """Goes through a changelog, keeping the stage beside the status."""

    def __init__(self, deal_id: str, book: Book, *, now: str, status: str) -> None:
        self._id = deal_id
        self._book = book
        self._now = now
        self._status = status

    def events(
        self,
        payload: Mapping[str, Any],
        changelog: Iterable[Mapping[str, Any]],
        begun: datetime | None,
    ) -> Iterator[Event]:
        dated = [(common.moment(entry.get("time")), entry) for entry in changelog]
        log = sorted(((at, entry) for at, entry in dated if at), key=lambda pair: pair[0])
        moves = [entry for _, entry in log if entry.get("field_key") == "stage_id"]
        first = moves[0].get("old_value") if moves else payload.get("stage_id")
        at_stage = self._book.stage(first).name
        if begun and at_stage:
            yield common.change(self._id, "stage", begun, "", at_stage)
        ended = ""
        for at, entry in log:
            key, who = text(entry.get("field_key")), self._author(entry)
            if key == "stage_id":
                after = self._book.stage(entry.get("new_value")).name
                if not ended:
                    yield common.change(self._id, "stage", at, at_stage, after, author=who)
                at_stage = after
            elif key == "status":
                after = self._closed(text(entry.get("new_value")))
                yield common.change(
                    self._id, "stage", at, ended or at_stage, after or at_stage, author=who
                )
                ended = after
            elif key in _KINDS:
                yield from self._field(_KINDS[key], at, entry, who)

    def _field(
        self, kind: str, at: datetime, entry: Mapping[str, Any], who: str
    ) -> Iterator[Event]:
        before, after = (self._written(kind, entry.get(f"{side}_value")) for side in ("old", "new"))
        if before != after and (before or kind == "owner"):
            yield common.change(self._id, kind, at, before, after, author=who)

    def _closed(self, status: str) -> str:
        """Name the stage that a status means; "" for open."""
        if status == self._status and status != "open":
            return self._now
        return {"won": self._book.won, "lost": self._book.lost}.get(status, "")

    def _author(self, entry: Mapping[str, Any]) -> str:
        return self._book.person(entry.get("actor_user_id")).name

    def _written(self, kind: str, value: object) -> str:
        if kind == "owner":
            return self._book.person(value).name or text(value)
        return common.written(kind, value, self._book.zone)

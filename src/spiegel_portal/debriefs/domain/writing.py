"""Starting, autosaving and removing what an author writes. Nothing typed is ever lost.

A page that is open for writing is a *client*, known by a random name. Every field remembers in
which version it last changed and by which client. A save names the version its page was built on:
a field that changed since, by another client and to something else, is a conflict. The text that
was there first stays in the field, the one that came second is kept in an OtherVersion, and the
author chooses. Choices, dates and deals have no conflicts: the last choice counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from spiegel_portal.common.errors import Refused
from spiegel_portal.deals.models import StageType
from spiegel_portal.debriefs.models import Debrief, Lesson, OtherVersion

from .fields import Writing, accepted, choice_fields, stored_text, text_fields, tidy
from .lessons import follow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.utils.functional import Promise

    from spiegel_portal.deals.models import Deal
    from spiegel_portal.people.models import User

_OUTCOMES = {
    StageType.WON: Debrief.Outcome.WON,
    StageType.LOST: Debrief.Outcome.LOST,
    StageType.NO_DECISION: Debrief.Outcome.NO_DECISION,
}


@dataclass(frozen=True)
class Conflicting:
    """Two texts for one field: `kept` stands in it, `other` waits in the OtherVersion named."""

    field: str
    kept: str
    other: str
    other_id: UUID


@dataclass(frozen=True)
class Saved:
    """What became of a save.

    Attributes:
        version: The version the item has now.
        conflicts: Fields changed elsewhere meanwhile; both texts are kept.
        refused: Field name to one clear sentence, for values that cannot be stored.
        changed: Field name to text, for what other clients changed since this one last looked.
    """

    version: int
    conflicts: list[Conflicting] = field(default_factory=list)
    refused: dict[str, str | Promise] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)


def start_debrief(*, deal: Deal, author: User) -> Debrief:
    """Give the author's debrief of this deal, made now if there was none.

    The outcome is proposed from the type of the deal's stage; a deal that is still open is looked
    back on as stalled. The reason the customer gave is taken over from the deal.
    """
    started: Debrief = Debrief.objects.get_or_create(
        author=author,
        deal=deal,
        defaults={
            "organisation_id": deal.organisation_id,
            "deal_name": str(deal),
            "outcome": _OUTCOMES.get(StageType(deal.stage_type), Debrief.Outcome.STALLED),
            "stated_reason": deal.stated_reason,
        },
    )[0]
    return started


def save_texts(
    *, item: Writing, author: User, client: str, base_version: int, texts: Mapping[str, str]
) -> Saved:
    """Store what a page sends of a debrief or situation: only the fields given, all or again.

    Sending the same texts twice changes nothing. Fields that are unknown are passed over.

    Args:
        item: The author's debrief or situation.
        author: Who writes; the item must be theirs.
        client: The random name of the page that sends.
        base_version: The version that page was built on or last heard of.
        texts: Field name to what stands in the field now.

    Returns:
        The new version and, where there were any, conflicts, refusals and others' changes.
    """
    with transaction.atomic():
        row = locked(item=item, author=author)
        saver = _Saver(row, author, client, base_version)
        for name, text in texts.items():
            saver.take(name, text)
        return saver.finish()


def settle_conflict(
    *,
    item: Writing,
    author: User,
    client: str,
    base_version: int,
    other_id: UUID,
    field: str,
    text: str,
) -> Saved:
    """Store the text the author chose for a field two pages had changed, and drop the waiting one.

    Should the field have changed once more meanwhile, that is a new conflict: the chosen text
    waits in its turn. An OtherVersion that is gone (settled twice) is no error.
    """
    with transaction.atomic():
        row = locked(item=item, author=author)
        drop_other(row, author, field, other_id=other_id)
        return save_texts(
            item=row, author=author, client=client, base_version=base_version, texts={field: text}
        )


def delete_debrief(*, debrief: Debrief, with_lesson: bool = False) -> None:
    """Remove a debrief and texts still waiting for it; its lesson only when asked."""
    with transaction.atomic():
        OtherVersion.objects.filter(author_id=debrief.author_id, item_id=debrief.pk).delete()
        if with_lesson:
            Lesson.objects.filter(debrief=debrief).delete()
        debrief.delete()


def locked(*, item: Writing, author: User) -> Writing:
    """Read the author's item anew and hold it until the transaction ends."""
    row: Writing = type(item).objects.select_for_update().get(pk=item.pk, author=author)
    return row


def drop_other(
    item: Writing, author: User, field: str, *, other_id: UUID | None = None, client: str = ""
) -> None:
    """Forget one field's waiting text, by its OtherVersion or by the page it came from."""
    waiting = OtherVersion.objects.filter(author=author, item_id=item.pk)
    waiting = waiting.filter(pk=other_id) if other_id else waiting.filter(client=client)
    for other in waiting:
        if other.texts.pop(field, None) is None:
            continue
        if other.texts:
            other.save(update_fields=["texts"])
        else:
            other.delete()


class _Saver:
    """One save of one item: takes the fields one by one, then writes what changed."""

    def __init__(self, item: Writing, author: User, client: str, base_version: int) -> None:
        self.item = item
        self.author = author
        self.client = client[:40]
        self.base = base_version
        self.texts = frozenset(text_fields(item))
        self.known = self.texts | frozenset(choice_fields(item))
        self.waiting = self._waiting()
        self.applied: dict[str, str] = {}
        self.seen: set[str] = set()
        self.conflicts: list[Conflicting] = []
        self.refused: dict[str, str | Promise] = {}

    def _waiting(self) -> OtherVersion | None:
        others = OtherVersion.objects.filter(author=self.author, item_id=self.item.pk)
        found: OtherVersion | None = others.filter(client=self.client).first()
        return found

    def take(self, name: str, text: str) -> None:
        if name not in self.known:
            return
        self.seen.add(name)
        text = tidy(text)
        current = stored_text(self.item, name)
        try:
            value = accepted(item=self.item, field=name, text=text, author=self.author)
        except Refused as refusal:
            self.refused[name] = refusal.message
            return
        if text == current:
            self._agree(name)
        elif name in self.texts and self._is_conflict(name):
            self._keep_other(name, text, current)
        else:
            self._apply(name, value)

    def _is_conflict(self, name: str) -> bool:
        if self.waiting is not None and name in self.waiting.texts:
            return True
        version, client = self.item.stamps.get(name, (0, ""))
        return version > self.base and not self._is_mine(client)

    def _is_mine(self, client: str) -> bool:
        return bool(client) and client == self.client

    def _agree(self, name: str) -> None:
        """Both pages have the same text: nothing waits any more."""
        if self.waiting is not None and name in self.waiting.texts:
            drop_other(self.item, self.author, name, client=self.client)
            self.waiting = self._waiting()

    def _keep_other(self, name: str, text: str, current: str) -> None:
        if self.waiting is None:
            self.waiting = OtherVersion(
                organisation_id=self.item.organisation_id,
                author=self.author,
                item_id=self.item.pk,
                client=self.client,
            )
        self.waiting.texts[name] = text
        self.waiting.save()
        self.conflicts.append(Conflicting(name, current, text, self.waiting.pk))

    def _apply(self, name: str, value: object) -> None:
        attribute = f"{name}_id" if name in {"plan_deal", "deal"} else name
        setattr(self.item, attribute, value)
        self.applied[name] = attribute

    def finish(self) -> Saved:
        changed = self._changed_elsewhere()
        if self.applied:
            self.item.version += 1
            stamp = [self.item.version, self.client]
            self.item.stamps = {**self.item.stamps, **dict.fromkeys(self.applied, stamp)}
            self.item.updated_at = timezone.now()
            self.item.save(
                update_fields=[*self.applied.values(), "version", "stamps", "updated_at"]
            )
            follow(item=self.item)
        return Saved(self.item.version, self.conflicts, self.refused, changed)

    def _changed_elsewhere(self) -> dict[str, str]:
        return {
            name: stored_text(self.item, name)
            for name, (version, client) in self.item.stamps.items()
            if version > self.base and not self._is_mine(client) and name not in self.seen
        }

"""Showing one item to one named person until a date, ending it, and who has looked.

The rooms that keep the items come later in the house, so each says with :func:`register` what of
theirs can be shared. An item that is deleted takes its shares with it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Prefetch, Q
from django.db.models.signals import post_delete
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spiegel_portal.common.errors import Refused
from spiegel_portal.common.tenancy import across_organisations, organisation_scope

from .models import CentreMembership, CentreRole, Membership, Organisation, Share, ShareView, User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

    from django.db.models import Model, QuerySet

#: Looks by the same person within this time are one look.
ONE_LOOK = dt.timedelta(minutes=10)
#: Who of a centre may be shown something.
HELPERS = (CentreRole.TRAINER, CentreRole.COACH)


@dataclass(frozen=True)
class Shareable:
    """A kind of item that can be shared.

    Attributes:
        kind: One of :class:`Share.Kind`.
        model: Its model, with an ``author``.
        title: Names an item for its author.
        ready: Which items can be shown, as a condition.
    """

    kind: str
    model: type[Model]
    title: Callable[[Any], str]
    ready: Q


_KINDS: dict[str, Shareable] = {}


def register(shareable: Shareable) -> None:
    """Add a kind of item that can be shared; called once by its app, when that is ready."""
    _KINDS[shareable.kind] = shareable
    post_delete.connect(
        _end_with_item, sender=shareable.model, dispatch_uid=f"share-{shareable.kind}"
    )


def own_item(*, owner: User, kind: str, item_id: UUID) -> Any:
    """Give an item that this person wrote and can share.

    Raises:
        Http404: when it is not there, not theirs, not finished, or of no such kind.
    """
    shareable = _KINDS.get(kind)
    if shareable is None:
        raise Http404
    item = _manager(shareable).filter(shareable.ready, pk=item_id, author=owner).first()
    if item is None:
        raise Http404
    return item


def title_of(*, kind: str, item: Any) -> str:
    """Name an item for its author."""
    return _KINDS[kind].title(item)


def colleagues_of(*, organisation: Organisation, owner: User) -> QuerySet[User]:
    """Everybody else who works in the organisation now, by name."""
    members = Membership.objects.filter(organisation=organisation, left_at=None)
    return _people(members.values("user")).exclude(pk=owner.pk)


def helpers_of(*, organisation: Organisation, owner: User) -> QuerySet[User]:
    """Trainers and coaches of the centres that serve the organisation, by name."""
    helpers = CentreMembership.objects.filter(centre__serves=organisation, role__in=HELPERS)
    return _people(helpers.values("user")).exclude(pk=owner.pk)


def share_item(
    *,
    organisation: Organisation,
    owner: User,
    recipient: User,
    kind: str,
    item_id: UUID,
    ends_on: dt.date,
    with_marks: bool,
    today: dt.date,
) -> tuple[Share, bool]:
    """Show one item to one person until and including a day.

    Sharing it with the same person again changes the day and the marks, and opens it anew when
    it had ended.

    Returns:
        The share, and whether it is open now and was not before.

    Raises:
        Http404: when the item is not the owner's.
        Refused: for oneself, a stranger, a day in the past or more than a year ahead.
    """
    _check_recipient(organisation, owner, recipient)
    _check_day(ends_on, today)
    own_item(owner=owner, kind=kind, item_id=item_id)
    key: dict[str, Any] = {"owner": owner, "recipient": recipient, "kind": kind, "item_id": item_id}
    with transaction.atomic():
        before = Share.objects.select_for_update().filter(**key).first()
        was_open = before is not None and is_open(share=before, today=today)
        share, _created = Share.objects.update_or_create(
            **key,
            defaults={
                "organisation": organisation,
                "ends_on": ends_on,
                "with_marks": with_marks,
                "ended_at": None,
            },
        )
    return share, not was_open


def end_share(*, share: Share, owner: User, now: dt.datetime) -> None:
    """End a share at once; ending it twice is ending it once. Who looked stays visible."""
    Share.objects.filter(pk=share.pk, owner=owner, ended_at=None).update(ended_at=now)


def own_share(*, owner: User, share_id: UUID) -> Share:
    """Give one share of somebody's own.

    Raises:
        Http404: when it is not there or not theirs.
    """
    share: Share | None = Share.objects.filter(owner=owner, pk=share_id).first()
    if share is None:
        raise Http404
    return share


def open_share(*, share_id: UUID, viewer: User, now: dt.datetime) -> Share:
    """Open what was shared, and note that the recipient looked.

    Needs no open scope: the recipient may work elsewhere. The owner may look too, unnoted.

    Raises:
        Http404: for anybody else; when it ended or its last day is over; and when the recipient
            no longer works where it was shared.
    """
    with across_organisations("open-share"):
        share: Share | None = (
            Share.objects.select_related("organisation", "owner")
            .filter(Q(recipient=viewer) | Q(owner=viewer), pk=share_id)
            .first()
        )
    if share is None or not is_open(share=share, today=timezone.localdate(now)):
        raise Http404
    if share.recipient_id == viewer.pk:
        if share.organisation_id not in _organisations_of(viewer):
            raise Http404
        _note_look(share, viewer, now)
    return share


def is_open(*, share: Share, today: dt.date) -> bool:
    """Tell whether a share is neither ended nor past its last day."""
    return share.ended_at is None and share.ends_on >= today


def shares_given(*, owner: User) -> QuerySet[Share]:
    """What somebody shared in this organisation, the newest first, with every look at it."""
    looks = Prefetch("views", ShareView.objects.order_by("-at"))
    found: QuerySet[Share] = Share.objects.filter(owner=owner).select_related("recipient")
    return found.prefetch_related(looks)


def shown_to(*, owner: User, kind: str, item_id: UUID, today: dt.date) -> list[Share]:
    """Who can read one item of somebody's own now, by the last day."""
    found = Share.objects.filter(
        owner=owner, kind=kind, item_id=item_id, ended_at=None, ends_on__gte=today
    )
    return list(found.select_related("recipient").order_by("ends_on", "created_at"))


def titles(*, shares: Iterable[Share]) -> dict[UUID, str]:
    """Name the items of one's own shares, by item; those that are gone are left out."""
    ids: dict[str, set[UUID]] = {}
    for share in shares:
        ids.setdefault(share.kind, set()).add(share.item_id)
    found: dict[UUID, str] = {}
    for kind, keys in ids.items():
        items = _manager(_KINDS[kind]).filter(pk__in=keys)
        found |= {item.pk: _KINDS[kind].title(item) for item in items}
    return found


def shares_received(*, recipient: User, today: dt.date, unopened: bool = False) -> list[Share]:
    """What is shown to somebody now, in any organisation, the newest first.

    Only that it is there, by whom and until when: what it says is behind :func:`open_share`,
    which notes the look.

    Args:
        recipient: Who looks.
        today: The day it is for them.
        unopened: Leave out what they opened before.
    """
    with across_organisations("open-share"):
        found = Share.objects.filter(recipient=recipient, ended_at=None, ends_on__gte=today)
        if unopened:
            found = found.exclude(views__viewer=recipient)
        shares = list(found.select_related("owner"))
    places = _organisations_of(recipient) if shares else set()
    return [share for share in shares if share.organisation_id in places]


def _manager(shareable: Shareable) -> Any:
    model: Any = shareable.model
    return model.objects


def _people(keys: Any) -> QuerySet[User]:
    return User.objects.filter(pk__in=keys, is_active=True).order_by("name", "email")


def _organisations_of(user: User) -> set[UUID]:
    """Where somebody works now, or helps as a trainer or coach of a centre."""
    with across_organisations("open-share"):
        places = Organisation.objects.filter(
            Q(pk__in=Membership.objects.filter(user=user, left_at=None).values("organisation"))
            | Q(centres__memberships__user=user, centres__memberships__role__in=HELPERS)
        )
        return set(places.values_list("pk", flat=True))


def _note_look(share: Share, viewer: User, now: dt.datetime) -> None:
    with organisation_scope(share.organisation), transaction.atomic():
        Share.objects.select_for_update().get(pk=share.pk)
        if not ShareView.objects.filter(share=share, viewer=viewer, at__gt=now - ONE_LOOK).exists():
            ShareView.objects.create(
                organisation=share.organisation, share=share, viewer=viewer, at=now
            )


def _check_recipient(organisation: Organisation, owner: User, recipient: User) -> None:
    if recipient == owner:
        raise Refused("share-self", _("This is yours already: choose someone else."))
    known = (
        people(organisation=organisation, owner=owner).filter(pk=recipient.pk).exists()
        for people in (colleagues_of, helpers_of)
    )
    if not any(known):
        raise Refused(
            "share-stranger",
            _("Choose someone who works here, or a trainer or coach of your training centre."),
        )


def _check_day(ends_on: dt.date, today: dt.date) -> None:
    if ends_on < today:
        raise Refused("share-past", _("The last day is in the past: choose today or later."))
    if ends_on > year_after(day=today):
        raise Refused("share-too-long", _("A share lasts a year at most: choose an earlier day."))


def year_after(*, day: dt.date) -> dt.date:
    """Give the same day a year later; of 29 February, 28 February."""
    if (day.month, day.day) == (2, 29):
        day -= dt.timedelta(days=1)
    return day.replace(year=day.year + 1)


def _end_with_item(*, sender: type[Model], instance: Any, **_kwargs: Any) -> None:
    kinds = [shareable.kind for shareable in _KINDS.values() if shareable.model is sender]
    with across_organisations("own-data"):
        Share.objects.filter(kind__in=kinds, item_id=instance.pk, ended_at=None).update(
            ended_at=timezone.now()
        )

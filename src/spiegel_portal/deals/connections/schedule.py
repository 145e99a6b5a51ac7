"""When a CRM is looked at: a schedule of django-q2 per connection."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django_q.models import Schedule
from django_q.tasks import async_task

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from spiegel_portal.deals.models import Connection

_SYNC = "spiegel_portal.deals.connections.tasks.sync"
#: The longest that is waited because a CRM says so.
_LONGEST = timedelta(days=1)


def start(connection: Connection, *, now: datetime) -> None:
    """Look every hour, or as often as the installation says; the first time in that long."""
    every = settings.SPIEGEL_CRM_MINUTES
    Schedule.objects.update_or_create(
        name=_name(connection),
        defaults={
            "func": _SYNC,
            "args": repr(_ids(connection)),
            "schedule_type": Schedule.MINUTES,
            "minutes": every,
            "next_run": now + timedelta(minutes=every),
            "repeats": -1,
        },
    )


def at_once(connection: Connection) -> None:
    """Look now."""
    async_task(_SYNC, *_ids(connection), group=_name(connection))


def stop(connection: Connection) -> None:
    """Look no more."""
    Schedule.objects.filter(name=_name(connection)).delete()


def try_again(connection: Connection, *, now: datetime, failures: int, wait: float) -> None:
    """Look again soon: after a minute, then two, four …, and never before the CRM allows it."""
    every = timedelta(minutes=settings.SPIEGEL_CRM_MINUTES)
    patience = min(timedelta(minutes=2 ** min(failures - 1, 10)), every)
    asked = min(timedelta(seconds=wait), _LONGEST)
    Schedule.objects.filter(name=_name(connection)).update(next_run=now + max(patience, asked))


def next_runs(connections: Iterable[Connection]) -> dict[str, datetime]:
    """Say when each connection is looked at next: its id to the moment."""
    names = {_name(connection): str(connection.pk) for connection in connections}
    found = Schedule.objects.filter(name__in=names).values_list("name", "next_run")
    return {names[name]: at for name, at in found}


def _ids(connection: Connection) -> tuple[str, str]:
    return str(connection.organisation_id), str(connection.pk)


def _name(connection: Connection) -> str:
    return f"crm-{connection.pk}"

"""What tests of connections share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from spiegel_portal.deals.connections import schedule
from spiegel_portal.deals.connections.oauth import Tokens
from spiegel_portal.deals.connections.syncing import encrypted, sync
from spiegel_portal.deals.models import Connection, Deal, DealEvent

if TYPE_CHECKING:
    from tests.conftest import House
    from tests.crm_servers.server import CrmServer

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def connected(house: House, server: CrmServer, *, is_key: bool = False) -> Connection:
    """A connection with a stand-in, which has not been read yet; needs an open scope."""
    access = server.key if is_key else server.access
    tokens = Tokens(access, "" if is_key else server.refresh, is_key=is_key)
    made: Connection = Connection.objects.create(
        organisation=house.organisation,
        system=server.system,
        connected_by=house.administrator,
        **encrypted(tokens),
    )
    schedule.start(made, now=NOW)
    return made


def read(connection: Connection, waits: list[float] | None = None) -> Connection:
    """Sync as the job does, without waiting: what it would have waited is noted."""
    noted = waits if waits is not None else []
    while sync(connection_id=connection.pk, now=NOW, sleep=noted.append):
        pass
    connection.refresh_from_db()
    return connection


def deals(source: str) -> dict[str, tuple[str, str]]:
    """External id to stage and stage type."""
    found = Deal.objects.filter(source=source).select_related("stage")
    return {deal.external_id: (deal.stage.name, deal.stage_type) for deal in found}


def timeline(external_id: str) -> list[tuple[str, str, str, str]]:
    """A deal's events, the earliest first: when, kind, before and after."""
    events = DealEvent.objects.filter(deal__external_id=external_id).order_by("at", "kind")
    return [
        (
            event.at.strftime("%m-%d %H:%M"),
            event.kind,
            event.data.get("from", ""),
            event.data.get("to", "") or event.text,
        )
        for event in events
    ]

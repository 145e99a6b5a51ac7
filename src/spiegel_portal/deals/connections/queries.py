"""Named queries on connections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.http import Http404

from spiegel_portal.deals.models import Connection, Deal

from . import oauth, schedule
from .registry import CONNECTORS

if TYPE_CHECKING:
    from datetime import datetime

    from .base import Connector


@dataclass(frozen=True)
class Standing:
    """A CRM that can be connected, and how the connection stands where there is one.

    Attributes:
        connector: The CRM.
        connection: The connection, or None.
        deals: How many deals here came from it.
        next_at: When it is looked at next.
    """

    connector: Connector
    connection: Connection | None
    deals: int
    next_at: datetime | None

    @property
    def can_connect(self) -> bool:
        """Whether there is a way to connect it here."""
        return self.connector.offers_token or oauth.is_offered(self.connector)


def standings() -> list[Standing]:
    """Give every CRM that can be read, in the order of their names. Needs an open scope."""
    connections = {each.system: each for each in Connection.objects.select_related("connected_by")}
    counted = Deal.objects.filter(source__in=connections).order_by().values_list("source")
    deals = dict(counted.annotate(Count("pk")))
    runs = schedule.next_runs(connections.values())
    return [
        Standing(
            connector=connector,
            connection=(found := connections.get(connector.id)),
            deals=deals.get(connector.id, 0),
            next_at=runs.get(str(found.pk)) if found else None,
        )
        for connector in sorted(CONNECTORS.values(), key=lambda each: each.name)
    ]


def connector_named(system: str) -> Connector:
    """Give a CRM by its id.

    Raises:
        Http404: There is none.
    """
    if system not in CONNECTORS:
        raise Http404
    return CONNECTORS[system]


def connection_with(system: str) -> Connection:
    """Give the organisation's connection with a CRM. Needs an open scope.

    Raises:
        Http404: There is none.
    """
    found: Connection | None = (
        Connection.objects.select_related("organisation").filter(system=system).first()
    )
    if found is None:
        raise Http404
    return found

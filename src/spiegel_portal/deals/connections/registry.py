"""Every connector, by the id of its system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import hubspot, pipedrive, salesforce, teamleader

if TYPE_CHECKING:
    from .base import Connector

CONNECTORS: dict[str, Connector] = {
    folder.CONNECTOR.id: folder.CONNECTOR for folder in (hubspot, pipedrive, salesforce, teamleader)
}

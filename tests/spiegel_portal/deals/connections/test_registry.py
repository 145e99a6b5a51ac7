"""Every folder of a connector is registered, and every connector is whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from spiegel.crm import systems
from spiegel_portal.deals import connections
from spiegel_portal.deals.connections.registry import CONNECTORS

if TYPE_CHECKING:
    from spiegel_portal.deals.connections.base import Connector


def test_every_folder_is_registered() -> None:
    here = Path(connections.__file__).parent
    folders = {path.parent.name for path in here.glob("*/__init__.py")}
    assert set(CONNECTORS) == folders


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=lambda each: each.id)
def test_a_connector_says_all_there_is_to_say(connector: Connector) -> None:
    assert systems()[connector.id].name == connector.name
    for url in (connector.authorize_url, connector.token_url, connector.api_url):
        assert url.startswith("https://")
    assert connector.hosts
    assert all("." in host for host in connector.hosts)

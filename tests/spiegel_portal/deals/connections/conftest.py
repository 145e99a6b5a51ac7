"""Stand-ins for the CRMs, to which the connectors are sent by an explicit setting."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from tests.crm_servers.hubspot import HubSpotServer
from tests.crm_servers.pipedrive import PipedriveServer
from tests.crm_servers.salesforce import SalesforceServer
from tests.crm_servers.server import CrmServer
from tests.crm_servers.teamleader import TeamleaderServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

S = TypeVar("S", bound=CrmServer)


def _running(server: S, settings: SettingsWrapper) -> Iterator[S]:
    with server:
        settings.SPIEGEL_CRM_TEST_SERVERS = {
            **settings.SPIEGEL_CRM_TEST_SERVERS,
            server.system: server.url,
        }
        yield server


@pytest.fixture
def hubspot(settings: SettingsWrapper) -> Iterator[HubSpotServer]:
    """A HubSpot of our own."""
    yield from _running(HubSpotServer(), settings)


@pytest.fixture
def pipedrive(settings: SettingsWrapper) -> Iterator[PipedriveServer]:
    """A Pipedrive of our own."""
    yield from _running(PipedriveServer(), settings)


@pytest.fixture
def salesforce(settings: SettingsWrapper) -> Iterator[SalesforceServer]:
    """A Salesforce of our own."""
    yield from _running(SalesforceServer(), settings)


@pytest.fixture
def teamleader(settings: SettingsWrapper) -> Iterator[TeamleaderServer]:
    """A Teamleader of our own."""
    yield from _running(TeamleaderServer(), settings)

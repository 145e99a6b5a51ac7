"""Fixtures for every test: an organisation with people in all roles, and a stranger's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from spiegel_portal.people.models import Centre, Organisation, Team, User


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations once, before any page is made."""
    if not hasattr(config, "workerinput"):
        from spiegel_portal.commands.translations import compile_catalogues

        compile_catalogues()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Start every test in English, whatever language the request before it was answered in."""
    from django.utils import translation

    with translation.override("en"):
        yield


@dataclass
class House:
    """Two organisations and a centre, with one person in each role.

    `owner` is the seller whose things a test is about; `colleague` sells in the same team;
    `manager` leads that team; `administrator` is of the same organisation; `coach` works at the
    centre that serves it; `stranger` sells in another organisation.
    """

    organisation: Organisation
    other_organisation: Organisation
    centre: Centre
    team: Team
    owner: User
    colleague: User
    manager: User
    administrator: User
    coach: User
    stranger: User

    def people(self) -> dict[str, User]:
        """Everybody who can log in, by what they are to the owner."""
        roles = ("owner", "colleague", "manager", "administrator", "coach", "stranger")
        return {role: getattr(self, role) for role in roles}


@pytest.fixture
def house(db: None) -> House:
    """Two organisations and a centre with people in all roles. No scope is open."""
    from tests.factories import make_house

    return make_house()


@pytest.fixture
def scoped(house: House) -> Iterator[House]:
    """The house, inside the scope of the owner's organisation."""
    from spiegel_portal.common.tenancy import organisation_scope

    with organisation_scope(house.organisation):
        yield house


@pytest.fixture
def owner_client(client: Client, house: House) -> Client:
    """A browser in which the owner is logged in."""
    client.force_login(house.owner)
    return client

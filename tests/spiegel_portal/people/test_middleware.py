from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django_scopes.exceptions import ScopeError

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.people.models import Team

if TYPE_CHECKING:
    from tests.conftest import House


def test_a_query_outside_a_scope_raises(house: House) -> None:
    with pytest.raises(ScopeError):
        Team.objects.count()


def test_a_scope_shows_one_organisations_rows(house: House) -> None:
    with organisation_scope(house.organisation):
        assert [team.name for team in Team.objects.all()] == ["North"]
    with organisation_scope(house.other_organisation):
        assert list(Team.objects.all()) == []

"""Plain rows in bulk: ids in order, the same values as the ORM writes, indexes made anew."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

import pytest
from django.db import connection

from spiegel_portal.common import bulk
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.models import Deal, Stage
from spiegel_portal.people.models import Organisation

NAMES = ("id", "organisation", "name", "type", "position")


def index_names() -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Deal._meta.db_table)
    return {name for name, one in found.items() if one["index"]}


def test_ids_rise_and_are_uuids_of_version_7() -> None:
    found = list(islice(bulk.ids(), 3_000))
    assert (sorted(found), len(set(found))) == (found, 3_000)
    assert {(UUID(one).version, UUID(one).variant) for one in found} == {
        (7, "specified in RFC 4122")
    }


def test_a_row_is_what_the_orm_would_have_written(db: None) -> None:
    organisation = Organisation.objects.create(name="Ours", slug="ours")
    key = next(bulk.ids())
    bulk.insert(Stage, NAMES, [(key, organisation.pk.hex, "Voorstel € \t\\N", "open", 3)])
    with organisation_scope(organisation):
        made = Stage.objects.get()
        assert (made.pk.hex, made.name, made.type, made.position) == (
            key, "Voorstel € \t\\N", "open", 3,
        )  # fmt: skip


def test_a_moment_comes_back_as_it_was(db: None) -> None:
    at = datetime(2026, 3, 29, 1, 30, 5, 120, tzinfo=UTC)
    organisation = Organisation.objects.create(name="Ours", slug="ours")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_organisation SET created_at = %s WHERE slug = 'ours'",
            [bulk.moment(at)],
        )
    organisation.refresh_from_db()
    assert organisation.created_at == at


@pytest.mark.parametrize("wanted", [True, False])
def test_indexes_are_all_there_afterwards(db: None, wanted: bool) -> None:
    before, told = index_names(), []
    with bulk.indexes_last(Deal, wanted=wanted, watch=told.append):
        inside = index_names()
    last = wanted and bulk.makes_indexes_last()
    assert (index_names(), inside < before, bool(told and told[-1] == 1)) == (before, last, last)

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import TextField
from tests.factories import PASSWORD, make_deal
from tests.scene import PRIVATE, make_scene

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.people import own_data
from spiegel_portal.people.models import Membership, Organisation, User

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from tests.scene import Scene

#: Models that point at a person and hold nothing of theirs to take along, and why.
EXEMPT = {
    "account.EmailAddress": "goes with the person",
    "deals.Connection": "the organisation's; that a person made it is in the audit trail",
    "mfa.Authenticator": "a secret for logging in; goes with the person",
    "people.User_groups": "Django's own; not used",
    "people.User_user_permissions": "Django's own; not used",
}


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


def everything_in_the_database() -> str:
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows.append(str(cursor.fetchall()))
    return "\n".join(rows)


def test_every_model_that_points_at_a_person_is_registered_or_exempt() -> None:
    pointing = {
        f"{model._meta.app_label}.{model.__name__}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.fields
        if field.related_model is User
    }
    known = {source.model for source in own_data.registered()} | set(EXEMPT)
    assert pointing - known == set()


def test_the_export_holds_what_the_owner_wrote(client: Client, scene: Scene) -> None:
    client.force_login(scene.house.owner)
    found = json.loads(client.get("/my-data/export/json/").content)
    assert PRIVATE in str(found["debriefs.Debrief (author)"])
    assert found["person"]["email"] == "owner@test.example"
    assert "password" not in found["person"]
    readable = client.get("/my-data/export/html/")
    assert PRIVATE in readable.content.decode()
    assert readable["Content-Disposition"].startswith("attachment; filename=")


def test_what_a_person_wrote_is_named_in_the_file_to_read() -> None:
    """Every text field of rows with a title is among what is read of them."""
    for source in own_data.registered():
        ways = {way for way, _label in source.parts}
        written = {
            field.name
            for field in apps.get_model(source.model)._meta.concrete_fields
            if isinstance(field, TextField) and not field.choices
        }
        assert written - ways == set(), source.model
        assert bool(source.title) == bool(source.parts)


def test_the_file_to_read_is_for_people(client: Client, scene: Scene) -> None:
    owner = scene.house.owner
    owner.language = "nl"
    owner.save()
    client.force_login(owner)
    found = client.get("/my-data/export/html/").content.decode()
    assert re.findall(r"<h2>(.*?)</h2>", found) == [
        "Nabesprekingen", "De drie situaties", "Lessen", "Plannen",
        "Antwoorden op markeringen van de spiegel", "Oefenkaarten", "Vakanties",
        "Wat je deelt", "Je deals", "Wat je bij deals opschreef", "Bestanden die je importeerde",
        "Waar je werkt",
    ]  # fmt: skip
    assert "<dt><strong>Mijn eigen aandeel</strong></dt>" in found
    assert re.search(r"[a-z]+\.[A-Z][a-z]+ \(|\{'|\d{4}-\d{2}-\d{2}", found) is None


def test_the_queries_of_the_file_to_read(
    client: Client, scene: Scene, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(scene.house.owner)
    for _more in (1, 3):
        with django_assert_max_num_queries(22):
            client.get("/my-data/export/html/")
        for _one in range(2):
            make_deal(scene.house.organisation, scene.house.owner)


@pytest.mark.parametrize("role", ["colleague", "manager", "administrator", "coach", "stranger"])
def test_the_export_holds_nothing_of_somebody_else(client: Client, scene: Scene, role: str) -> None:
    client.force_login(scene.house.people()[role])
    assert PRIVATE not in client.get("/my-data/export/json/").content.decode()
    assert PRIVATE not in client.get("/my-data/export/html/").content.decode()


def test_erasing_asks_for_the_password(client: Client, scene: Scene) -> None:
    client.force_login(scene.house.owner)
    answer = client.post("/my-data/erase/", {"proof": "a guess"})
    assert answer.status_code == 422
    assert "This is not your password; nothing was erased." in answer.content.decode()
    assert PRIVATE in everything_in_the_database()


def test_nothing_of_the_person_is_left_and_deals_stay(client: Client, scene: Scene) -> None:
    client.force_login(scene.house.owner)
    assert client.post("/my-data/erase/", {"proof": PASSWORD})["Location"] == "/"
    assert "Everything of yours is erased" in client.get("/").content.decode()
    left = everything_in_the_database()
    assert (PRIVATE in left, "owner@test.example" in left) == (False, False)
    assert client.get("/today/")["Location"].startswith("/account/login/")
    scene.lost.refresh_from_db()
    assert scene.lost.owner is None


def test_an_organisation_of_ones_own_goes_entirely(client: Client, scene: Scene) -> None:
    stranger = scene.house.stranger
    Organisation.objects.filter(pk=scene.house.other_organisation.pk).update(kind="solo")
    client.force_login(stranger)
    client.post("/my-data/erase/", {"proof": PASSWORD})
    assert [one.slug for one in Organisation.objects.all()] == ["ours"]


def test_who_has_no_password_types_the_address(client: Client, scene: Scene) -> None:
    owner = scene.house.owner
    owner.set_unusable_password()
    owner.save()
    client.force_login(owner)
    assert client.post("/my-data/erase/", {"proof": "x"}).status_code == 422
    assert client.post("/my-data/erase/", {"proof": "Owner@test.example"}).status_code == 302


def test_the_only_administrator_hands_over_first(client: Client, scene: Scene) -> None:
    administrator = scene.house.administrator
    client.force_login(administrator)
    answer = client.post("/my-data/erase/", {"proof": PASSWORD})
    assert answer.status_code == 422
    assert "You are the only administrator of Ours" in answer.content.decode()
    assert User.objects.filter(pk=administrator.pk).exists()
    with organisation_scope(scene.house.organisation):
        Membership.objects.filter(user=scene.house.manager).update(role="administrator")
    assert client.post("/my-data/erase/", {"proof": PASSWORD})["Location"] == "/"
    assert not User.objects.filter(pk=administrator.pk).exists()

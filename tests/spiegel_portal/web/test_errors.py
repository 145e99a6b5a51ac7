"""When something goes wrong, a page in our own words and the reader's language says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.test import Client, RequestFactory

from spiegel_portal.web.views import errors

if TYPE_CHECKING:
    from django.http import HttpRequest
    from pytest_django.fixtures import Settings

DUTCH = {"accept-language": "nl"}


@pytest.fixture
def request_(rf: RequestFactory) -> HttpRequest:
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/somewhere")
    request.user = AnonymousUser()
    return request


@pytest.mark.django_db
def test_an_address_that_does_not_exist(client: Client) -> None:
    page = client.get("/not-there", headers=DUTCH)

    assert page.status_code == 404
    assert "<h1>Hier is niets</h1>" in page.text


@pytest.mark.django_db
def test_a_form_without_its_token() -> None:
    page = Client(enforce_csrf_checks=True).post("/mirror/", {"text": "x"}, headers=DUTCH)

    assert page.status_code == 403
    assert "<h1>Dit formulier stond te lang open</h1>" in page.text


@pytest.mark.django_db
def test_a_form_that_is_too_large(client: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    page = client.post("/mirror/", "text=" + "x" * 200, "application/x-www-form-urlencoded")

    assert page.status_code == 413
    assert "<h1>That is too much at once</h1>" in page.text


def test_a_request_nobody_can_read(request_: HttpRequest) -> None:
    page = errors.bad_request(request_, SuspiciousOperation())

    assert page.status_code == 400
    assert "<h1>That did not arrive well</h1>" in page.text


def test_too_large_is_told_apart(request_: HttpRequest) -> None:
    assert errors.bad_request(request_, RequestDataTooBig()).status_code == 413


def test_not_allowed(request_: HttpRequest) -> None:
    page = errors.forbidden(request_)

    assert page.status_code == 403
    assert "<h1>You cannot do this</h1>" in page.text


def test_too_often(request_: HttpRequest) -> None:
    page = errors.too_many(request_)

    assert page.status_code == 429
    assert "<h1>A little slower, please</h1>" in page.text


def test_our_fault_is_told_without_the_database(request_: HttpRequest) -> None:
    page = errors.broken(request_)

    assert page.status_code == 500
    assert "<h1>Something broke on our side</h1>" in page.text

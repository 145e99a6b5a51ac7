"""Limits count per visitor: per account, or per address as the outermost own proxy saw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import RequestFactory

from spiegel_portal.common.ratelimit import allow
from spiegel_portal.people.models import User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def _fresh_count() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def tries(*, user: User | None = None, address: str = "192.0.2.1", forwarded: str = "") -> bool:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=address)
    request.user = user or AnonymousUser()
    return allow(request, "look", per_minute=2)


def test_the_third_in_a_minute_is_too_many_for_one_address_and_not_for_another() -> None:
    assert [tries(), tries(), tries()] == [True, True, False]
    assert tries(address="192.0.2.2")


def test_an_account_counts_wherever_it_is() -> None:
    user = User(pk="0b3f6c5e-6f5c-4a53-9a2e-0d5b6a1d7c11")

    places = ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    assert [tries(user=user, address=place) for place in places] == [True, True, False]


def test_visitors_behind_ones_own_proxy_are_told_apart(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert [tries(forwarded="203.0.113.5") for _ in range(3)] == [True, True, False]
    assert tries(forwarded="203.0.113.6")


def test_an_address_a_visitor_makes_up_changes_nothing(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    made_up = ["198.51.100.1, 203.0.113.5", "198.51.100.2, 203.0.113.5", "203.0.113.5"]

    assert [tries(forwarded=line) for line in made_up] == [True, True, False]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert [tries(forwarded=f"198.51.100.{n}") for n in range(3)] == [True, True, False]

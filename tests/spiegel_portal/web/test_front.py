"""The front page: in both languages, with the mirror to try, with and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.urls import reverse

from spiegel_portal.web.views.mirror import PER_MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

ENGLISH = {"accept-language": "en"}
DUTCH = {"accept-language": "nl-NL,nl;q=0.9,en;q=0.5"}


@pytest.fixture(autouse=True)
def _fresh_count() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "language", "promise"),
    [
        (ENGLISH, "en", "Turn every no into a lesson you own."),
        (DUTCH, "nl", "Haal uit elke nee een les die van jou is."),
    ],
)
def test_it_speaks_the_browsers_language(
    client: Client, headers: dict[str, str], language: str, promise: str
) -> None:
    page = client.get("/", headers=headers)

    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert f"<h1>{promise}</h1>" in page.text


@pytest.mark.django_db
@pytest.mark.parametrize(("headers", "language"), [(ENGLISH, "en"), (DUTCH, "nl")])
def test_the_example_shows_both_sides_of_the_mirror(
    client: Client, headers: dict[str, str], language: str
) -> None:
    page = client.get("/", headers=headers)

    labels = [mark.label for sentence in page.context["sentences"] for mark in sentence.marks]
    assert page.context["lang"] == language
    assert len(page.context["sentences"]) >= 3
    assert labels[-1] == "own"
    assert "organisation" in labels


@pytest.mark.django_db
def test_without_scripts_the_form_answers_on_the_same_page(client: Client) -> None:
    text = "I never asked who had to sign."

    page = client.post("/", {"text": text}, headers=ENGLISH)

    assert page.status_code == 200
    assert page.context["text"] == text
    assert [sentence.text for sentence in page.context["sentences"]] == [text]
    assert f">{text}</textarea>" in page.text


@pytest.mark.django_db
def test_what_was_typed_comes_back_as_text(client: Client) -> None:
    page = client.post("/", {"text": "</textarea><script>alert(1)</script>"}, headers=ENGLISH)

    assert "<script>alert(1)" not in page.text
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea>" in page.text


@pytest.mark.django_db
def test_the_form_is_limited_like_live_marking_and_keeps_the_text(client: Client) -> None:
    for _ in range(PER_MINUTE):
        client.post(reverse("mirror"), {"text": "x"})

    page = client.post("/", {"text": "What I wrote."}, headers=ENGLISH)

    assert page.status_code == 429
    assert ">What I wrote.</textarea>" in page.text


@pytest.mark.django_db
def test_nothing_to_look_at_brings_the_example_back(client: Client) -> None:
    page = client.post("/", {"text": "   "}, headers=ENGLISH)

    assert page.context["text"].startswith("Ten weeks of talks")


@pytest.mark.django_db
def test_a_visitor_costs_no_query(client: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's fixture has no public type
        client.get("/", headers=ENGLISH)


def test_who_is_logged_in_goes_to_today(owner_client: Client) -> None:
    page = owner_client.get("/")

    assert (page.status_code, page["Location"]) == (302, reverse("today"))

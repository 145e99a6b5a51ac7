"""Live marking: text in, marked sentences out; for everybody, and nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache

from spiegel_portal.common.tenancy import across_organisations
from spiegel_portal.web.marks import LONGEST
from spiegel_portal.web.views.mirror import PER_MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

OWN = "To be fair, I never asked who had to sign."


@pytest.fixture(autouse=True)
def _fresh_count() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def rows() -> dict[str, int]:
    with across_organisations("whole-installation"):
        return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


@pytest.mark.django_db
def test_a_visitor_gets_the_sentence_its_words_and_its_question(client: Client) -> None:
    answer = client.post("/mirror/", {"text": OWN}, headers={"accept-language": "en"})

    assert answer.status_code == 200
    assert answer.context["lang"] == "en"
    [sentence] = answer.context["sentences"]
    assert "".join(piece.text for piece in sentence.pieces) == OWN
    assert [mark.label for mark in sentence.marks] == ["own"]
    assert '<mark class="m m-own">' in answer.text
    assert sentence.marks[0].question in answer.text
    assert "1 sentence marked" in answer.text


@pytest.mark.django_db
def test_what_was_typed_cannot_become_markup(client: Client) -> None:
    text = "<script>x()</script> & I never asked who had to sign."

    answer = client.post("/mirror/", {"text": text})

    assert answer.context["sentences"]
    assert "<script" not in answer.text
    assert "&lt;script&gt;x()&lt;/script&gt; &amp; " in answer.text


@pytest.mark.django_db
def test_nothing_is_stored_and_no_session_is_made(client: Client) -> None:
    before = rows()

    answer = client.post("/mirror/", {"text": OWN})

    assert rows() == before
    assert Session.objects.count() == 0
    assert not answer.cookies


@pytest.mark.django_db
def test_a_text_that_is_too_long_gets_a_sentence_that_says_so(client: Client) -> None:
    answer = client.post(
        "/mirror/", {"text": "a" * (LONGEST + 1)}, headers={"accept-language": "en"}
    )

    assert answer.status_code == 422
    assert answer.context["problem"] == (
        "This text has 20001 characters; the mirror reads at most 20000 at once. Give it in parts."
    )


@pytest.mark.django_db
def test_the_longest_text_is_still_read(client: Client) -> None:
    assert client.post("/mirror/", {"text": "Aha. " * (LONGEST // 5)}).status_code == 200


@pytest.mark.django_db
def test_asking_too_often_is_told_in_a_sentence(client: Client) -> None:
    for _ in range(PER_MINUTE):
        assert client.post("/mirror/", {"text": "x"}).status_code == 200

    answer = client.post("/mirror/", {"text": "x"}, headers={"accept-language": "nl"})

    assert answer.status_code == 429
    assert "wat je typte, is niet weg" in answer.text


@pytest.mark.django_db
def test_silence_is_said_only_when_there_was_a_text(client: Client) -> None:
    quiet = client.post(
        "/mirror/", {"text": "We met on Monday."}, headers={"accept-language": "en"}
    )
    empty = client.post("/mirror/", {"text": "  "}, headers={"accept-language": "en"})

    assert "keeps quiet" in quiet.text
    assert empty.text.strip() == ""


@pytest.mark.django_db
def test_it_answers_to_posts_only(client: Client) -> None:
    assert client.get("/mirror/").status_code == 405

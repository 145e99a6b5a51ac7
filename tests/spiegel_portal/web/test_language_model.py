"""An organisation's language model: chosen by its administrator, seen by its members."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.chat_server import chat_server, gives, is_silent, mark, says, says_text
from tests.factories import make_deal, make_debrief

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.debriefs.domain import start_debrief, start_series
from spiegel_portal.debriefs.language_model import domain
from spiegel_portal.people.models import Membership, Share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse
    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import SettingsWrapper
    from tests.conftest import House

    from spiegel_portal.debriefs.models import LanguageModel

OWN = "I never asked who had to sign."
#: What the model of the tests says, which the built-in one does not.
ODD = mark(1, "circumstances", "had to")


@pytest.fixture(autouse=True)
def _fresh_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def admin(client: Client, house: House) -> Client:
    client.force_login(house.administrator)
    return client


def switch_on(house: House, url: str) -> None:
    with organisation_scope(house.organisation):
        by = Membership.objects.get(user=house.administrator)
        domain.choose(by=by, is_on=True, base_url=url, model="llama", key="", keep_key=False)


def fill_in(client: Client, url: str, **changes: Any) -> HttpResponse:
    data = {"base_url": url, "model": "llama", "is_on": "on", **changes}
    return client.post(reverse("language_model"), data, follow=True)


def chosen(house: House) -> LanguageModel | None:
    with organisation_scope(house.organisation):
        return domain.chosen()


def look(client: Client, text: str = OWN, query: str = "", **more: str) -> HttpResponse:
    answer = client.post(reverse("debrief_mirror") + query, {"text": text, **more})
    assert answer.status_code == 200
    return answer


def labels(answer: HttpResponse) -> list[str]:
    return [mark.label for sentence in answer.context["sentences"] for mark in sentence.marks]


def test_saving_tries_it_and_says_that_it_works(admin: Client, house: House) -> None:
    with chat_server(says(mark(2, "own", "never asked"))) as server:
        page = fill_in(admin, server.url, key="s3cret").content.decode()
    assert "Saved. The model answered as it should, in " in page
    assert server.sentences == [["We met on Tuesday.", "I never asked who had to sign."]]
    assert "s3cret" not in page
    made = chosen(house)
    assert made is not None
    assert (made.is_on, made.base_url, made.model) == (True, server.url, "llama")


@pytest.mark.parametrize(
    ("manner", "reason"),
    [
        (gives(b"", 401), "It refused the question: look at the address, the name and the key."),
        (says_text("Hello!"), "It answered something else than was asked for."),
        (is_silent, "It did not answer in time."),
    ],
)
def test_saving_says_what_is_wrong(
    admin: Client, settings: SettingsWrapper, manner: Any, reason: str
) -> None:
    settings.SPIEGEL_LANGUAGE_MODEL_SECONDS = 0.3
    with chat_server(manner) as server:
        page = fill_in(admin, server.url).content.decode()
    assert f"Saved, but it gave no answer that can be used. {reason} Until it does" in page


def test_switched_off_nothing_is_asked(admin: Client, house: House) -> None:
    with chat_server(says()) as server:
        data = {"base_url": server.url, "model": "llama"}
        page = admin.post(reverse("language_model"), data, follow=True).content.decode()
    assert "Saved. The mirror uses its own model." in page
    assert server.asked == []
    assert chosen(house) is not None


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"base_url": "ftp://127.0.0.1"}, "This is no address that can be used"),
        ({"base_url": "http://169.254.169.254/latest"}, "169.254.169.254:80 is not a host that"),
        ({"base_url": ""}, "Needed to switch the language model on."),
        ({"model": ""}, "Needed to switch the language model on."),
        ({"key": "two words"}, "A key has letters, digits and signs without spaces"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    admin: Client, house: House, changes: dict[str, str], error: str
) -> None:
    answer = fill_in(admin, "http://127.0.0.1:9/v1", **changes)
    assert answer.status_code == 422
    assert error in answer.content.decode()
    assert chosen(house) is None


def test_the_page_says_what_is_sent_where_and_which_hosts_may_be(
    admin: Client, settings: SettingsWrapper
) -> None:
    page = admin.get(reverse("language_model")).content.decode()
    assert "Look-backs of your members leave this server." in page
    assert "Hosts that may be chosen here: 127.0.0.1." in page
    settings.SPIEGEL_LANGUAGE_MODEL_HOSTS = [""]
    page = admin.get(reverse("language_model")).content.decode()
    assert "has not allowed any host yet" in page


def test_a_key_is_never_shown_and_can_be_kept(admin: Client, house: House) -> None:
    with chat_server(says()) as server:
        fill_in(admin, server.url, key="s3cret")
        page = admin.get(reverse("language_model")).content.decode()
        assert ("s3cret" in page, 'name="keep_key"' in page) == (False, True)
        fill_in(admin, server.url, keep_key="on")
        fill_in(admin, server.url)
    sent = [headers.get("Authorization") for _, headers, _ in server.asked]
    assert sent == ["Bearer s3cret", "Bearer s3cret", None]


def test_typing_gets_the_built_in_marks_at_once_and_the_models_when_asked(
    owner_client: Client, house: House
) -> None:
    assert "X-Mirror-Closer" not in look(owner_client)
    with chat_server(says(ODD)) as server:
        switch_on(house, server.url)
        first = look(owner_client)
        assert (labels(first), first["X-Mirror-Closer"], server.asked) == (["own"], "1", [])
        closer = look(owner_client, closer="1")
    assert labels(closer) == ["circumstances"]
    assert "X-Mirror-Closer" not in closer
    assert "Marked by the language model llama." in closer.content.decode()
    assert server.sentences == [[OWN]]


def test_its_marks_are_answered_like_any_other(owner_client: Client, house: House) -> None:
    with chat_server(says(ODD)) as server:
        switch_on(house, server.url)
        data = {"sentence": OWN, "label": "circumstances", "words": "had to", "answer": "yes"}
        assert 'name="by" value=""' in look(owner_client).content.decode()
        assert 'name="by" value="model"' in look(owner_client, closer="1").content.decode()
        owner_client.post(reverse("mark_answer"), data)
        assert "data-said>You said yes" in look(owner_client, closer="1").content.decode()
        owner_client.post(reverse("mark_answer"), {**data, "answer": "not_so"})
        assert labels(look(owner_client, closer="1")) == []


@pytest.mark.parametrize("manner", [gives(b"", 500), says_text("Hello!"), is_silent])
def test_without_a_usable_answer_the_built_in_marks_stand_in_and_it_is_said(
    owner_client: Client, house: House, settings: SettingsWrapper, manner: Any
) -> None:
    settings.SPIEGEL_LANGUAGE_MODEL_SECONDS = 0.3
    usual = labels(look(owner_client))
    with chat_server(manner) as server:
        switch_on(house, server.url)
        answer = look(owner_client, closer="1")
    assert labels(answer) == usual
    assert "The language model gave no answer that can be used" in answer.content.decode()


def test_a_quiet_field_stays_quiet(owner_client: Client, house: House) -> None:
    with chat_server(says()) as server:
        switch_on(house, server.url)
        assert look(owner_client, query="?quiet", closer="1").content.decode().strip() == ""
        assert look(owner_client, query="?own_is_fine", closer="1").context["sentences"] == []


def test_looking_too_often_gets_the_built_in_marks(owner_client: Client, house: House) -> None:
    with chat_server(says()) as server:
        switch_on(house, server.url)
        found = [labels(look(owner_client, closer="1")) for _ in range(22)]
    assert (found[0], found[-1]) == ([], ["own"])
    assert len(server.asked) == 20


def test_reading_back_asks_once_and_says_whose_marks_they_are(
    owner_client: Client, house: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    debrief = make_debrief(
        house.owner, house.organisation, agreed="A date in May.", differed="We met.", own_part=OWN
    )
    address = reverse("debrief_detail", args=[debrief.pk])
    with chat_server(says(mark(3, "circumstances", "had to"))) as server:
        switch_on(house, server.url)
        assert "<mark" not in owner_client.get(address).content.decode()
        assert server.asked == []
        with django_assert_num_queries(7):
            page = owner_client.get(f"{address}?marks").content.decode()
    assert server.sentences == [["A date in May.", "We met.", OWN]]
    assert page.count("Marked by the language model llama.") == 1
    assert 'name="by" value="model"' in page
    assert ("m-circumstances" in page, "m-own" in page) == (True, False)


def test_who_reads_a_shared_debrief_sends_nothing_of_it(client: Client, house: House) -> None:
    debrief = make_debrief(house.owner, house.organisation, own_part=OWN)
    with organisation_scope(house.organisation):
        share = Share.objects.create(
            organisation=house.organisation, owner=house.owner, recipient=house.colleague,
            kind=Share.Kind.DEBRIEF, item_id=debrief.pk, ends_on=timezone.localdate(),
            with_marks=True,
        )  # fmt: skip
    client.force_login(house.colleague)
    with chat_server(says()) as server:
        switch_on(house, server.url)
        page = client.get(reverse("shared_item", args=[share.pk])).content.decode()
    assert "m-own" in page
    assert server.asked == []


def test_the_public_try_out_never_uses_it(client: Client, house: House) -> None:
    with chat_server(says()) as server:
        switch_on(house, server.url)
        for data in ({"text": OWN}, {"text": OWN, "closer": "1"}):
            assert labels(client.post(reverse("mirror"), data)) == ["own"]
            assert labels(client.post(reverse("front"), data)) == ["own"]
        client.force_login(house.owner)
        assert labels(client.post(reverse("mirror"), {"text": OWN, "closer": "1"})) == ["own"]
    assert server.asked == []


def test_every_page_with_the_mirror_says_that_it_is_on(
    owner_client: Client, house: House, client: Client
) -> None:
    deal = make_deal(house.organisation, house.owner, stage_type="lost")
    with organisation_scope(house.organisation):
        draft = start_debrief(deal=deal, author=house.owner)
        start_series(organisation=house.organisation, author=house.owner)
    finished = make_debrief(house.owner, house.organisation)
    pages = [
        reverse("debrief_edit", args=[draft.pk]),
        reverse("debrief_detail", args=[finished.pk]),
        reverse("situation_edit", args=[1]),
        reverse("my_mirror"),
    ]
    told = "goes to <strong>127.0.0.1:9</strong> (llama)"
    assert [told in owner_client.get(page).content.decode() for page in pages] == [False] * 4
    switch_on(house, "http://127.0.0.1:9/v1")
    assert [told in owner_client.get(page).content.decode() for page in pages] == [True] * 4
    client.force_login(house.stranger)
    assert told not in client.get(reverse("my_mirror")).content.decode()


def test_a_member_keeps_their_own_texts_out_of_it(admin: Client, house: House) -> None:
    debrief = make_debrief(house.owner, house.organisation, own_part=OWN)
    member = Client()
    member.force_login(house.owner)
    with chat_server(says(ODD)) as server:
        switch_on(house, server.url)
        address = reverse("language_model_refuse")
        page = member.post(address, {"refuses": "yes"}, follow=True).content.decode()
        assert "Your texts stay here: the language model does not read them." in page
        assert "data-language-model" not in page
        answer = look(member, closer="1")
        assert (labels(answer), "X-Mirror-Closer" in look(member)) == (["own"], False)
        member.get(reverse("debrief_detail", args=[debrief.pk]) + "?marks")
        assert server.asked == []
        before = admin.get(reverse("language_model")).content.decode()
        page = member.post(address, {"refuses": "no"}, follow=True).content.decode()
        assert "data-language-model" in page
        assert labels(look(member, closer="1")) == ["circumstances"]
        after = admin.get(reverse("language_model")).content.decode()
    token = re.compile('name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"')
    assert token.sub("", before) == token.sub("", after)

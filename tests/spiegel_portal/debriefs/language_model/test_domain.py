"""Choosing a language model, and asking it about texts; whatever goes wrong is told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.db import connection
from tests.chat_server import chat_server, gives, mark, says, says_text

import spiegel
from spiegel_portal.common.models import AuditEntry
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.debriefs.language_model import domain
from spiegel_portal.debriefs.language_model.client import Unusable
from spiegel_portal.debriefs.models import LanguageModel, LanguageModelRefusal
from spiegel_portal.people.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper
    from tests.conftest import House

TEXTS = ("They never decided. We met.", "", "I never asked who had to sign.")
HOME = "http://127.0.0.1:9/v1"


@pytest.fixture(autouse=True)
def _rested() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def choose(house: House, **changes: Any) -> LanguageModel:
    values = {"is_on": True, "base_url": HOME, "model": "m", "key": "", "keep_key": True}
    by = Membership.objects.get(user=house.administrator)
    return domain.choose(by=by, **{**values, **changes})


def look(model: LanguageModel, *texts: str) -> list[list[tuple[str, str]]]:
    """The labels and words a model marks, per text."""
    seen = domain.look_closer(
        language_model=model, reflections=[spiegel.reflect(text, "en") for text in texts]
    )
    return [
        [(m.label, text[m.spans[0][0] : m.spans[0][1]]) for s in one.sentences for m in s.marks]
        for text, one in zip(texts, seen, strict=True)
    ]


def problem(model: LanguageModel, *texts: str) -> str:
    with pytest.raises(Unusable) as caught:
        look(model, *(texts or TEXTS))
    return caught.value.reason


def test_nothing_is_on_unless_somebody_switched_it_on(scoped: House) -> None:
    assert (domain.in_use(author=scoped.owner), domain.chosen()) == (None, None)
    choose(scoped, is_on=False)
    assert domain.in_use(author=scoped.owner) is None
    made = choose(scoped)
    assert (domain.in_use(author=scoped.owner), LanguageModel.objects.count()) == (made, 1)


def test_another_organisation_has_none_of_it(scoped: House) -> None:
    choose(scoped)
    with organisation_scope(scoped.other_organisation):
        assert (domain.in_use(author=scoped.owner), domain.chosen()) == (None, None)


def test_who_refuses_it_is_not_read_and_others_are(scoped: House) -> None:
    made = choose(scoped)
    for refuses, found in ((True, None), (True, None), (False, made), (True, None)):
        domain.refuse(organisation=scoped.organisation, author=scoped.owner, refuses=refuses)
        assert domain.in_use(author=scoped.owner) == found
        assert domain.in_use(author=scoped.colleague) == made
    assert LanguageModelRefusal.objects.count() == 1


def test_a_key_is_kept_encrypted_and_goes_along(scoped: House) -> None:
    with chat_server(says()) as server:
        look(choose(scoped, base_url=server.url, key="s3cret"), *TEXTS)
        assert server.asked[0][1]["Authorization"] == "Bearer s3cret"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM debriefs_languagemodel")
        assert "s3cret" not in str(cursor.fetchall())


def test_a_key_goes_to_the_place_it_was_given_for_only(scoped: House) -> None:
    kept = choose(scoped, key="s3cret").key_encrypted
    assert choose(scoped, base_url=f"{HOME}/other").key_encrypted == kept
    assert choose(scoped, is_on=False).key_encrypted == kept
    assert choose(scoped, keep_key=False).key_encrypted == ""
    choose(scoped, key="s3cret")
    assert choose(scoped, base_url="http://127.0.0.1:10/v1").key_encrypted == ""
    choose(scoped, key="s3cret")
    assert choose(scoped, base_url="http://127.0.0.2:9/v1").key_encrypted == ""


def test_what_was_chosen_is_noted_without_the_key(scoped: House) -> None:
    choose(scoped, key="s3cret")
    choose(scoped, is_on=False)
    noted = AuditEntry.objects.filter(action="language-model.changed").order_by("at")
    assert [entry.subject for entry in noted] == ["on: 127.0.0.1:9", "off"]
    assert {entry.actor for entry in noted} == {scoped.administrator}


def test_all_texts_are_asked_about_in_one_question(scoped: House) -> None:
    answer = says(mark(1, "customer", "never decided"), mark(3, "own", "never asked who"))
    with chat_server(answer) as server:
        found = look(choose(scoped, base_url=server.url), *TEXTS)
    assert found == [[("customer", "never decided")], [], [("own", "never asked who")]]
    assert server.sentences == [
        ["They never decided.", "We met.", "I never asked who had to sign."]
    ]
    for private in (scoped.owner.email, scoped.owner.name, scoped.organisation.name):
        assert private not in str(server.asked)


def test_nothing_is_sent_of_nothing(scoped: House) -> None:
    with chat_server(says()) as server:
        assert look(choose(scoped, base_url=server.url), "", " ") == [[], []]
    assert server.asked == []


def test_a_long_text_is_not_sent(scoped: House) -> None:
    with chat_server(says()) as server:
        made = choose(scoped, base_url=server.url)
        assert problem(made, "They never decided. " * 400) == "too-long"
    assert server.asked == []


def test_who_failed_is_left_alone_for_a_while(scoped: House) -> None:
    with chat_server(gives(b"", 500)) as server:
        made = choose(scoped, base_url=server.url)
        assert [problem(made), problem(made)] == ["refused", "resting"]
        assert len(server.asked) == 1
        choose(scoped, base_url=server.url)  # looked at anew once it is filled in again
        assert problem(made) == "refused"


def test_one_odd_answer_is_no_reason_to_leave_it_alone(scoped: House) -> None:
    with chat_server(says_text("Hello!")) as server:
        made = choose(scoped, base_url=server.url)
        assert [problem(made), problem(made)] == ["unreadable", "unreadable"]


def test_the_page_waits_as_long_as_is_set(scoped: House, settings: SettingsWrapper) -> None:
    settings.SPIEGEL_LANGUAGE_MODEL_SECONDS = 0.1
    with chat_server(lambda handler: handler.chat.over.wait() and None) as server:
        assert problem(choose(scoped, base_url=server.url)) == "slow"


def test_a_host_that_may_no_longer_be_chosen_gets_nothing(
    scoped: House, settings: SettingsWrapper
) -> None:
    with chat_server(says()) as server:
        made = choose(scoped, base_url=server.url)
        settings.SPIEGEL_LANGUAGE_MODEL_HOSTS = ["elsewhere.example"]
        assert problem(made) == "not-allowed"
    assert server.asked == []


def test_a_key_that_cannot_be_read_is_told(scoped: House, settings: SettingsWrapper) -> None:
    made = choose(scoped, key="s3cret")
    settings.SPIEGEL_ENCRYPTION_KEY = "another"
    assert problem(made) == "key-changed"


def test_the_log_holds_no_words(scoped: House, caplog: pytest.LogCaptureFixture) -> None:
    with chat_server(says_text("heron-4711")) as server:
        problem(choose(scoped, base_url=server.url), "I never asked heron-4711.")
    assert "unreadable" in caplog.text
    assert "heron" not in caplog.text

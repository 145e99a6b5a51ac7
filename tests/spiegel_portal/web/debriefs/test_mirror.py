"""The mirror for an author: silent where they said so, and nothing of it stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.debriefs.models import MarkAnswer

if TYPE_CHECKING:
    from django.test import Client
    from tests.conftest import House

BLAME = "We lost because the customer only looks at the price and never keeps a promise."


def look(client: Client, text: str, query: str = "") -> str:
    answer = client.post(reverse("debrief_mirror") + query, {"text": text})
    assert answer.status_code == 200
    return str(answer.content.decode())


def say(client: Client, answer: str, sentence: str = BLAME) -> int:
    data = {"sentence": sentence, "label": "customer", "answer": answer}
    headers = {"X-Requested-With": "fetch"}
    return client.post(reverse("mark_answer"), data, headers=headers).status_code


def test_a_sentence_is_marked_with_its_question(owner_client: Client) -> None:
    page = look(owner_client, BLAME)
    assert 'class="label m-customer"' in page
    assert f'value="{BLAME}"' in page


def test_not_so_silences_that_mark_for_that_author(
    owner_client: Client, client: Client, house: House
) -> None:
    assert say(owner_client, "not_so") == 204
    folded = f"  {BLAME.upper().replace('ONLY', 'ONLY  ').rstrip('.')} "
    with organisation_scope(house.organisation):
        given = MarkAnswer.objects.get()
    assert BLAME not in str(vars(given))
    assert "m-customer" not in look(owner_client, BLAME)
    assert say(owner_client, "not_so", folded) == 204
    with organisation_scope(house.organisation):
        assert MarkAnswer.objects.count() == 1
    client.force_login(house.colleague)
    assert "m-customer" in look(client, BLAME)


def test_yes_brings_it_back(owner_client: Client) -> None:
    say(owner_client, "not_so")
    say(owner_client, "yes")
    assert "m-customer" in look(owner_client, BLAME)


def test_an_unknown_answer_is_refused(owner_client: Client) -> None:
    assert say(owner_client, "perhaps") == 422


def test_without_script_one_goes_back_to_a_page_of_this_site_only(owner_client: Client) -> None:
    data = {"sentence": BLAME, "label": "customer", "answer": "yes"}
    away = owner_client.post(
        reverse("mark_answer"), data, headers={"referer": "https://elsewhere.example/"}
    )
    assert away["Location"] == reverse("debrief_list")


def test_a_text_without_marks_says_so_where_the_mirror_works_hardest(owner_client: Client) -> None:
    plain = "We met on Tuesday."
    assert "No marks." in look(owner_client, plain)
    assert look(owner_client, plain, "?quiet").strip() == ""


def test_a_text_too_long_gets_a_sentence(owner_client: Client) -> None:
    answer = owner_client.post(reverse("debrief_mirror"), {"text": "a" * 20_001})
    assert answer.status_code == 422


def test_markup_in_a_sentence_is_shown_as_text(owner_client: Client) -> None:
    page = look(owner_client, BLAME.replace("price", "<script>alert(1)</script> price"))
    assert "<script>" not in page


def test_ones_own_part_is_not_marked_where_it_is_asked_for(owner_client: Client) -> None:
    own = "I never asked who else had to sign the order."
    assert "m-own" in look(owner_client, own)
    assert "m-own" not in look(owner_client, own, "?quiet&own_is_fine")
    assert "m-customer" in look(owner_client, BLAME, "?quiet&own_is_fine")

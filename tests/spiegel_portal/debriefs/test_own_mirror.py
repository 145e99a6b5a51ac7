"""One author's mirror: their answers count, their words are not kept, nobody else's matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import spiegel
from spiegel.mirror.personal import words_of
from spiegel_portal.common.errors import Refused
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.debriefs.domain import answer_mark, forget_answers
from spiegel_portal.debriefs.models import MarkAnswer
from spiegel_portal.debriefs.own_mirror import learnt, own_mirror

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.conftest import House

    from spiegel_portal.people.models import User

BLAME = "We lost because the customer only looks at the price and never keeps a promise."
WORDS = "only looks at the price"


def say(house: House, answer: str, number: int = 0, who: User | None = None) -> MarkAnswer:
    """Answer about one more sentence with the same words."""
    return answer_mark(
        organisation=house.organisation, author=who or house.owner, label="customer",
        sentence=f"{number}: they only look at the price.", words=WORDS, answer=answer,
    )  # fmt: skip


def look(author: User) -> spiegel.Reflection:
    """What an author's mirror gives."""
    mirror = own_mirror(author=author)
    return mirror.without_silenced(spiegel.reflect(BLAME, personal=mirror.personal))


def test_no_words_are_kept(scoped: House) -> None:
    given = say(scoped, "yes")
    assert len(given.phrase_hash) == 64
    assert [word for word in ("price", "looks") if word in str(vars(given))] == []


def test_two_people_have_different_codes_for_the_same_words(scoped: House) -> None:
    mine, theirs = say(scoped, "yes"), say(scoped, "yes", who=scoped.colleague)
    assert mine.phrase_hash != theirs.phrase_hash


def test_answers_shift_the_authors_threshold_and_nobody_elses(scoped: House) -> None:
    for number in range(9):
        say(scoped, "not_so", number)
    assert own_mirror(author=scoped.owner).personal.shift("customer") > 0.5
    assert own_mirror(author=scoped.owner).personal.shift("final") == 0
    assert own_mirror(author=scoped.colleague).personal.shift("customer") == 0


def test_answers_to_a_language_models_marks_shift_no_threshold(scoped: House) -> None:
    for number in range(9):
        answer_mark(
            organisation=scoped.organisation, author=scoped.owner, label="customer",
            sentence=f"{number}", words=WORDS, answer="not_so", by_language_model=True,
        )  # fmt: skip
    personal = own_mirror(author=scoped.owner).personal
    assert personal.shift("customer") == 0
    assert personal.silences("customer", WORDS) is True
    [row] = learnt(author=scoped.owner)
    assert (row.answers.not_so, row.shift, row.silent) == (9, 0, 1)


def test_answers_in_another_organisation_stay_there(scoped: House) -> None:
    say(scoped, "not_so")
    with organisation_scope(scoped.other_organisation):
        assert own_mirror(author=scoped.owner).answers == {}
        assert forget_answers(author=scoped.owner) == 0
    assert MarkAnswer.objects.count() == 1


def test_words_waved_away_twice_are_silent_in_any_sentence(scoped: House) -> None:
    seen = spiegel.reflect(BLAME)
    [sentence] = seen.sentences
    words = {mark.label: words_of(sentence, mark) for mark in sentence.marks}
    for number in range(2):
        assert look(scoped.owner) == seen
        answer_mark(
            organisation=scoped.organisation, author=scoped.owner, label="customer",
            sentence=f"Another one, {number}.", words=words["customer"], answer="not_so",
        )  # fmt: skip
    after = look(scoped.owner).sentences[0].marks
    assert {mark.label for mark in after} == set(words) - {"customer"}
    assert look(scoped.colleague) == seen


def test_answers_from_before_words_were_kept_still_count(scoped: House) -> None:
    answer_mark(
        organisation=scoped.organisation, author=scoped.owner,
        sentence=BLAME, label="customer", answer="yes",
    )  # fmt: skip
    mirror = own_mirror(author=scoped.owner)
    assert mirror.personal.labels == {"customer": spiegel.Answers(yes=1)}
    assert mirror.personal.phrases == {}
    assert mirror.answer(f" {BLAME.upper()}", "customer") == "yes"


@pytest.mark.parametrize(("label", "answer"), [("customer", "perhaps"), ("weather", "yes")])
def test_what_is_not_offered_is_refused(scoped: House, label: str, answer: str) -> None:
    with pytest.raises(Refused):
        answer_mark(
            organisation=scoped.organisation, author=scoped.owner,
            sentence=BLAME, label=label, answer=answer,
        )  # fmt: skip
    assert MarkAnswer.objects.count() == 0


def test_what_was_learnt_is_told_per_label(scoped: House) -> None:
    for number in range(3):
        say(scoped, "not_so", number)
    answer_mark(
        organisation=scoped.organisation, author=scoped.owner,
        sentence=BLAME, label="own", words="i never asked", answer="yes",
    )  # fmt: skip
    say(scoped, "not_so", who=scoped.colleague)
    own, customer = learnt(author=scoped.owner)
    assert (own.label, own.answers, own.silent) == ("own", spiegel.Answers(yes=1), 0)
    assert (customer.label, customer.answers) == ("customer", spiegel.Answers(not_so=3))
    assert (customer.shift > 0, customer.silent) == (True, 1)


def test_forgetting_is_of_ones_own_answers(scoped: House) -> None:
    say(scoped, "not_so")
    say(scoped, "not_so", who=scoped.colleague)
    assert forget_answers(author=scoped.owner) == 1
    assert [left.author for left in MarkAnswer.objects.all()] == [scoped.colleague]


@pytest.mark.parametrize("many", [1, 3])
def test_one_query_however_many_answers(
    scoped: House, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for number in range(many):
        say(scoped, "not_so", number)
    with django_assert_num_queries(1):
        look(scoped.owner)
    with django_assert_num_queries(1):
        learnt(author=scoped.owner)

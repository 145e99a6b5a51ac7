"""Autosave as the domain sees it: two pages, one debrief, and nothing typed ever lost."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from tests.factories import make_deal

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.models import StageType
from spiegel_portal.debriefs.domain import (
    Saved,
    delete_debrief,
    finish_debrief,
    save_texts,
    settle_conflict,
    start_debrief,
)
from spiegel_portal.debriefs.models import MAX_TEXT, Debrief, Lesson, OtherVersion

if TYPE_CHECKING:
    from tests.conftest import House


@pytest.fixture
def debrief(scoped: House) -> Debrief:
    deal = make_deal(scoped.organisation, scoped.owner, stage_type=StageType.LOST)
    return start_debrief(deal=deal, author=scoped.owner)


def save(debrief: Debrief, client: str, base: int, **texts: str) -> Saved:
    return save_texts(
        item=debrief, author=debrief.author, client=client, base_version=base, texts=texts
    )


def texts_of(debrief: Debrief, *fields: str) -> list[str]:
    debrief.refresh_from_db()
    return [getattr(debrief, field) for field in fields]


@pytest.mark.parametrize(
    ("stage_type", "outcome"),
    [
        (StageType.LOST, Debrief.Outcome.LOST),
        (StageType.WON, Debrief.Outcome.WON),
        (StageType.NO_DECISION, Debrief.Outcome.NO_DECISION),
        (StageType.OPEN, Debrief.Outcome.STALLED),
        (StageType.PARKED, Debrief.Outcome.STALLED),
    ],
)
def test_the_outcome_is_proposed_from_the_type_of_the_stage(
    scoped: House, stage_type: StageType, outcome: str
) -> None:
    deal = make_deal(scoped.organisation, scoped.owner, stage_type=stage_type)
    assert start_debrief(deal=deal, author=scoped.owner).outcome == outcome


def test_starting_twice_gives_the_same_debrief(debrief: Debrief) -> None:
    assert debrief.deal is not None
    assert start_debrief(deal=debrief.deal, author=debrief.author) == debrief
    assert Debrief.objects.count() == 1


def test_a_colleague_looks_back_on_the_same_deal_apart(scoped: House, debrief: Debrief) -> None:
    assert debrief.deal is not None
    theirs = start_debrief(deal=debrief.deal, author=scoped.colleague)
    assert theirs.pk != debrief.pk


def test_the_reason_the_customer_gave_comes_along(scoped: House) -> None:
    deal = make_deal(scoped.organisation, scoped.owner, stated_reason="Too dear")
    assert start_debrief(deal=deal, author=scoped.owner).stated_reason == "Too dear"


def test_only_the_fields_that_are_sent_change(debrief: Debrief) -> None:
    save(debrief, "a", 1, agreed="A date in May")
    saved = save(debrief, "a", 2, happened="Silence")
    assert saved == Saved(version=3)
    assert texts_of(debrief, "agreed", "happened") == ["A date in May", "Silence"]


def test_the_same_save_again_changes_nothing(debrief: Debrief) -> None:
    first = save(debrief, "a", 1, agreed="A date in May")
    assert save(debrief, "a", 1, agreed="A date in May") == first


def test_more_text_after_an_answer_that_never_arrived_is_no_conflict(debrief: Debrief) -> None:
    save(debrief, "a", 1, agreed="A date")
    assert save(debrief, "a", 1, agreed="A date in May") == Saved(version=3)
    assert texts_of(debrief, "agreed") == ["A date in May"]


def test_different_fields_from_two_pages_merge(debrief: Debrief) -> None:
    save(debrief, "phone", 1, agreed="A date in May")
    saved = save(debrief, "desk", 1, happened="Silence")
    assert saved == Saved(version=3, changed={"agreed": "A date in May"})
    assert texts_of(debrief, "agreed", "happened") == ["A date in May", "Silence"]


def test_the_same_text_from_two_pages_is_no_conflict(debrief: Debrief) -> None:
    save(debrief, "phone", 1, agreed="A date in May")
    assert save(debrief, "desk", 1, agreed="A date in May").conflicts == []
    assert not OtherVersion.objects.exists()


def test_two_texts_for_one_field_are_both_kept(debrief: Debrief) -> None:
    save(debrief, "phone", 1, agreed="From the phone")
    saved = save(debrief, "desk", 1, agreed="From the desk")
    assert [(c.field, c.kept, c.other) for c in saved.conflicts] == [
        ("agreed", "From the phone", "From the desk")
    ]
    assert texts_of(debrief, "agreed") == ["From the phone"]
    assert [other.texts for other in OtherVersion.objects.all()] == [{"agreed": "From the desk"}]


def test_a_page_in_conflict_goes_on_in_its_own_text(debrief: Debrief) -> None:
    save(debrief, "phone", 1, agreed="From the phone")
    save(debrief, "desk", 1, agreed="From the desk")
    save(debrief, "desk", 2, agreed="From the desk, longer")
    assert texts_of(debrief, "agreed") == ["From the phone"]
    assert [other.texts for other in OtherVersion.objects.all()] == [
        {"agreed": "From the desk, longer"}
    ]


def test_a_third_page_has_a_text_of_its_own(debrief: Debrief) -> None:
    save(debrief, "phone", 1, agreed="From the phone")
    save(debrief, "desk", 1, agreed="From the desk")
    save(debrief, "tablet", 1, agreed="From the tablet")
    assert {other.texts["agreed"] for other in OtherVersion.objects.all()} == {
        "From the desk",
        "From the tablet",
    }


def test_typing_the_other_text_ends_the_conflict(debrief: Debrief) -> None:
    save(debrief, "phone", 1, agreed="From the phone")
    save(debrief, "desk", 1, agreed="From the desk")
    assert save(debrief, "desk", 2, agreed="From the phone").conflicts == []
    assert not OtherVersion.objects.exists()


def settle(debrief: Debrief, base: int, text: str) -> Saved:
    return settle_conflict(
        item=debrief,
        author=debrief.author,
        client="desk",
        base_version=base,
        other_id=OtherVersion.objects.get().pk,
        field="agreed",
        text=text,
    )


def test_the_author_settles_a_conflict_with_any_text(debrief: Debrief) -> None:
    save(debrief, "phone", 1, agreed="From the phone")
    save(debrief, "desk", 1, agreed="From the desk", happened="Silence")
    saved = settle(debrief, 3, "From both")
    assert saved == Saved(version=4)
    assert texts_of(debrief, "agreed", "happened") == ["From both", "Silence"]
    assert not OtherVersion.objects.exists()


def test_settling_while_the_other_page_types_on_loses_neither(debrief: Debrief) -> None:
    save(debrief, "phone", 1, agreed="From the phone")
    save(debrief, "desk", 1, agreed="From the desk")
    save(debrief, "phone", 2, agreed="From the phone, longer")
    saved = settle(debrief, 2, "From both")
    assert [(c.kept, c.other) for c in saved.conflicts] == [("From the phone, longer", "From both")]
    assert OtherVersion.objects.get().texts == {"agreed": "From both"}


def test_a_page_without_a_name_never_passes_for_another(debrief: Debrief) -> None:
    save(debrief, "", 1, agreed="One")
    assert len(save(debrief, "", 1, agreed="Two").conflicts) == 1


def test_a_field_takes_twenty_thousand_characters_and_refuses_more(debrief: Debrief) -> None:
    most = "é" * MAX_TEXT
    saved = save(debrief, "a", 1, agreed=most, happened=most + "!", differed="kept")
    assert {name: str(text) for name, text in saved.refused.items()} == {
        "happened": (
            "This text has 20001 characters and there is room for 20000. It has not been saved "
            "yet: shorten it, or move part of it to another field."
        )
    }
    assert texts_of(debrief, "agreed", "happened", "differed") == [most, "", "kept"]


def test_unknown_fields_are_passed_over(debrief: Debrief) -> None:
    assert save(debrief, "a", 1, author="x", version="9", finished_at="2026-01-01") == Saved(
        version=1
    )


def test_line_ends_and_characters_a_database_refuses_are_tidied(debrief: Debrief) -> None:
    save(debrief, "a", 1, agreed="one\r\ntwo\rthree\x00 \ud800four")
    assert texts_of(debrief, "agreed") == ["one\ntwo\nthree four"]


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("plan_on", "soon", "This is not a day: write it like 2026-12-31."),
        ("plan_on", "2026-02-31", "This is not a day: write it like 2026-12-31."),
        ("lesson_direction", "both", "Choose one of the answers that are offered."),
        ("plan_deal", "x", "That deal is not among yours: choose one from the list."),
    ],
)
def test_choices_that_are_none_are_refused(
    debrief: Debrief, field: str, text: str, sentence: str
) -> None:
    assert str(save(debrief, "a", 1, **{field: text}).refused[field]) == sentence


def test_a_plan_names_a_deal_of_ones_own(scoped: House, debrief: Debrief) -> None:
    own = make_deal(scoped.organisation, scoped.owner)
    theirs = make_deal(scoped.organisation, scoped.colleague)
    assert save(debrief, "a", 1, plan_deal=str(theirs.pk)).refused.keys() == {"plan_deal"}
    save(debrief, "a", 1, plan_deal=str(own.pk), plan_on="2026-12-31")
    debrief.refresh_from_db()
    assert (debrief.plan_deal, str(debrief.plan_on)) == (own, "2026-12-31")
    save(debrief, "a", 2, plan_deal="", plan_on="")
    debrief.refresh_from_db()
    assert (debrief.plan_deal, debrief.plan_on) == (None, None)


def test_the_last_choice_counts_without_a_conflict(debrief: Debrief) -> None:
    save(debrief, "phone", 1, lesson_direction="stop")
    save(debrief, "desk", 1, lesson_direction="start", plan_on="2026-12-31")
    assert save(debrief, "phone", 2, lesson_direction="stop").conflicts == []
    assert texts_of(debrief, "lesson_direction") == ["stop"]


def test_nobody_else_saves_in_a_debrief(scoped: House, debrief: Debrief) -> None:
    with pytest.raises(Debrief.DoesNotExist):
        save_texts(
            item=debrief, author=scoped.manager, client="a", base_version=1, texts={"agreed": "x"}
        )


def test_deleting_takes_waiting_texts_along_and_leaves_the_lesson(debrief: Debrief) -> None:
    save(debrief, "phone", 1, agreed="From the phone", lesson_text="Ask who decides")
    save(debrief, "desk", 1, agreed="From the desk")
    finish_debrief(debrief=debrief, author=debrief.author)
    delete_debrief(debrief=debrief)
    left: list[Any] = [Debrief.objects.count(), OtherVersion.objects.count()]
    assert left == [0, 0]
    assert [str(lesson) for lesson in Lesson.objects.all()] == ["Ask who decides"]


def test_deleting_takes_the_lesson_along_when_asked(debrief: Debrief) -> None:
    save(debrief, "a", 1, lesson_text="Ask who decides")
    finish_debrief(debrief=debrief, author=debrief.author)
    delete_debrief(debrief=debrief, with_lesson=True)
    assert Lesson.objects.count() == 0


def test_a_debrief_outlives_its_deal(debrief: Debrief) -> None:
    assert debrief.deal is not None
    debrief.deal.delete()
    debrief.refresh_from_db()
    assert (debrief.deal, str(debrief)) == (None, "Mill Ltd · Mill House")


def test_a_debrief_is_not_there_in_another_organisation(house: House) -> None:
    deal = make_deal(house.organisation, house.owner)
    with organisation_scope(house.organisation):
        debrief = start_debrief(deal=deal, author=house.owner)
    with organisation_scope(house.other_organisation), pytest.raises(Debrief.DoesNotExist):
        save_texts(item=debrief, author=house.owner, client="a", base_version=1, texts={})


def test_an_unknown_other_version_settles_to_a_plain_save(debrief: Debrief) -> None:
    saved = settle_conflict(
        item=debrief,
        author=debrief.author,
        client="desk",
        base_version=1,
        other_id=uuid.uuid4(),
        field="agreed",
        text="Mine",
    )
    assert saved == Saved(version=2)

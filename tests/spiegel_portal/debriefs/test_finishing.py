"""From a debrief to a lesson and a plan: once, whatever happens, and never half."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from tests.factories import make_deal

from spiegel_portal.common.errors import Refused
from spiegel_portal.debriefs.domain import (
    answer_plan,
    delete_debrief,
    drop_plan,
    edit_lesson,
    finish_debrief,
    finish_situation,
    reopen,
    retire_lesson,
    save_texts,
    start_debrief,
    start_series,
)
from spiegel_portal.debriefs.models import (
    Debrief,
    Lesson,
    Plan,
    PlanAnswer,
    Situation,
    SituationSeries,
)
from spiegel_portal.debriefs.signals import lesson_drawn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import House

LESSON = {"lesson_situation": "When one person decides", "lesson_text": "I ask who else signs"}
PLAN = {"plan_if": "nobody else was named", "plan_then": "ask who signs"}


@pytest.fixture
def debrief(scoped: House) -> Debrief:
    deal = make_deal(scoped.organisation, scoped.owner, stage_type="lost")
    return start_debrief(deal=deal, author=scoped.owner)


@pytest.fixture
def heard() -> Iterator[list[Lesson]]:
    """Lessons that lesson_drawn told of."""
    lessons: list[Lesson] = []

    def listen(lesson: Lesson, **_more: Any) -> None:
        lessons.append(lesson)

    lesson_drawn.connect(listen)
    yield lessons
    lesson_drawn.disconnect(listen)


def write(item: Debrief | Situation, **texts: str) -> None:
    item.refresh_from_db()
    save_texts(item=item, author=item.author, client="a", base_version=item.version, texts=texts)


def finish(debrief: Debrief) -> Lesson:
    return finish_debrief(debrief=debrief, author=debrief.author)


def plans() -> list[tuple[str, str, str]]:
    return [(plan.if_text, plan.then_text, plan.state) for plan in Plan.objects.all()]


def test_finishing_makes_a_lesson_and_a_plan(
    scoped: House, debrief: Debrief, heard: list[Lesson]
) -> None:
    live = make_deal(scoped.organisation, scoped.owner, name="Live")
    write(debrief, **LESSON, **PLAN, plan_deal=str(live.pk), lesson_direction="stop")
    lesson = finish(debrief)
    assert (lesson.situation, lesson.text, lesson.direction, lesson.author) == (
        "When one person decides",
        "I ask who else signs",
        "stop",
        scoped.owner,
    )
    plan = Plan.objects.get()
    assert (plan.deal, plan.lesson, plan.author) == (live, lesson, scoped.owner)
    assert plan.ask_on == timezone.localdate() + dt.timedelta(days=14)
    debrief.refresh_from_db()
    assert debrief.finished_at is not None
    assert heard == [lesson]


def test_finishing_twice_has_one_effect(debrief: Debrief, heard: list[Lesson]) -> None:
    write(debrief, **LESSON, **PLAN)
    assert finish(debrief) == finish(debrief)
    assert (Lesson.objects.count(), Plan.objects.count(), len(heard)) == (1, 1, 1)


def test_a_lesson_sentence_is_needed(debrief: Debrief) -> None:
    write(debrief, lesson_text="  ", agreed="A date")
    with pytest.raises(Refused) as refused:
        finish(debrief)
    assert str(refused.value.message) == (
        "The lesson is still empty: write one sentence on what you will do, or stop doing."
    )
    debrief.refresh_from_db()
    assert (debrief.finished_at, Lesson.objects.count()) == (None, 0)


@pytest.mark.parametrize("half", ["plan_if", "plan_then"])
def test_half_a_plan_is_refused_whole(debrief: Debrief, half: str) -> None:
    write(debrief, **LESSON, **{half: "something"})
    with pytest.raises(Refused) as refused:
        finish(debrief)
    assert refused.value.code == "plan-half"
    assert Lesson.objects.count() == 0


def test_what_a_receiver_cannot_do_undoes_the_lesson(debrief: Debrief) -> None:
    def fails(**_given: Any) -> None:
        raise RuntimeError

    write(debrief, **LESSON, **PLAN)
    lesson_drawn.connect(fails)
    try:
        with pytest.raises(RuntimeError):
            finish(debrief)
    finally:
        lesson_drawn.disconnect(fails)
    debrief.refresh_from_db()
    assert (Lesson.objects.count(), Plan.objects.count(), debrief.finished_at) == (0, 0, None)


def test_a_plan_is_asked_about_on_the_day_chosen(debrief: Debrief) -> None:
    write(debrief, **LESSON, **PLAN, plan_on="2027-01-15")
    finish(debrief)
    assert Plan.objects.get().ask_on == dt.date(2027, 1, 15)


def test_reopening_and_finishing_anew_updates_the_same_lesson_and_plan(
    debrief: Debrief, heard: list[Lesson]
) -> None:
    write(debrief, **LESSON, **PLAN)
    lesson = finish(debrief)
    reopen(item=debrief, author=debrief.author)
    write(debrief, lesson_text="I ask for the path of the last decision", plan_then="ask the path")
    finish(debrief)
    lesson.refresh_from_db()
    assert lesson.text == "I ask for the path of the last decision"
    assert plans() == [("nobody else was named", "ask the path", "open")]
    assert (Lesson.objects.count(), len(heard)) == (1, 1)


def test_a_plan_that_was_carried_out_is_not_made_again(debrief: Debrief) -> None:
    write(debrief, **LESSON, **PLAN)
    finish(debrief)
    answer_plan(plan=Plan.objects.get(), author=debrief.author, answer="did")
    reopen(item=debrief, author=debrief.author)
    finish(debrief)
    assert plans() == [("nobody else was named", "ask who signs", "done")]
    write(debrief, plan_if="the date moves")
    finish(debrief)
    assert sorted(plans()) == [
        ("nobody else was named", "ask who signs", "done"),
        ("the date moves", "ask who signs", "open"),
    ]


def reword(lesson: Lesson, **texts: str) -> Lesson:
    given = {"situation": "", "text": "Ask first", "direction": "start", **texts}
    return edit_lesson(lesson=lesson, author=lesson.author, **given)


def test_rewording_a_lesson_rewords_the_debrief(debrief: Debrief) -> None:
    write(debrief, **LESSON)
    reword(finish(debrief), situation="Always")
    debrief.refresh_from_db()
    assert (debrief.lesson_situation, debrief.lesson_text) == ("Always", "Ask first")
    assert finish(debrief).text == "Ask first"


def test_a_page_that_was_open_meanwhile_sees_the_new_words_as_a_conflict(
    debrief: Debrief,
) -> None:
    write(debrief, **LESSON)
    lesson = finish(debrief)
    debrief.refresh_from_db()
    base = debrief.version
    reword(lesson)
    saved = save_texts(
        item=debrief,
        author=debrief.author,
        client="a page",
        base_version=base,
        texts={"lesson_text": "Something else"},
    )
    assert [(each.kept, each.other) for each in saved.conflicts] == [
        ("Ask first", "Something else")
    ]


def test_a_lesson_without_a_debrief_is_reworded(debrief: Debrief) -> None:
    write(debrief, **LESSON)
    lesson = finish(debrief)
    delete_debrief(debrief=debrief)
    lesson.refresh_from_db()
    assert reword(lesson).text == "Ask first"


@pytest.mark.parametrize(
    "texts",
    [{"text": " "}, {"text": "x" * 20_001}, {"situation": "x" * 20_001}, {"direction": "?"}],
)
def test_a_lesson_is_not_reworded_to_something_it_cannot_be(
    debrief: Debrief, texts: dict[str, str]
) -> None:
    write(debrief, **LESSON)
    lesson = finish(debrief)
    with pytest.raises(Refused):
        reword(lesson, **texts)
    lesson.refresh_from_db()
    debrief.refresh_from_db()
    assert (lesson.text, debrief.lesson_text) == (LESSON["lesson_text"], LESSON["lesson_text"])


def test_an_edit_of_something_finished_rewords_its_lesson_and_open_plan(debrief: Debrief) -> None:
    write(debrief, **LESSON, **PLAN)
    lesson = finish(debrief)
    write(debrief, lesson_text="I ask for the path", plan_then="ask for the path")
    lesson.refresh_from_db()
    assert lesson.text == "I ask for the path"
    assert plans() == [("nobody else was named", "ask for the path", "open")]
    write(debrief, lesson_text="", plan_if="")
    lesson.refresh_from_db()
    assert lesson.text == "I ask for the path"
    assert plans() == [("nobody else was named", "ask for the path", "open")]


def test_correcting_a_plan_that_was_carried_out_makes_no_new_one(debrief: Debrief) -> None:
    write(debrief, **LESSON, **PLAN)
    finish(debrief)
    answer_plan(plan=Plan.objects.get(), author=debrief.author, answer="did")
    write(debrief, plan_then="ask who signs it")
    assert plans() == [("nobody else was named", "ask who signs", "done")]


def test_retiring_a_lesson_drops_its_open_plans(debrief: Debrief) -> None:
    write(debrief, **LESSON, **PLAN)
    lesson = finish(debrief)
    retire_lesson(lesson=lesson)
    lesson.refresh_from_db()
    assert (lesson.retired_at is not None, plans()[0][2]) == (True, "dropped")


@pytest.mark.parametrize(
    ("answer", "state", "days"),
    [("did", "done", 14), ("did_not", "open", 14), ("not_yet", "open", 7)],
)
def test_answers_to_a_plan(debrief: Debrief, answer: str, state: str, days: int) -> None:
    write(debrief, **LESSON, **PLAN)
    finish(debrief)
    answer_plan(plan=Plan.objects.get(), author=debrief.author, answer=answer, note=" Went well ")
    plan = Plan.objects.get()
    assert (plan.state, plan.ask_on) == (state, timezone.localdate() + dt.timedelta(days=days))
    assert [(a.answer, a.note) for a in plan.answers.all()] == [(answer, "Went well")]


def test_the_same_answer_twice_on_a_day_is_one_answer(debrief: Debrief) -> None:
    write(debrief, **LESSON, **PLAN)
    finish(debrief)
    later = timezone.localdate() + dt.timedelta(days=3)
    for note in ("first", "second"):
        answer_plan(
            plan=Plan.objects.get(),
            author=debrief.author,
            answer="not_yet",
            note=note,
            again_on=later,
        )
    assert [answer.note for answer in PlanAnswer.objects.all()] == ["second"]
    assert Plan.objects.get().ask_on == later


def test_answers_that_are_none_and_notes_too_long_are_refused(debrief: Debrief) -> None:
    write(debrief, **LESSON, **PLAN)
    finish(debrief)
    plan = Plan.objects.get()
    with pytest.raises(Refused):
        answer_plan(plan=plan, author=debrief.author, answer="perhaps")
    with pytest.raises(Refused) as refused:
        answer_plan(plan=plan, author=debrief.author, answer="did", note="x" * 301)
    assert str(refused.value.message) == (
        "The note has 301 characters and there is room for 300: shorten it."
    )


def test_a_plan_can_be_let_go_until_it_was_carried_out(debrief: Debrief) -> None:
    write(debrief, **LESSON, **PLAN)
    finish(debrief)
    plan = Plan.objects.get()
    drop_plan(plan=plan, author=debrief.author)
    assert plans()[0][2] == "dropped"
    answer_plan(plan=plan, author=debrief.author, answer="did")
    drop_plan(plan=plan, author=debrief.author)
    assert plans()[0][2] == "done"


def test_three_situations_end_in_three_lessons(scoped: House, heard: list[Lesson]) -> None:
    series = start_series(organisation=scoped.organisation, author=scoped.owner)
    assert start_series(organisation=scoped.organisation, author=scoped.owner) == series
    for situation in series.situations.all():
        assert SituationSeries.objects.get().finished_at is None
        write(situation, **LESSON, **PLAN, held_responsible="customer", happened="They left")
        finish_situation(situation=situation, author=scoped.owner)
        finish_situation(situation=situation, author=scoped.owner)
    assert SituationSeries.objects.get().finished_at is not None
    assert (Lesson.objects.count(), Plan.objects.count(), len(heard)) == (3, 3, 3)


def test_a_situation_without_a_plan_is_not_finished(scoped: House) -> None:
    series = start_series(organisation=scoped.organisation, author=scoped.owner)
    situation = series.situations.first()
    write(situation, **LESSON)
    with pytest.raises(Refused) as refused:
        finish_situation(situation=situation, author=scoped.owner)
    assert refused.value.code == "plan-missing"
    situation.refresh_from_db()
    assert (situation.finished_at, Lesson.objects.count()) == (None, 0)


def test_three_situations_can_be_done_again(scoped: House) -> None:
    first = start_series(organisation=scoped.organisation, author=scoped.owner)
    for situation in first.situations.all():
        write(situation, **LESSON, **PLAN)
        finish_situation(situation=situation, author=scoped.owner)
    assert start_series(organisation=scoped.organisation, author=scoped.owner) != first

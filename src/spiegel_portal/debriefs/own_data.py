"""Which of these rows are a person's own: all of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from spiegel_portal.people.own_data import Source, register

_GAINS_AND_LESSON = (
    ("gain_money", _("Money")),
    ("gain_time", _("Time")),
    ("gain_relationship", _("The relationship")),
    ("lesson_situation", _("In which situation?")),
    ("lesson_text", _("My lesson, in one sentence")),
    ("get_lesson_direction_display", _("Start or stop")),
    ("plan_deal", _("The open deal")),
    ("plan_if", _("If")),
    ("plan_then", _("then I")),
    ("finished_at", _("Finished on")),
)


def register_sources() -> None:
    """Say so; called once, when the app is ready."""
    register(
        Source("debriefs.SituationSeries", "author"),
        Source(
            "debriefs.Situation", "author", title=_("The three situations"), rank=20,
            parts=(
                ("position", _("Number")), ("deal", _("Deal")), ("happened", _("What happened")),
                ("get_held_responsible_display", _("I put the cause with")),
                ("blame", _("What I said about it, to myself or to others")),
                ("own_part", _("My own part")), *_GAINS_AND_LESSON,
            ),
        ),
        Source(
            "debriefs.Debrief", "author", title=_("Debriefs"), rank=10,
            parts=(
                ("deal_name", _("Deal")), ("get_outcome_display", _("How did it end?")),
                ("agreed", _("What we agreed would happen")),
                ("happened", _("What the prospect said and did")),
                ("differed", _("The first sign")), ("own_part", _("My own part")),
                *_GAINS_AND_LESSON,
                ("stated_reason", _("What the customer gave as the reason")),
                ("own_reason", _("My own conclusion")),
                ("buyer_reason", _("What the buyer confirmed later")),
            ),
        ),
        Source(
            "debriefs.OtherVersion", "author", title=_("Texts kept from another device"), rank=25,
            parts=(("created_at", _("Kept on")), ("texts", _("What it said"))),
        ),
        Source(
            "debriefs.Lesson", "author", title=_("Lessons"), rank=30,
            parts=(
                ("situation", _("In which situation?")), ("text", _("The lesson")),
                ("get_direction_display", _("Start or stop")), ("created_at", _("Drawn on")),
                ("retired_at", _("Put away on")),
            ),
        ),
        Source(
            "debriefs.Plan", "author", title=_("Plans"), rank=40,
            parts=(
                ("if_text", _("If")), ("then_text", _("then I")), ("deal", _("The open deal")),
                ("ask_on", _("Asked about on")), ("get_state_display", _("Done or open")),
            ),
        ),
        Source(
            "debriefs.PlanAnswer", "plan__author", title=_("How plans went"), rank=41,
            parts=(
                ("plan.if_text", _("If")), ("get_answer_display", _("Answer")),
                ("note", _("How it went")), ("at", _("When")),
            ),
        ),
    )  # fmt: skip
    register(*_of_the_mirror())


def _of_the_mirror() -> tuple[Source, ...]:
    """What a person told the mirror."""
    return (
        Source(
            "debriefs.MarkAnswer", "author", title=_("Answers to the mirror's marks"), rank=45,
            parts=(
                ("label_name", _("Mark")), ("get_answer_display", _("Answer")), ("at", _("When")),
            ),
        ),
        Source(
            "debriefs.LanguageModelRefusal", "author", rank=46,
            title=_("Texts kept from the language model"), parts=(("at", _("Since")),),
        ),
    )  # fmt: skip

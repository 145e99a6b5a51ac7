"""What the debrief and the three situations ask, worded after how the deal ended.

The order guards against hindsight: what was agreed comes before the story, one's own part after
the facts, and the lesson before the plan (method: self-led, on objective facts, ending in one
if-then plan tied to a named deal).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from spiegel_portal.debriefs.models import Debrief, Direction, Party

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import Promise


@dataclass(frozen=True)
class Ask:
    """One field of a prompt.

    Attributes:
        name: The field of the debrief or situation.
        label: What the field is called on the page; hidden when it would repeat the prompt.
        help: One line of help.
        kind: ``prose``, ``choice``, ``deal`` or ``day``: which template draws it.
        rows: Lines a prose field starts with.
        choices: For a choice: (value, words) pairs.
        mirrored: Whether the mirror reads along.
        prominent: Where the mirror works hardest.
        own_is_fine: Where naming one's own part is the very thing asked: no mark for it.
        example: What a good answer may look like.
    """

    name: str
    label: str | Promise
    help: str | Promise = ""
    kind: str = "prose"
    rows: int = 3
    choices: Sequence[tuple[str, str | Promise]] = ()
    mirrored: bool = True
    prominent: bool = False
    own_is_fine: bool = False
    label_hidden: bool = False
    example: str | Promise = ""


@dataclass(frozen=True)
class Prompt:
    """A numbered question of the page, with the fields that answer it.

    Attributes:
        key: Its anchor on the page.
        short: Its words in the outline.
        title: The question.
        help: One line of help.
        asks: Its fields.
    """

    key: str
    short: str | Promise
    title: str | Promise
    help: str | Promise
    asks: tuple[Ask, ...]


def debrief_prompts(outcome: str) -> tuple[Prompt, ...]:
    """Give the six prompts and the reasons, worded for a deal that ended so."""
    won = outcome == Debrief.Outcome.WON
    return (
        _agreed(),
        _happened(),
        _turning_point(won=won, stalled=outcome == Debrief.Outcome.STALLED),
        _own_part(won=won),
        _lesson(won=won),
        _plan(won=won),
    )


def reason_asks() -> tuple[Ask, ...]:
    """Give the reasons the author can write; the CRM's stands beside them."""
    return (
        Ask("stated_reason", _("What the customer gave as the reason"), rows=2, mirrored=False),
        Ask("own_reason", _("My own conclusion"), rows=2),
        Ask(
            "buyer_reason",
            _("What the buyer confirmed later"),
            _("Leave this open until you have asked. You can add it to a finished debrief too."),
            rows=2,
            mirrored=False,
        ),
    )


def situation_prompts() -> tuple[Prompt, ...]:
    """Give the prompts of one of the three situations."""
    return (
        _situation_happened(),
        _situation_blame(),
        Prompt(
            "own-part",
            _("My own part"),
            _("What was my own part in it?"),
            _("Look for one act: something you did, assumed or did not ask. Small is fine."),
            (
                Ask(
                    "own_part",
                    _("My own part"),
                    rows=4,
                    prominent=True,
                    label_hidden=True,
                    example=_("“I heard ‘I decide’ in the first call and asked nobody else.”"),
                ),
            ),
        ),
        _lesson(won=False, early=True),
        _plan(won=False),
    )


def _agreed() -> Prompt:
    return Prompt(
        "agreed",
        _("Agreed"),
        _("What did we agree would happen, and who agreed it?"),
        _("Write this before the story: afterwards everything looks as if it had been clear."),
        (
            Ask(
                "agreed",
                _("What was agreed"),
                label_hidden=True,
                example=_(
                    "“On 3 March Eva said: I take it to the board on the 20th and call you the "
                    "day after.”"
                ),
            ),
        ),
    )


def _happened() -> Prompt:
    return Prompt(
        "happened",
        _("Said and done"),
        _("What did the prospect say and do, and when?"),
        _("Facts with dates, as you would find them in your notes. No explanations yet."),
        (Ask("happened", _("What the prospect said and did"), rows=4, label_hidden=True),),
    )


def _turning_point(*, won: bool, stalled: bool) -> Prompt:
    title, help_text = (
        _("Where did it first go differently from what I believed?"),
        _("The first moment counts, not the last. What did you see or hear then?"),
    )
    if won:
        title, help_text = (
            _("Where could it still have gone wrong?"),
            _("Which moment might have cost you this deal? What did you see or hear then?"),
        )
    elif stalled:
        title = _("When did it first stand still, while I believed it moved?")
    return Prompt(
        "differed",
        _("First sign"),
        title,
        help_text,
        (Ask("differed", _("The first sign"), label_hidden=True),),
    )


def _own_part(*, won: bool) -> Prompt:
    title, help_text, example = (
        _("What did I do, assume or not ask there?"),
        _("Look for one act you can change. Not who was to blame, and no verdict on yourself."),
        _("“I assumed Eva decided alone and did not ask how the last purchase was approved.”"),
    )
    if won:
        title, help_text, example = (
            _("What did I do there that worked?"),
            _("Name what you did, so that you can do it again on purpose. Luck is allowed too."),
            _("“I asked in the second call who else would sign, and met him a week later.”"),
        )
    return Prompt(
        "own-part",
        _("My part"),
        title,
        help_text,
        (
            Ask(
                "own_part",
                _("My own part"),
                rows=5,
                prominent=True,
                label_hidden=True,
                example=example,
            ),
        ),
    )


def _lesson(*, won: bool, early: bool = False) -> Prompt:
    title = _("Had I acted then: what would it have brought, and what is my lesson?")
    if won:
        title = _("What did it bring, and what is my lesson?")
    elif early:
        title = _(
            "Had I taken responsibility early: what would it have brought, and what is my lesson?"
        )
    return Prompt(
        "lesson",
        _("Gain and lesson"),
        title,
        _("A few words each are enough. What you cannot tell, you leave open."),
        (
            Ask("gain_money", _("Money"), rows=1, mirrored=False),
            Ask("gain_time", _("Time"), rows=1, mirrored=False),
            Ask("gain_relationship", _("The relationship"), rows=1, mirrored=False),
            Ask(
                "lesson_direction",
                _("Is it something to start, or something to stop?"),
                _("Stopping counts: what everybody does and does not work."),
                kind="choice",
                choices=Direction.choices,
            ),
            Ask(
                "lesson_situation",
                _("In which situation?"),
                _("This comes back on the front of your practice card."),
                rows=1,
                mirrored=False,
                example=_("“When a prospect says: I decide this myself”"),
            ),
            Ask(
                "lesson_text",
                _("My lesson, in one sentence"),
                _("Start with “Next time I …” or “From now on I stop …”."),
                rows=2,
                own_is_fine=True,
                example=_("“Next time I ask how the last purchase like this was approved.”"),
            ),
        ),
    )


def _plan(*, won: bool) -> Prompt:
    title = _("Which open deal shows this pattern today?")
    if won:
        title = _("On which open deal can I do this again?")
    return Prompt(
        "plan",
        _("Plan"),
        title,
        _("A plan in the form “if … then I …” is carried out more often than a good intention."),
        (
            Ask("plan_deal", _("The open deal"), kind="deal"),
            Ask(
                "plan_if",
                _("If"),
                _("A sign you can see or hear on that deal."),
                rows=1,
                mirrored=False,
                example=_("“the closing date moves without a reason”"),
            ),
            Ask(
                "plan_then",
                _("then I"),
                _("One thing you ask or do, at that moment."),
                rows=1,
                mirrored=False,
                example=_("“ask the same day what changed on their side”"),
            ),
            Ask(
                "plan_on",
                _("Ask me how it went on"),
                _("Leave this empty and Spiegel asks in two weeks."),
                kind="day",
            ),
        ),
    )


def _situation_happened() -> Prompt:
    return Prompt(
        "happened",
        _("The situation"),
        _("What happened?"),
        _("A few lines with facts: who, when, what was said."),
        (
            Ask("happened", _("What happened"), rows=4, label_hidden=True),
            Ask("deal", _("Does it belong to one of your deals?"), kind="deal"),
        ),
    )


def _situation_blame() -> Prompt:
    return Prompt(
        "blame",
        _("Held responsible"),
        _("Whom did I hold responsible?"),
        _("As you felt and said it then. Nobody reads this but you."),
        (
            Ask(
                "held_responsible",
                _("I put the cause with"),
                kind="choice",
                choices=Party.choices,
            ),
            Ask(
                "blame",
                _("What I said about it, to myself or to others"),
                rows=3,
                example=_("“They only ever look at the price, there was nothing to win there.”"),
            ),
        ),
    )

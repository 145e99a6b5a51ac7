"""Which of these rows are a person's own: all of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from spiegel_portal.people.own_data import Source, register


def register_sources() -> None:
    """Say so; called once, when the app is ready."""
    register(
        Source(
            "practice.Card", "owner", title=_("Practice cards"), rank=50,
            parts=(("lesson.text", _("The lesson")), ("due_on", _("Comes back on"))),
        ),
        Source(
            "practice.Review", "card__owner", title=_("What you practised"), rank=51,
            parts=(
                ("at", _("When")), ("card.lesson.text", _("The lesson")),
                ("recalled", _("What I recalled")), ("get_rating_display", _("How it came back")),
            ),
        ),
        Source(
            "practice.Hold", "owner", title=_("Holidays"), rank=52,
            parts=(("starts_on", _("First day")), ("ends_on", _("Last day"))),
        ),
    )  # fmt: skip

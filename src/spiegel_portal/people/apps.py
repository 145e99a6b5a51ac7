from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .own_data import Source


class PeopleConfig(AppConfig):
    name = "spiegel_portal.people"
    label = "people"

    def ready(self) -> None:
        """Say which rows are a person's own."""
        from . import own_data  # noqa: PLC0415  (models are not there before)

        own_data.register(
            *_working_together(own_data.Source),
            own_data.Source("people.ShareView", "viewer"),
            own_data.Source("common.AuditEntry", "actor", erase=False),
        )


def _working_together(source: type[Source]) -> list[Source]:
    """Where somebody works, and what they show, are shown, and ask of others."""
    shared = (
        ("get_kind_display", _("What")),
        ("created_at", _("Shared on")),
        ("ends_on", _("Until")),
    )
    return [
        source(
            "people.Membership", "user", title=_("Where you work"), rank=80,
            parts=(
                ("organisation", _("Organisation")), ("get_role_display", _("Role")),
                ("team", _("Team")), ("joined_at", _("Since")), ("left_at", _("Until")),
            ),
        ),
        source(
            "people.CentreMembership", "user", title=_("Your training centre"), rank=80,
            parts=(("centre", _("Training centre")), ("get_role_display", _("Role"))),
        ),
        source(
            "people.Share", "owner", title=_("What you share"), rank=60,
            parts=(("recipient", _("With")), *shared, ("ended_at", _("Ended on"))),
        ),
        source(
            "people.Share", "recipient", title=_("What others share with you"), rank=61,
            parts=(("owner", _("From whom")), *shared, ("ended_at", _("Ended on"))),
        ),
        source(
            "people.Invitation", "invited_by", erase=False, title=_("Whom you invited"), rank=85,
            parts=(
                ("email", _("E-mail address")), ("get_role_display", _("Role")),
                ("created_at", _("Invited on")), ("accepted_at", _("Accepted on")),
            ),
        ),
    ]  # fmt: skip

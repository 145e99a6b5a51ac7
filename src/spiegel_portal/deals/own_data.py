"""Which of the deals' rows are a person's own. A deal itself is its organisation's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from spiegel_portal.people.own_data import Source, register


def register_sources() -> None:
    """Say so; called once, when the app is ready."""
    register(
        Source(
            "deals.Deal", "owner", erase=False, title=_("Your deals"), rank=70,
            parts=(
                ("account", _("Customer")), ("name", _("What it is about")), ("stage", _("Stage")),
                ("amount_shown", _("Amount")), ("product", _("Product")),
                ("created_on", _("Created")), ("expected_close_on", _("Expected close")),
                ("closed_on", _("Closed on")), ("next_step", _("Next step")),
                ("next_step_on", _("Next step on")),
                ("stated_reason", _("Reason the customer gave")),
                ("crm_reason", _("Reason in the CRM")),
            ),
        ),
        Source(
            "deals.DealEvent", "author", erase=False, title=_("What you wrote down on deals"),
            rank=71,
            parts=(
                ("deal", _("Deal")), ("at", _("When")), ("get_kind_display", _("Kind")),
                ("text", _("What happened")),
            ),
        ),
        Source(
            "deals.Import", "uploaded_by", erase=False, title=_("Files you imported"), rank=72,
            parts=(
                ("filename", _("File")), ("created_at", _("Received")),
                ("get_state_display", _("Status")),
            ),
        ),
    )  # fmt: skip

"""What the mirror's labels are called on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise

#: What a mark is called beside the sentence: where it puts the cause.
NAMES: dict[str, str | Promise] = {
    "own": _("Your own part"),
    "self_verdict": _("A verdict on yourself"),
    "customer": _("Put with the customer"),
    "competitor": _("Put with the competitor"),
    "organisation": _("Put with your own company"),
    "offer": _("Put with the offer"),
    "circumstances": _("Put with circumstances"),
    "final": _("Nothing to be done"),
}

"""What went wrong with a connection, in one sentence that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

_PROBLEMS: dict[str, Promise] = {
    "unauthorised": gettext_lazy("%(system)s no longer lets Spiegel in. Connect it again."),
    "forbidden": gettext_lazy(
        "%(system)s lets Spiegel in, but not at the deals. Connect it again as somebody who may "
        "see all deals, and allow everything that is asked for."
    ),
    "throttled": gettext_lazy(
        "%(system)s asked Spiegel to wait, as too much was asked at once. It goes on by itself."
    ),
    "server": gettext_lazy(
        "%(system)s has trouble of its own at the moment. Spiegel tries again by itself."
    ),
    "unreachable": gettext_lazy(
        "%(system)s could not be reached, or the line broke off. Spiegel tries again by itself."
    ),
    "slow": gettext_lazy("%(system)s is slow at the moment. Spiegel goes on by itself."),
    "unreadable": gettext_lazy(
        "%(system)s answered with something that could not be read. Spiegel tries again by itself."
    ),
    "missing": gettext_lazy(
        "%(system)s does not know what Spiegel asks for. Tell whoever runs this installation."
    ),
    "rejected": gettext_lazy(
        "%(system)s did not accept a question of Spiegel's. Tell whoever runs this installation."
    ),
    "too-large": gettext_lazy(
        "%(system)s gave an answer without end. Tell whoever runs this installation."
    ),
    "host-refused": gettext_lazy(
        "%(system)s sent Spiegel on to an address that is not its own, so nothing more was asked. "
        "Tell whoever runs this installation."
    ),
    "key-changed": gettext_lazy(
        "The key with which this connection was kept has changed. Connect %(system)s again."
    ),
    "not-offered": gettext_lazy(
        "This installation is not registered with %(system)s. Whoever runs it can do that."
    ),
    "unexpected": gettext_lazy(
        "Something went wrong in Spiegel itself. It tries again by itself; if this stays, tell "
        "whoever runs this installation."
    ),
}

_REFUSALS: dict[str, Promise] = {
    "no-id": gettext_lazy("it has no id"),
    "id-too-long": gettext_lazy("its id is too long"),
    "no-stage": gettext_lazy("it has no stage"),
    "amount-unreadable": gettext_lazy("its amount is not a number"),
    "amount-too-large": gettext_lazy("its amount cannot be meant"),
    "date-unreadable": gettext_lazy("one of its dates cannot be read"),
    "year-unlikely": gettext_lazy("one of its dates is in a year that cannot be meant"),
}


def problem(code: str, system: str) -> str:
    """Say what went wrong with a CRM; "" for nothing."""
    if not code:
        return ""
    return str(_PROBLEMS.get(code, _PROBLEMS["unexpected"])) % {"system": system}


def refusal(code: str) -> str:
    """Say why a deal could not be taken."""
    return str(_REFUSALS.get(code, _("it could not be read")))


def refusals(counts: Mapping[str, object]) -> list[dict[str, str]]:
    """Say which deals of a sync could not be taken, and why."""
    named = counts.get("refused", [])
    assert isinstance(named, list)
    return [{"id": entry["id"], "why": refusal(entry["code"])} for entry in named]

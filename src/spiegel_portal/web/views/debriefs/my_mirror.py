"""What the mirror learnt from one's own answers, in words; and forgetting it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from spiegel.mirror.personal import MOST_DOWN, MOST_UP
from spiegel_portal.debriefs.domain import forget_answers
from spiegel_portal.debriefs.labels import NAMES
from spiegel_portal.debriefs.language_model.domain import has_refused, in_use, refuse
from spiegel_portal.debriefs.own_mirror import learnt
from spiegel_portal.people.access import member_required

if TYPE_CHECKING:
    from django.http import HttpResponse

    from spiegel_portal.common.requests import MemberRequest
    from spiegel_portal.debriefs.own_mirror import Learnt

#: Shifts below this, in log-odds, nobody notices.
_NOTICED = 0.1
#: Shifts from this on are more than "a little".
_MUCH = 0.3


@member_required
@require_safe
def my_mirror(request: MemberRequest) -> HttpResponse:
    """Show per label how often one said yes and not so, and what that changes."""
    rows = [_row(one) for one in learnt(author=request.user)]
    context = {
        "rows": rows,
        "language_model": in_use(author=request.user),
        "refused": has_refused(author=request.user),
    }
    return render(request, "web/debriefs/my_mirror.html", context)


@member_required
@require_POST
def my_mirror_forget(request: MemberRequest) -> HttpResponse:
    """Forget all of one's own answers to marks."""
    many = forget_answers(author=request.user)
    text = ngettext("%(count)d answer forgotten.", "%(count)d answers forgotten.", many)
    messages.success(request, text % {"count": many})
    return redirect("my_mirror")


@member_required
@require_POST
def language_model_refuse(request: MemberRequest) -> HttpResponse:
    """Keep one's own texts from the organisation's language model, or no longer."""
    refuses = request.POST.get("refuses") == "yes"
    refuse(organisation=request.organisation, author=request.user, refuses=refuses)
    if refuses:
        text = _("Your texts stay here: the language model does not read them.")
    else:
        text = _("The language model of your organisation may read your texts again.")
    messages.success(request, text)
    return redirect("my_mirror")


def _row(one: Learnt) -> dict[str, Any]:
    return {"label": one.label, "name": NAMES[one.label], "answers": one.answers,
            "change": change(one.shift), "silent": one.silent}  # fmt: skip


def change(shift: float) -> str:
    """Say in words what a shifted threshold does.

    Args:
        shift: As in :class:`~spiegel_portal.debriefs.own_mirror.Learnt`.
    """
    if abs(shift) < _NOTICED:
        return _("Nothing you would notice yet.")
    if shift >= MOST_UP:
        return _("Marked only where the mirror is very sure.")
    if shift <= -MOST_DOWN:
        return _("Marked as soon as it can be.")
    if shift > 0:
        return _("Marked less often.") if shift >= _MUCH else _("Marked a little less often.")
    return _("Marked sooner.") if shift <= -_MUCH else _("Marked a little sooner.")

"""Choosing the organisation's language model, with a note on what is sent where."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from spiegel_portal.debriefs.language_model import domain
from spiegel_portal.debriefs.language_model.client import Unusable, ask
from spiegel_portal.debriefs.language_model.forms import LanguageModelForm
from spiegel_portal.people.access import administrator_required

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.utils.functional import Promise

    from spiegel_portal.common.requests import MemberRequest
    from spiegel_portal.debriefs.models import LanguageModel

#: What a model is asked when it is switched on.
SAMPLE = ("We met on Tuesday.", "I never asked who had to sign.")

#: Why there was no answer that can be used, for who can do something about it.
REASONS: dict[str, str | Promise] = {
    "unreachable": gettext_lazy("It cannot be reached at this address."),
    "slow": gettext_lazy("It did not answer in time."),
    "refused": gettext_lazy("It refused the question: look at the address, the name and the key."),
    "unreadable": gettext_lazy("It answered something else than was asked for."),
    "busy": gettext_lazy("Too many questions were waiting already."),
    "not-allowed": gettext_lazy("Its host may not be chosen here any longer."),
    "key-changed": gettext_lazy("Its key cannot be read any longer: fill it in again."),
}


@require_http_methods(["GET", "POST"])
@administrator_required
def language_model(request: MemberRequest) -> HttpResponse:
    """Show and change the organisation's language model; ask it one question when it is on."""
    chosen = domain.chosen()
    form = LanguageModelForm(request.POST or None, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        made = domain.choose(
            by=request.membership,
            is_on=form.cleaned_data["is_on"],
            base_url=form.cleaned_data["base_url"],
            model=form.cleaned_data["model"],
            key=form.cleaned_data["key"],
            keep_key=form.cleaned_data.get("keep_key", False),
        )
        _tell(request, made)
        return redirect("language_model")
    context = {
        "form": form,
        "chosen": chosen,
        "hosts": [host for host in settings.SPIEGEL_LANGUAGE_MODEL_HOSTS if host],
        "seconds": settings.SPIEGEL_LANGUAGE_MODEL_SECONDS,
    }
    status = 422 if form.is_bound else 200
    return render(request, "web/people/language_model.html", context, status=status)


def _tell(request: MemberRequest, made: LanguageModel) -> None:
    """Say that it is saved, and whether the model answers as it should."""
    if not made.is_on:
        messages.success(request, _("Saved. The mirror uses its own model."))
        return
    begun = time.monotonic()
    try:
        endpoint = domain.endpoint_of(made)
        ask(endpoint, SAMPLE, seconds=settings.SPIEGEL_LANGUAGE_MODEL_SECONDS)
    except Unusable as problem:
        text = _(
            "Saved, but it gave no answer that can be used. %(reason)s "
            "Until it does, the mirror uses its own model."
        )
        messages.warning(request, text % {"reason": REASONS[problem.reason]})
    else:
        text = _("Saved. The model answered as it should, in %(seconds)s seconds.")
        took = number_format(time.monotonic() - begun, 1)
        messages.success(request, text % {"seconds": took})

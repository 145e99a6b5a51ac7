"""The public front page: what Spiegel is, and the mirror to try without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from .mirror import marks_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def front(request: HttpRequest) -> HttpResponse:
    """Show the front page; without scripts the mirror answers through an ordinary form."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect("today")
    text = request.POST.get("text") or _example()
    return render(request, "web/front/index.html", {"text": text, **marks_context(text)})


def style(request: HttpRequest) -> HttpResponse:
    """Show every component on one page, for those who build pages. Only in debug."""
    if not settings.DEBUG:
        raise Http404
    context = marks_context(_example())
    return render(request, "web/style/index.html", context)


def _example() -> str:
    return _(
        "Ten weeks of talks, and then they chose another supplier. "
        "These people only look at price and they never tell you who really decides. "
        "Our own quote took nine days because the back office was asleep again. "
        "To be fair, I never asked who had to sign."
    )

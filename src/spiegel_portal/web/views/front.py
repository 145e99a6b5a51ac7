"""The public front page: what Spiegel is, and the mirror to try without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from .mirror import answered, marks_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def front(request: HttpRequest) -> HttpResponse:
    """Show the front page; without scripts the mirror answers through an ordinary form."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect("today")
    text = request.POST.get("text", "")
    if not text.strip():
        text = example()
        context, status = marks_context(text), 200
    else:
        context, status = answered(request, text)
    return render(request, "web/front/index.html", {"text": text, **context}, status=status)


def example() -> str:
    """The look back that stands in the mirror before somebody writes their own."""
    return _(
        "Ten weeks of talks, and then they chose another supplier. "
        "Their buyer strung us along and simply never wanted to decide. "
        "Our quote took nine days because the back office was asleep again. "
        "To be fair, I never asked who had to sign."
    )

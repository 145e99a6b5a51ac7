"""Marking while typing: text in, marked sentences out; nothing stored, nothing logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spiegel_portal.common.ratelimit import allow
from spiegel_portal.web.marks import LONGEST, marked_sentences

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


@require_POST
def mirror(request: HttpRequest) -> HttpResponse:
    """Answer with the marked sentences of the text that was sent, as a piece of a page."""
    if not allow(request, "mirror", per_minute=90):
        problem = _("That was a lot at once. Wait a minute and go on: nothing you typed is lost.")
        return render(request, "web/mirror/_marks.html", {"problem": problem}, status=429)
    context = marks_context(request.POST.get("text", ""))
    return render(
        request, "web/mirror/_marks.html", context, status=422 if context.get("problem") else 200
    )


def marks_context(
    text: str, *, silenced: Callable[[str, str], bool] | None = None
) -> dict[str, Any]:
    """Prepare what the template with the marks needs.

    Args:
        text: What was written; too long a text gives a ``problem`` to show instead.
        silenced: As for :func:`~spiegel_portal.web.marks.marked_sentences`.
    """
    if len(text) > LONGEST:
        problem = _(
            "This text has %(length)d characters; the mirror reads at most %(longest)d at once. "
            "Give it in parts."
        ) % {"length": len(text), "longest": LONGEST}
        return {"problem": problem}
    lang, sentences = marked_sentences(text, silenced=silenced)
    return {"lang": lang, "sentences": sentences, "looked": bool(text.strip())}

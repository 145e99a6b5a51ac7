"""Marking while typing: text in, marked sentences out; nothing stored, nothing logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

import spiegel
from spiegel_portal.common.ratelimit import allow
from spiegel_portal.web.marks import LONGEST, shown_sentences

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from spiegel import Reflection

#: How often a minute one visitor may ask; live marking asks at most three times a second.
PER_MINUTE = 90


@require_POST
def mirror(request: HttpRequest) -> HttpResponse:
    """Answer with the marked sentences of the text that was sent, as a piece of a page."""
    context, status = answered(request, request.POST.get("text", ""))
    return render(request, "web/mirror/_marks.html", context, status=status)


def answered(request: HttpRequest, text: str) -> tuple[dict[str, Any], int]:
    """Look into the mirror for a visitor, unless they asked too often.

    Returns:
        What the template with the marks needs, and the status of the answer: 200, 422 for a text
        that is too long, 429 for too often.
    """
    if not allow(request, "mirror", per_minute=PER_MINUTE):
        problem = _("That was a lot at once. Wait a minute and go on: nothing you typed is lost.")
        return {"problem": problem}, 429
    context = marks_context(text)
    return context, 422 if "problem" in context else 200


def marks_context(text: str) -> dict[str, Any]:
    """Prepare what the template with the marks needs, of the mirror as everybody has it.

    Args:
        text: What was written; too long a text gives a ``problem`` to show instead.
    """
    if problem := too_long(text):
        return {"problem": problem}
    return context_of(spiegel.reflect(text))


def too_long(text: str) -> str:
    """Say that a text is longer than the mirror reads at once; empty when it is not."""
    if len(text) <= LONGEST:
        return ""
    return _(
        "This text has %(length)d characters; the mirror reads at most %(longest)d at once. "
        "Give it in parts."
    ) % {"length": len(text), "longest": LONGEST}


def context_of(seen: Reflection, answer: Callable[[str, str], str] | None = None) -> dict[str, Any]:
    """Prepare what the template needs of a text that was looked at.

    Args:
        seen: What the mirror gave.
        answer: As for :func:`~spiegel_portal.web.marks.shown_sentences`.
    """
    sentences = shown_sentences(seen, answer)
    return {"lang": seen.lang, "sentences": sentences, "looked": bool(seen.sentences)}

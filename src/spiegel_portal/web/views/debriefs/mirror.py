"""The mirror for an author: marks they called "not so" stay away. Nothing read here is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from spiegel_portal.common.errors import Refused
from spiegel_portal.common.ratelimit import allow
from spiegel_portal.debriefs.domain import answer_mark
from spiegel_portal.debriefs.queries import silenced_marks
from spiegel_portal.people.access import member_required
from spiegel_portal.web.views.mirror import marks_context

if TYPE_CHECKING:
    from spiegel_portal.common.requests import MemberRequest
    from spiegel_portal.debriefs.sharing import Reading
    from spiegel_portal.people.models import User


@member_required
@require_POST
def debrief_mirror(request: MemberRequest) -> HttpResponse:
    """Answer with the marked sentences of the author's text, as a piece of a page.

    With ``?quiet`` in the address nothing is said of a text without marks.
    """
    if not allow(request, "debrief-mirror", per_minute=240):
        return HttpResponse(status=429)
    context = own_marks(request, request.POST.get("text", ""))
    context["looked"] = context.get("looked", False) and "quiet" not in request.GET
    status = 422 if context.get("problem") else 200
    return render(request, "web/mirror/_marks.html", context, status=status)


@member_required
@require_POST
def mark_answer(request: MemberRequest) -> HttpResponse:
    """Take in "not so" to one mark. The sentence itself is not kept, only a hash of it."""
    try:
        answer_mark(
            organisation=request.organisation,
            author=request.user,
            sentence=request.POST.get("sentence", ""),
            label=request.POST.get("label", ""),
            answer=request.POST.get("answer", ""),
        )
    except Refused as refusal:
        return HttpResponse(str(refusal.message), status=422, content_type="text/plain")
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    back = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = reverse("debrief_list")
    return redirect(back)


def own_marks(request: MemberRequest, text: str) -> dict[str, Any]:
    """Look into the mirror for the author of a text, for ``web/mirror/_marks.html``."""
    context = marks_context(text, silenced=silenced_marks(author=request.user))
    return {**context, "feedback_url": reverse("mark_answer")}


def with_marks(reading: Reading, *, author: User, feedback_url: str = "") -> Reading:
    """Add the mirror's marks to what is read, as its author would see them.

    Args:
        reading: A debrief laid out for reading.
        author: Whose it is: the marks they called "not so" stay away.
        feedback_url: Where "not so" goes; empty when somebody else reads.
    """
    silenced = silenced_marks(author=author)
    passages = [
        replace(
            passage,
            marks={**marks_context(passage.text, silenced=silenced), "feedback_url": feedback_url},
        )
        if passage.mirrored
        else passage
        for passage in reading.passages
    ]
    return replace(reading, passages=passages)

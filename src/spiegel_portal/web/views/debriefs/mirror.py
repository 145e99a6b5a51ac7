"""The mirror for an author: marks they called "not so" stay away. Nothing read here is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spiegel_portal.common.errors import Refused
from spiegel_portal.common.ratelimit import allow
from spiegel_portal.debriefs.domain import answer_mark
from spiegel_portal.debriefs.own_mirror import own_mirror
from spiegel_portal.people.access import member_required
from spiegel_portal.web.marks import without_label
from spiegel_portal.web.views.mirror import marks_context

if TYPE_CHECKING:
    from spiegel import Reflection
    from spiegel_portal.common.requests import MemberRequest
    from spiegel_portal.debriefs.sharing import Reading
    from spiegel_portal.people.models import User


@member_required
@require_POST
def debrief_mirror(request: MemberRequest) -> HttpResponse:
    """Answer with the marked sentences of the author's text, as a piece of a page.

    With ``?quiet`` in the address nothing is said of a text without marks; with ``?own_is_fine``
    one's own part is not marked: where it is asked for it needs no question.
    """
    if not allow(request, "debrief-mirror", per_minute=240):
        return HttpResponse(status=429)
    mirror = own_mirror(author=request.user)

    def look(text: str) -> Reflection:
        seen = mirror.reflect(text)
        return without_label(seen, "own") if "own_is_fine" in request.GET else seen

    context = marks_context(request.POST.get("text", ""), look=look, answer=mirror.answer)
    context["feedback_url"] = reverse("mark_answer")
    context["looked"] = context.get("looked", False) and "quiet" not in request.GET
    status = 422 if context.get("problem") else 200
    return render(request, "web/mirror/_marks.html", context, status=status)


@member_required
@require_POST
def mark_answer(request: MemberRequest) -> HttpResponse:
    """Take in "yes" or "not so" to one mark. No words are kept, only hashes of them."""
    try:
        answer_mark(
            organisation=request.organisation,
            author=request.user,
            sentence=request.POST.get("sentence", ""),
            label=request.POST.get("label", ""),
            answer=request.POST.get("answer", ""),
            words=request.POST.get("words", ""),
        )
    except Refused as refusal:
        return HttpResponse(str(refusal.message), status=422, content_type="text/plain")
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    back = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = reverse("debrief_list")
    messages.success(request, _("Noted, for your mirror alone."))
    return redirect(back)


def with_marks(reading: Reading, *, author: User, feedback_url: str = "") -> Reading:
    """Add the mirror's marks to what is read, as its author would see them.

    Passages without a mark are left as they are.

    Args:
        reading: A debrief laid out for reading.
        author: Whose it is, and whose answers to earlier marks count.
        feedback_url: Where answers go; empty when somebody else reads, who sees no answers either.
    """
    mirror = own_mirror(author=author)
    answer = mirror.answer if feedback_url else None
    passages = []
    for passage in reading.passages:
        marks = (
            marks_context(passage.text, look=mirror.reflect, answer=answer)
            if passage.mirrored
            else {}
        )
        shown = marks if marks.get("sentences") else {}
        passages.append(replace(passage, marks=shown and {**shown, "feedback_url": feedback_url}))
    return replace(reading, passages=passages)

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

import spiegel
from spiegel_portal.common.errors import Refused
from spiegel_portal.common.ratelimit import allow
from spiegel_portal.debriefs.domain import answer_mark
from spiegel_portal.debriefs.language_model.client import Unusable
from spiegel_portal.debriefs.language_model.domain import in_use, look_closer
from spiegel_portal.debriefs.own_mirror import own_mirror
from spiegel_portal.people.access import member_required
from spiegel_portal.web.marks import without_label
from spiegel_portal.web.views.mirror import context_of, too_long

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spiegel import Reflection
    from spiegel_portal.common.requests import MemberRequest
    from spiegel_portal.debriefs.models import LanguageModel
    from spiegel_portal.debriefs.own_mirror import OwnMirror
    from spiegel_portal.debriefs.sharing import Reading
    from spiegel_portal.people.models import User


#: How often a minute somebody may have their organisation's language model look.
CLOSER_PER_MINUTE = 20


@member_required
@require_POST
def debrief_mirror(request: MemberRequest) -> HttpResponse:
    """Answer with the marked sentences of the author's text, as a piece of a page.

    With ``?quiet`` in the address nothing is said of a text without marks; with ``?own_is_fine``
    one's own part is not marked: where it is asked for it needs no question. Where a language
    model is on, the header ``X-Mirror-Closer`` says that sending ``closer`` along has it look.
    """
    if not allow(request, "debrief-mirror", per_minute=240):
        return HttpResponse(status=429)
    text = request.POST.get("text", "")
    if problem := too_long(text):
        return render(request, "web/mirror/_marks.html", {"problem": problem}, status=422)
    mirror, language_model = own_mirror(author=request.user), in_use(author=request.user)
    closer = "closer" in request.POST
    [seen], marked_by = looked(
        [text], mirror=mirror, language_model=may_look(request, language_model) if closer else None
    )
    if "own_is_fine" in request.GET:
        seen = without_label(seen, "own")
    context = {
        **context_of(seen, mirror.answer),
        "feedback_url": reverse("mark_answer"),
        "marked_by": marked_by,
        "by": marked_by,
        "language_model": language_model,
    }
    context["looked"] = context["looked"] and "quiet" not in request.GET
    response = render(request, "web/mirror/_marks.html", context)
    if language_model is not None and seen.sentences and not closer:
        response["X-Mirror-Closer"] = "1"
    return response


def may_look(request: MemberRequest, language_model: LanguageModel | None) -> LanguageModel | None:
    """Give the organisation's language model, unless this member had it look too often."""
    if language_model is None:
        return None
    often = not allow(request, "language-model", per_minute=CLOSER_PER_MINUTE)
    return None if often else language_model


def looked(
    texts: Sequence[str], *, mirror: OwnMirror, language_model: LanguageModel | None
) -> tuple[list[Reflection], str]:
    """Look into an author's mirror.

    Args:
        texts: What they wrote.
        mirror: Their mirror.
        language_model: The one to ask, in one question for all texts; None for none.

    Returns:
        The texts with their marks, and whose marks they are: ``"model"`` the language model's,
        ``"instead"`` the built-in ones because it gave no usable answer, or empty.
    """
    seen, marked_by = [spiegel.reflect(text, personal=mirror.personal) for text in texts], ""
    if language_model is not None:
        try:
            seen = look_closer(language_model=language_model, reflections=seen)
            marked_by = "model"
        except Unusable:
            marked_by = "instead"
    return [mirror.without_silenced(one) for one in seen], marked_by


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
            by_language_model=request.POST.get("by") == "model",
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


def with_marks(
    reading: Reading,
    *,
    author: User,
    feedback_url: str = "",
    language_model: LanguageModel | None = None,
) -> tuple[Reading, str]:
    """Add the mirror's marks to what is read, as its author would see them.

    Passages without a mark are left as they are.

    Args:
        reading: A debrief laid out for reading.
        author: Whose it is, and whose answers to earlier marks count.
        feedback_url: Where answers go; empty when somebody else reads, who sees no answers either.
        language_model: As for :func:`looked`. None when somebody else reads: their look sends
            nothing of the author's anywhere.

    Returns:
        The reading, and whose marks they are, as for :func:`looked`.
    """
    mirror = own_mirror(author=author)
    answer = mirror.answer if feedback_url else None
    texts = [passage.text for passage in reading.passages if passage.mirrored]
    seen, marked_by = looked(texts, mirror=mirror, language_model=language_model)
    extra = {"feedback_url": feedback_url, "by": marked_by}
    found = iter(seen)
    passages = []
    for passage in reading.passages:
        marks = context_of(next(found), answer) if passage.mirrored else {}
        shown = {**marks, **extra} if marks.get("sentences") else {}
        passages.append(replace(passage, marks=shown))
    return replace(reading, passages=passages), marked_by

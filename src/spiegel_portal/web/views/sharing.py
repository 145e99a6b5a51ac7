"""Sharing: showing one item to one named person, until a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.mail import send_mail
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spiegel_portal.common.errors import Refused
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.debriefs.sharing import load_shared
from spiegel_portal.people import sharing
from spiegel_portal.people.access import member_required, signed_in_required
from spiegel_portal.people.share_forms import ShareForm
from spiegel_portal.web.views.debriefs.mirror import with_marks

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from spiegel_portal.common.requests import MemberRequest
    from spiegel_portal.people.models import Share, User


@require_http_methods(["GET", "POST"])
@member_required
def share_new(request: MemberRequest, kind: str, item_id: UUID) -> HttpResponse:
    """Show one own debrief or lesson to one person, until a day."""
    item = sharing.own_item(owner=request.user, kind=kind, item_id=item_id)
    today = timezone.localdate()
    form = ShareForm(
        request.POST or None,
        organisation=request.organisation,
        owner=request.user,
        kind=kind,
        today=today,
    )
    if request.method == "POST" and form.is_valid() and _share(request, form, kind, item_id):
        return redirect("share_list")
    context = {
        "form": form,
        "kind": kind,
        "item": item,
        "title": sharing.title_of(kind=kind, item=item),
    }
    status = 422 if form.errors else 200
    return render(request, "web/sharing/new.html", context, status=status)


@require_safe
@signed_in_required
def share_list(request: MemberRequest) -> HttpResponse:
    """List what one shares, with who has looked, and what is shared with oneself."""
    today = timezone.localdate()
    given = list(sharing.shares_given(owner=request.user)) if request.organisation else []
    open_now = {share.pk for share in given if sharing.is_open(share=share, today=today)}
    titles = sharing.titles(shares=given)
    rows = [
        {"share": share, "title": titles.get(share.item_id, ""), "is_open": share.pk in open_now}
        for share in sorted(given, key=lambda share: share.pk not in open_now)
    ]
    context = {
        "given": rows,
        "received": sharing.shares_received(recipient=request.user, today=today),
    }
    return render(request, "web/sharing/list.html", context)


@require_POST
@member_required
def share_end(request: MemberRequest, share_id: UUID) -> HttpResponse:
    """End a share now."""
    share = sharing.own_share(owner=request.user, share_id=share_id)
    sharing.end_share(share=share, owner=request.user, now=timezone.now())
    text = _("Ended: %(name)s can no longer open it.")
    messages.success(request, text % {"name": share.recipient})
    return redirect("share_list")


@require_safe
@signed_in_required
def shared_item(request: MemberRequest, share_id: UUID) -> HttpResponse:
    """Show what was shared, to be read only. The recipient's look is noted for its author."""
    with transaction.atomic():  # a look at what is gone is not a look
        share = sharing.open_share(share_id=share_id, viewer=request.user, now=timezone.now())
        with organisation_scope(share.organisation):
            reading = load_shared(kind=share.kind, item_id=share.item_id)
            if reading is None or reading.author_id != share.owner_id:
                raise Http404
            if share.with_marks:
                reading, _by = with_marks(reading, author=share.owner)
            context = {"share": share, "reading": reading, "is_own": share.owner == request.user}
            return render(request, "web/sharing/item.html", context)


def _share(request: MemberRequest, form: ShareForm, kind: str, item_id: UUID) -> bool:
    try:
        share, is_new = sharing.share_item(
            organisation=request.organisation,
            owner=request.user,
            kind=kind,
            item_id=item_id,
            recipient=form.cleaned_data["recipient"],
            ends_on=form.cleaned_data["ends_on"],
            with_marks=form.cleaned_data.get("with_marks", False),
            today=timezone.localdate(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return False
    if is_new:
        _tell(request, share)
        text = _("%(name)s can read it now.")
    else:
        text = _("Changed: %(name)s keeps reading it until the new day.")
    messages.success(request, text % {"name": share.recipient})
    return True


def _tell(request: MemberRequest, share: Share) -> None:
    """Mail the recipient that something was shared; nothing of what it says goes along."""
    link = request.build_absolute_uri(reverse("shared_item", args=[share.pk]))
    recipient: User = share.recipient
    with override(recipient.language or get_language()):
        context = {"share": share, "owner": request.user, "link": link}
        body = render_to_string("web/sharing/mail.txt", context)
        subject = _("%(name)s shares something with you in Spiegel") % {"name": request.user}
    try:
        send_mail(" ".join(subject.split()), body, None, [recipient.email])
    except OSError:  # the mail server's errors are among these
        messages.warning(
            request, _("The mail could not be sent: tell %(name)s yourself.") % {"name": recipient}
        )

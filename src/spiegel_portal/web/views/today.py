"""Today: what is next and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone

from spiegel_portal.people.access import member_required
from spiegel_portal.web.today_items import Reader, sections

if TYPE_CHECKING:
    from django.http import HttpResponse

    from spiegel_portal.common.requests import MemberRequest


@member_required
def today(request: MemberRequest) -> HttpResponse:
    """Show what waits for this member, in the order of the registry."""
    now = timezone.localtime()
    reader = Reader(user=request.user, membership=request.membership, now=now)
    context = {"now": now, "sections": sections(reader)}
    return render(request, "web/today/index.html", context)

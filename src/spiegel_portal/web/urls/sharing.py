"""Sharing: showing one item to one named person, until a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from spiegel_portal.web.views import sharing

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("shared/", sharing.share_list, name="share_list"),
    path("shared/new/<slug:kind>/<uuid:item_id>/", sharing.share_new, name="share_new"),
    path("shared/<uuid:share_id>/", sharing.shared_item, name="shared_item"),
    path("shared/<uuid:share_id>/end/", sharing.share_end, name="share_end"),
]

"""Deals: the list, a deal's page, adding and editing by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from spiegel_portal.web.views import deals

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("deals/", deals.deal_list, name="deal_list"),
    path("deals/add/", deals.deal_add, name="deal_add"),
    path("deals/<uuid:deal_id>/", deals.deal_detail, name="deal_detail"),
    path("deals/<uuid:deal_id>/edit/", deals.deal_edit, name="deal_edit"),
    path("deals/<uuid:deal_id>/delete/", deals.deal_delete, name="deal_delete"),
    path("deals/<uuid:deal_id>/events/add/", deals.deal_event_add, name="deal_event_add"),
]

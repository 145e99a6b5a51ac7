"""Practice: recalling one's own lessons, and holidays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from spiegel_portal.web.views import practice

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("practice/", practice.practice, name="practice"),
    path("practice/cards/", practice.practice_cards, name="practice_cards"),
    path("practice/holiday/", practice.hold, name="hold"),
    path("practice/holiday/<uuid:hold_id>/end/", practice.hold_end, name="hold_end"),
]

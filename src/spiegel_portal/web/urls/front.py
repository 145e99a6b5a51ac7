"""The public front page, live marking, and the design system's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from spiegel_portal.web.views import front, mirror, style

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.front, name="front"),
    path("mirror/", mirror.mirror, name="mirror"),
    path("style", style.style, name="style"),
]

"""Every page's address, one module per area. An area is added by adding its module here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import deals, debriefs, front

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    *front.urlpatterns,
    *deals.urlpatterns,
    *debriefs.urlpatterns,
]

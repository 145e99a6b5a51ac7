"""Imports: the list, uploading, understanding, progress, report, undoing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from spiegel_portal.web.views import imports

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

_ONE = "imports/<uuid:import_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path(_ONE, imports.import_detail, name="import_detail"),
    path(f"{_ONE}progress/", imports.import_progress, name="import_progress"),
    path(f"{_ONE}rejected.csv", imports.import_rejected, name="import_rejected"),
    path(f"{_ONE}again/", imports.import_again, name="import_again"),
    path(f"{_ONE}undo/", imports.import_undo, name="import_undo"),
    path(f"{_ONE}discard/", imports.import_discard, name="import_discard"),
]

"""Connections with CRMs: the list, connecting, coming back, looking now, disconnecting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from spiegel_portal.web.views import connections

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

_ONE = "connections/<slug:system>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("connections/", connections.connection_list, name="connection_list"),
    path(_ONE, connections.connection_connect, name="connection_connect"),
    path(f"{_ONE}callback/", connections.connection_callback, name="connection_callback"),
    path(f"{_ONE}sync/", connections.connection_sync, name="connection_sync"),
    path(f"{_ONE}disconnect/", connections.connection_disconnect, name="connection_disconnect"),
]

from __future__ import annotations

from django.apps import AppConfig


class DebriefsConfig(AppConfig):
    name = "spiegel_portal.debriefs"
    label = "debriefs"

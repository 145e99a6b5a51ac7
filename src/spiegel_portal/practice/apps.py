from __future__ import annotations

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "spiegel_portal.practice"
    label = "practice"

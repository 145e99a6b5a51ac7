from __future__ import annotations

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "spiegel_portal.common"
    label = "common"

from __future__ import annotations

from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "spiegel_portal.deals"
    label = "deals"

from __future__ import annotations

from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "spiegel_portal.deals"
    label = "deals"

    def ready(self) -> None:
        """Say which rows are a person's own."""
        from .own_data import register_sources  # noqa: PLC0415  (models are not there before)

        register_sources()

from __future__ import annotations

from django.apps import AppConfig


class DebriefsConfig(AppConfig):
    name = "spiegel_portal.debriefs"
    label = "debriefs"

    def ready(self) -> None:
        """Say which rows are a person's own, and what of them can be shared."""
        from .own_data import register_sources  # noqa: PLC0415  (models are not there before)
        from .sharing import register_shareables  # noqa: PLC0415  (models are not there before)

        register_sources()
        register_shareables()

from __future__ import annotations

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "spiegel_portal.practice"
    label = "practice"

    def ready(self) -> None:
        from spiegel_portal.debriefs.signals import lesson_drawn, lesson_retired  # noqa: PLC0415  (models must be loaded)

        from . import receivers  # noqa: PLC0415  (models must be loaded)
        from .own_data import register_sources  # noqa: PLC0415  (models must be loaded)

        lesson_drawn.connect(receivers.on_lesson_drawn, dispatch_uid="practice")
        lesson_retired.connect(receivers.on_lesson_retired, dispatch_uid="practice")
        register_sources()

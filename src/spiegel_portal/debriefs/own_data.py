"""Which of these rows are a person's own: all of them."""

from __future__ import annotations

from spiegel_portal.people.own_data import Source, register


def register_sources() -> None:
    """Say so; called once, when the app is ready."""
    register(
        Source("debriefs.SituationSeries", "author"),
        Source("debriefs.Situation", "author"),
        Source("debriefs.Debrief", "author"),
        Source("debriefs.OtherVersion", "author"),
        Source("debriefs.Lesson", "author"),
        Source("debriefs.Plan", "author"),
        Source("debriefs.PlanAnswer", "plan__author"),
        Source("debriefs.MarkAnswer", "author"),
    )

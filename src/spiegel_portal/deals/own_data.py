"""Which of the deals' rows are a person's own. A deal itself is its organisation's."""

from __future__ import annotations

from spiegel_portal.people.own_data import Source, register


def register_sources() -> None:
    """Say so; called once, when the app is ready."""
    register(
        Source("deals.Deal", "owner", erase=False),
        Source("deals.DealEvent", "author", erase=False),
        Source("deals.Import", "uploaded_by", erase=False),
    )

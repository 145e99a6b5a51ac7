"""Which of these rows are a person's own: all of them."""

from __future__ import annotations

from spiegel_portal.people.own_data import Source, register


def register_sources() -> None:
    """Say so; called once, when the app is ready."""
    register(
        Source("practice.Card", "owner"),
        Source("practice.Review", "card__owner"),
        Source("practice.Hold", "owner"),
    )

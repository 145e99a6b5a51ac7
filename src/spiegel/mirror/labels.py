"""The eight labels, in the order of the labelling guide."""

from __future__ import annotations

LABELS = (
    "own",
    "self_verdict",
    "customer",
    "competitor",
    "organisation",
    "offer",
    "circumstances",
    "final",
)

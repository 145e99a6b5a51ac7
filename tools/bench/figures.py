"""What is measured beside pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Speed:
    """One figure."""

    name: str
    value: float
    unit: str

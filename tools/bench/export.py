"""An export of a CRM of any size, made up: the same rows for the same number of them."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEADER = (
    "ID", "Name", "Customer", "Product", "Stage", "Owner", "Amount", "Currency", "Created on",
    "Expected close date", "Closed on", "Lost reason",
)  # fmt: skip
_STAGES = ("Qualified", "Proposal", "Negotiation", "Won", "Lost")
_REASONS = ("Price", "No budget", "Competitor", "Timing", "No answer")
_FIRST = date(2022, 1, 3)
_DAYS = 1_500
_SEED = 20261128


def write(path: Path, rows: int) -> None:
    """Write an export of so many deals as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(_deals(rows))


def _deals(rows: int) -> Iterator[tuple[object, ...]]:
    dice = random.Random(_SEED)  # noqa: S311  (made-up deals)
    for number in range(rows):
        stage = dice.choice(_STAGES)
        created = _FIRST + timedelta(days=dice.randrange(_DAYS))
        close = created + timedelta(days=dice.randrange(20, 400))
        ended = stage in {"Won", "Lost"}
        yield (
            f"D-{number:07d}",
            f"Renewal {number % 9_973} of line {dice.randrange(40)}",
            f"Customer {dice.randrange(60_000):05d} Holding",
            f"Product {dice.randrange(120)}",
            stage,
            f"Seller {dice.randrange(200):03d}",
            f"{dice.randrange(100, 250_000)}.{dice.randrange(100):02d}",
            "EUR",
            created.isoformat(),
            close.isoformat(),
            close.isoformat() if ended else "",
            dice.choice(_REASONS) if stage == "Lost" else "",
        )

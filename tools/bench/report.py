"""Show what was measured."""

from __future__ import annotations

import json
import os
import platform
import statistics
from typing import TYPE_CHECKING

from django.db import connection
from pages import MEDIAN_MS, P95_MS, QUERIES

if TYPE_CHECKING:
    from figures import Speed
    from pages import Measured


def as_table(pages: list[Measured], speeds: list[Speed]) -> str:
    """Lay the figures out for reading."""
    width = max(len(page.name) for page in pages)
    lines = [
        f"Server time per page on {connection.vendor}, Python {platform.python_version()}.",
        f"Limits: median {MEDIAN_MS} ms, p95 {P95_MS} ms, {QUERIES} queries.",
        "",
        f"{'page':{width}}  median ms   p95 ms   cpu ms  queries",
        *(
            f"{page.name:{width}}  {page.median:9.1f}  {page.p95:7.1f}  {_cpu(page):7.1f}"
            f"  {page.queries:7}"
            f"{_verdict(page)}"
            for page in pages
        ),
    ]
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if _is_busy():
        lines += [
            "",
            (
                f"This machine was busy (load {load:.1f} on {cores} cores): the times "
                "count their work too. The cpu column counts this program's alone."
            ),
        ]
    over = [page.name for page in pages if not page.passes]
    lines += ["", f"{len(pages) - len(over)} of {len(pages)} pages within their limits."]
    if speeds:
        lines += [
            "",
            *(f"{speed.name:{width}}  {speed.value:9.1f}  {speed.unit}" for speed in speeds),
        ]
    return "\n".join(lines)


def _verdict(page: Measured) -> str:
    if page.passes:
        return ""
    alone = page.passes_alone and connection.vendor == "sqlite" and _is_busy()
    return "  over, but not by itself" if alone else "  OVER"


def _is_busy() -> bool:
    return os.getloadavg()[0] > (os.cpu_count() or 1)


def _cpu(page: Measured) -> float:
    return statistics.median(page.busy)


def as_json(pages: list[Measured], speeds: list[Speed]) -> str:
    """Lay the figures out for programs."""
    return json.dumps(
        {
            "database": connection.vendor,
            "limits": {"median_ms": MEDIAN_MS, "p95_ms": P95_MS, "queries": QUERIES},
            "pages": [
                {
                    "name": page.name,
                    "requests": len(page.times),
                    "median_ms": round(page.median, 2),
                    "p95_ms": round(page.p95, 2),
                    "cpu_ms": round(_cpu(page), 2),
                    "queries": page.queries,
                    "passes": page.passes,
                }
                for page in pages
            ],
            "speeds": [
                {"name": speed.name, "value": round(speed.value, 2), "unit": speed.unit}
                for speed in speeds
            ],
        },
        indent=1,
    )

"""Print every deal's events and how far its connection is, as JSON."""

from __future__ import annotations

import json
import sys

import django


def main() -> None:
    """Read them from the database that the environment names."""
    from spiegel_portal.common.tenancy import across_organisations
    from spiegel_portal.deals.models import Connection, Deal, DealEvent

    with across_organisations("whole-installation"):
        deals: dict[str, list[str]] = {
            known: [] for known in Deal.objects.values_list("external_id", flat=True)
        }
        rows = DealEvent.objects.order_by("kind", "at").values_list("deal__external_id", "kind")
        for known, kind in rows:
            deals[known].append(kind)
        found = {
            "deals": deals,
            "count": Deal.objects.count(),
            **Connection.objects.values("cursor", "step", "state", "problem", "last_counts").get(),
        }
    sys.stdout.write(json.dumps(found))


django.setup()
main()

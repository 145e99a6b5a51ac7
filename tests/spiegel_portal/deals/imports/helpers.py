"""What tests of imports share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from spiegel_portal.deals.imports.applying import apply_import
from spiegel_portal.deals.imports.domain import start_import, upload_import
from spiegel_portal.deals.models import Import

if TYPE_CHECKING:
    from spiegel_portal.deals.imports.choices import Choices
    from spiegel_portal.people.models import Organisation, User

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SAMPLE = Path(__file__).parents[3] / "data" / "crm" / "sales_pipeline.csv"


def upload(
    organisation: Organisation, user: User | None, data: str | bytes, choices: Choices | None = None
) -> Import:
    """Upload a file; needs an open scope."""
    return upload_import(
        organisation=organisation,
        user=user,
        filename="deals.csv",
        data=data.encode() if isinstance(data, str) else data,
        max_bytes=5_000_000,
        choices=choices,
    )


def bring_in(
    organisation: Organisation, user: User | None, data: str | bytes, choices: Choices | None = None
) -> Import:
    """Upload a file and apply it at NOW; needs an open scope."""
    run = upload(organisation, user, data, choices)
    Import.objects.filter(pk=run.pk).update(state=Import.State.QUEUED)
    return apply_import(import_id=run.pk, now=NOW)


def started(organisation: Organisation, user: User | None, data: str | bytes) -> Import:
    """Upload a file and start it as a person does; in tests the job runs at once."""
    run = upload(organisation, user, data)
    start_import(import_run=run)
    run.refresh_from_db()
    return run

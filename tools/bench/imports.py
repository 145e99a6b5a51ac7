"""Rows a second of an import, beside django-import-export on the same file in the same run.

Both write the same deals into organisations of their own, and nothing stays. Spiegel also reads
the file to tell what it says, keeps the past of each deal, and what undoing needs.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import export
import tablib
from django.db import transaction
from django.utils import timezone
from import_export import fields, resources, widgets

from spiegel_portal.commands import import_file
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.models import Deal, Stage
from spiegel_portal.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Callable

_TYPES = {"Won": "won", "Lost": "lost"}


def rates(rows: int) -> tuple[float, float]:
    """Give the rows a second of Spiegel, and of django-import-export."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "export.csv"
        export.write(file, rows)
        return _rate(_by_spiegel, file, rows), _rate(_by_the_other, file, rows)


def _rate(way: Callable[[Path, Organisation], None], file: Path, rows: int) -> float:
    with transaction.atomic():
        organisation = Organisation.objects.create(name="Import", slug="bench-import")
        with organisation_scope(organisation):
            start = time.perf_counter()
            way(file, organisation)
            took = time.perf_counter() - start
            _check(rows)
        transaction.set_rollback(True)
    return rows / took


def _check(rows: int) -> None:
    found = Deal.objects.count()
    if found != rows:
        raise RuntimeError(f"{found} of {rows} deals were written.")


def _by_spiegel(file: Path, organisation: Organisation) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        import_file.main([str(file), "--organisation", organisation.slug])


def _by_the_other(file: Path, organisation: Organisation) -> None:
    stages = {
        name: Stage.objects.create(
            organisation=organisation, name=name, type=_TYPES.get(name, "open")
        )
        for name in ("Qualified", "Proposal", "Negotiation", "Won", "Lost")
    }
    with file.open(encoding="utf-8", newline="") as stream:
        data = tablib.Dataset().load(stream.read(), format="csv")
    resource = _Deals(organisation, stages)
    resource.import_data(data, dry_run=False, raise_errors=True, use_transactions=True)


def _column(
    attribute: str, header: str, widget: type[widgets.Widget] = widgets.CharWidget
) -> fields.Field:
    return fields.Field(attribute=attribute, column_name=header, widget=widget())


class _Deals(resources.ModelResource):
    """The same columns into the same fields, in bulk, as its manual advises for large files."""

    external_id = _column("external_id", "ID")
    name = _column("name", "Name")
    account = _column("account", "Customer")
    product = _column("product", "Product")
    owner_name = _column("owner_name", "Owner")
    amount = _column("amount", "Amount", widgets.DecimalWidget)
    currency = _column("currency", "Currency")
    created_on = _column("created_on", "Created on", widgets.DateWidget)
    expected_close_on = _column("expected_close_on", "Expected close date", widgets.DateWidget)
    closed_on = _column("closed_on", "Closed on", widgets.DateWidget)
    crm_reason = _column("crm_reason", "Lost reason")

    class Meta:
        model = Deal
        fields = (
            "external_id", "name", "account", "product", "owner_name", "amount", "currency",
            "created_on", "expected_close_on", "closed_on", "crm_reason",
        )  # fmt: skip
        import_id_fields = ("external_id",)
        use_bulk = True
        batch_size = 1_000
        skip_diff = True
        skip_html_diff = True
        force_init_instance = True

    def __init__(self, organisation: Organisation, stages: dict[str, Stage]) -> None:
        super().__init__()
        self._organisation, self._stages, self._now = organisation, stages, timezone.now()

    def before_save_instance(self, instance: Deal, row: dict[str, str], **_options: object) -> None:
        """Fill in what a deal must have and the file does not say."""
        stage = self._stages[row["Stage"]]
        instance.organisation, instance.stage, instance.stage_type = (
            self._organisation, stage, stage.type,
        )  # fmt: skip
        instance.source, instance.last_event_at = "generic", self._now

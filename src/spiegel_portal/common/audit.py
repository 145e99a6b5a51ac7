"""Write the audit trail. Nothing private goes in: a subject names a thing, not its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .models import AuditEntry

if TYPE_CHECKING:
    from spiegel_portal.people.models import Organisation, User


def record(*, organisation: Organisation, actor: User | None, action: str, subject: str) -> None:
    """Note that `actor` did `action` (such as ``"import.undone"``) to `subject`."""
    AuditEntry.objects.create(
        organisation=organisation, actor=actor, action=action, subject=subject[:200]
    )

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "spiegel_portal.people"
    label = "people"

    def ready(self) -> None:
        """Say which rows are a person's own."""
        from . import own_data  # noqa: PLC0415  (models are not there before)

        own_data.register(
            own_data.Source("people.Membership", "user"),
            own_data.Source("people.CentreMembership", "user"),
            own_data.Source("people.Share", "owner"),
            own_data.Source("people.Share", "recipient"),
            own_data.Source("people.ShareView", "viewer"),
            own_data.Source("people.Invitation", "invited_by", erase=False),
            own_data.Source("common.AuditEntry", "actor", erase=False),
        )

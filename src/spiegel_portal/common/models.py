"""Bases of every tenant's model, and the audit trail."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from .tenancy import tenant_manager


class TenantModel(models.Model):
    """A row that belongs to one organisation. Queries outside a scope raise."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.CASCADE, related_name="+"
    )

    objects: ClassVar[models.Manager[Any]] = tenant_manager()

    class Meta:
        abstract = True


class AuditEntry(TenantModel):
    """Who did what to which thing, for the things people must be able to look up later."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["organisation", "-at"])]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

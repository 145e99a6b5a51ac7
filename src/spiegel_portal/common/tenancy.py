"""The one place that opens or lifts a tenant's scope.

Every query on a :class:`~spiegel_portal.common.models.TenantModel` raises outside a scope
(django-scopes). Requests get theirs from ``people.middleware.TenantMiddleware``; jobs and commands
open one with :func:`organisation_scope`. Nothing else in the portal may import django_scopes; a
test in tests/rules sees to it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from django_scopes import ScopedManager, scope, scopes_disabled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db import models

#: Why a scope may be lifted. A new reason is a decision: see docs/architecture.md.
Reason = Literal[
    "find-membership",  # which organisations is this person in? asked before a scope can be opened
    "accept-invitation",  # the invited person is not yet a member
    "open-share",  # someone outside the organisation opens what was shared with them
    "own-data",  # a person exports or erases their own data in all their organisations
    "whole-installation",  # start-up, demo data, upgrades, benchmarks
]


def tenant_manager() -> Any:
    """Make the manager of a tenant's model: it raises outside a scope, filters inside one."""
    return ScopedManager(organisation="organisation")


@contextmanager
def organisation_scope(organisation: models.Model) -> Iterator[None]:
    """Limit every query inside the block to one organisation's rows."""
    with scope(organisation=organisation):
        yield


@contextmanager
def across_organisations(reason: Reason) -> Iterator[None]:  # noqa: ARG001  (the reason is for the reader and the test)
    """Lift the scope for one of the reasons listed above; filter by person or key inside."""
    with scopes_disabled():
        yield

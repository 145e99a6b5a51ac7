"""At most so many times a minute, per visitor: a counter in the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.core.cache import cache

if TYPE_CHECKING:
    from django.http import HttpRequest


def allow(request: HttpRequest, action: str, *, per_minute: int) -> bool:
    """Count one more `action` of this visitor.

    Args:
        request: Whose address counts, or whose account when logged in.
        action: A short name.
        per_minute: How often is allowed in a minute from the first.

    Returns:
        False when it was too often.
    """
    # The adapter knows how many proxies stand in front: all their visitors share one REMOTE_ADDR.
    who = request.user.pk if request.user.is_authenticated else get_adapter().get_client_ip(request)
    key = f"rate:{action}:{who}"
    if cache.add(key, 1, timeout=60):
        return True
    try:
        return cache.incr(key) <= per_minute
    except ValueError:  # the minute ended between the two calls
        return True

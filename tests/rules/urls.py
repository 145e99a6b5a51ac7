"""Walk the table of addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RegexPattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.urls import URLResolver


def walk(resolver: URLResolver | None = None, before: str = "/") -> Iterator[tuple[str, str]]:
    """Every address as (name, pattern); a name is empty where none was given."""
    for entry in (resolver or get_resolver()).url_patterns:
        part = str(entry.pattern)
        if isinstance(entry.pattern, RegexPattern):
            part = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", part).strip("^$")
        if isinstance(entry, URLPattern):
            yield entry.name or "", before + part
        else:
            yield from walk(entry, before + part)


def patterns() -> dict[str, str]:
    """Every named address with its pattern."""
    return {name: pattern for name, pattern in walk() if name}

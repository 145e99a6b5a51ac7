"""Links to the pages before and after this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.http import urlencode

if TYPE_CHECKING:
    from django.core.paginator import Page


def neighbours(page: Page[Any], **kept: str) -> dict[str, str]:
    """Give the query strings for ``web/components/pages.html``; filters that are set are kept."""
    filters: dict[str, str | int] = {name: value for name, value in kept.items() if value}
    links = {"earlier": "", "later": ""}
    if page.has_previous():
        links["earlier"] = urlencode({**filters, "page": page.previous_page_number()})
    if page.has_next():
        links["later"] = urlencode({**filters, "page": page.next_page_number()})
    return links

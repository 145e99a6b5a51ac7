"""Text folded for searching: plain lower-case letters without accents."""

from __future__ import annotations

import unicodedata

#: What fits an index entry on every database.
_LONGEST = 600


def fold(text: str) -> str:
    """Give the text in lower case, without accents, with single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(part for part in parts if not unicodedata.combining(part)).split())


def search_text_of(*, account: str, name: str, product: str, external_id: str) -> str:
    """Give what a deal is found and sorted by: the customer first, then the rest."""
    parts = [fold(part) for part in (account, name, product, external_id)]
    return " · ".join(part for part in parts if part)[:_LONGEST]

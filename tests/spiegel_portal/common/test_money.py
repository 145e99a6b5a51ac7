from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from spiegel_portal.common.money import parse_amount, show_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12500", "12500"),
        ("12.500", "12500"),
        ("12,500", "12500"),
        ("€ 12.500,50", "12500.50"),
        ("£12,500.50", "12500.50"),
        ("1.234.567", "1234567"),
        ("99,9", "99.9"),
        ("0.5", "0.5"),
        ("1'000", "1000"),
        ("250,-", "250"),
        ("EUR 1 250,00", "1250.00"),
    ],
)
def test_reads_both_notations(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["abc", "1.2345", "1,23,456", "12.50.10", "-5", "1.234,567"])
def test_refuses_what_is_not_an_amount(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_amount(text)


@pytest.mark.parametrize(
    ("language", "amount", "currency", "shown"),
    [
        ("nl", "2400", "EUR", "€\N{NO-BREAK SPACE}2.400"),
        ("nl", "2400.50", "EUR", "€\N{NO-BREAK SPACE}2.400,50"),
        ("en", "2400", "EUR", "€2,400"),
        ("en", "2400.50", "GBP", "£2,400.50"),
        ("en", "2400", "CHF", "CHF\N{NO-BREAK SPACE}2,400"),
    ],
)
def test_shows_an_amount_in_the_readers_notation(
    language: str, amount: str, currency: str, shown: str
) -> None:
    with translation.override(language):
        assert show_amount(Decimal(amount), currency) == shown

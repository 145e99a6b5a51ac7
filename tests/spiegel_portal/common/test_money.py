from __future__ import annotations

from decimal import Decimal

import pytest

from spiegel_portal.common.money import parse_amount


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

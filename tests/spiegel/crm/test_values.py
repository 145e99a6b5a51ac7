"""Dates and amounts: what one value cannot tell, the whole file decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiegel.crm.values import (
    Amount,
    Decision,
    decide_date_order,
    decide_decimal_sign,
    fold,
    parse_amount,
    parse_date,
)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-05-03", "dmy", date(2026, 5, 3)),
        ("2026/5/3", "mdy", date(2026, 5, 3)),
        ("2026-05-03T23:30:00+02:00", "ymd", date(2026, 5, 3)),
        ("2026-05-03 09:30", "ymd", date(2026, 5, 3)),
        ("03-05-2026", "dmy", date(2026, 5, 3)),
        ("03-05-2026", "mdy", date(2026, 3, 5)),
        ("3.5.26", "dmy", date(2026, 5, 3)),
        ("02/23/26 08:55 PM", "mdy", date(2026, 2, 23)),
    ],
)
def test_dates(text: str, order: str, day: date) -> None:
    assert parse_date(text, order) == day


@pytest.mark.parametrize(
    "text",
    ["", "soon", "31-02-2026", "13-13-2026", "0024-05-03", "2026-05", "9999-12-31", "1-2.26"],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a date|day is out of range|month must be"):
        parse_date(text, "dmy")


@pytest.mark.parametrize(
    ("values", "decision"),
    [
        ([], Decision("ymd", 0, 0, 0)),
        (["2026-05-03", "x"], Decision("ymd", 1, 0, 0)),
        (["03-05-2026", "13-05-2026", "05-05-2026"], Decision("dmy", 1, 0, 1)),
        (["03/05/2026", "05/13/2026"], Decision("mdy", 1, 0, 1)),
        (["03-05-2026"], Decision("dmy", 0, 0, 1)),
        (["13-05-2026", "14-05-2026", "05-15-2026"], Decision("dmy", 2, 1, 0)),
    ],
)
def test_the_order_of_dates_is_decided_by_all_values(values: list[str], decision: Decision) -> None:
    assert decide_date_order(values) == decision


def test_a_person_overrules_the_order_of_dates() -> None:
    decision = decide_date_order(["03-05-2026"], "mdy")
    assert decision == Decision("mdy", 0, 0, 1, asked=True)
    assert (decision.is_sure, decide_date_order(["03-05-2026"]).is_sure) == (True, False)


@given(
    st.lists(st.dates(date(1990, 1, 1), date(2099, 12, 31)), min_size=1),
    st.sampled_from([("dmy", "%d-%m-%Y"), ("mdy", "%m/%d/%Y")]),
)
def test_dates_written_one_way_read_back_equal(days: list[date], way: tuple[str, str]) -> None:
    order, pattern = way
    days.append(date(2026, 5, 31))  # one day over 12 tells the order
    texts = [day.strftime(pattern) for day in days]
    decision = decide_date_order(texts)
    assert (decision.choice, decision.against) == (order, 0)
    assert [parse_date(text, decision.choice) for text in texts] == days


@pytest.mark.parametrize(
    ("text", "sign", "amount"),
    [
        ("1054", ".", Amount(Decimal(1054))),
        ("32.000,00", ",", Amount(Decimal("32000.00"))),
        ("32,000.00", ".", Amount(Decimal("32000.00"))),
        ("32000,5", ",", Amount(Decimal("32000.5"))),
        ("€ 1.250,-", ",", Amount(Decimal(1250), "EUR")),
        ("$22,700.00", ".", Amount(Decimal("22700.00"), "USD")),
        ("US$ 5", ".", Amount(Decimal(5), "USD")),
        ("USD 0.00", ".", Amount(Decimal("0.00"), "USD")),
        ("12,50 EUR", ",", Amount(Decimal("12.50"), "EUR")),
        ("(12,50)", ",", Amount(Decimal("-12.50"))),
        ("-3", ".", Amount(Decimal(-3))),
        ("3-", ".", Amount(Decimal(-3))),
        ("1 234\u00a0567", ".", Amount(Decimal(1234567))),
        ("1'234.50", ".", Amount(Decimal("1234.50"))),
        (".5", ".", Amount(Decimal("0.5"))),
    ],
)
def test_amounts(text: str, sign: str, amount: Amount) -> None:
    assert parse_amount(text, sign) == amount


@pytest.mark.parametrize(
    ("text", "sign"),
    [("", "."), ("much", "."), ("12.50", ","), ("1,2,3", "."), ("1.234.5", "."), ("²", "."),
     ("12.34,56.78", ","), ("1e9", ".")],
)  # fmt: skip
def test_what_is_no_amount(text: str, sign: str) -> None:
    with pytest.raises(ValueError, match=r"not an amount"):
        parse_amount(text, sign)


@pytest.mark.parametrize(
    ("values", "decision"),
    [
        ([], Decision(".", 0, 0, 0)),
        (["1054", ""], Decision(".", 0, 0, 0)),
        (["1.234,50", "1.234"], Decision(",", 1, 0, 1)),
        (["12,5", "3"], Decision(",", 1, 0, 0)),
        (["1,234", "€ 12.50"], Decision(".", 1, 0, 1)),
        (["1.234.567"], Decision(",", 1, 0, 0)),
        (["1.234", "900"], Decision(",", 0, 0, 1)),
        (["1,234"], Decision(".", 0, 0, 1)),
        (["0.125"], Decision(".", 1, 0, 0)),
        (["1234,567", "1,5", "2.5"], Decision(",", 2, 1, 0)),
    ],
)
def test_the_decimal_sign_is_decided_by_all_values(values: list[str], decision: Decision) -> None:
    assert decide_decimal_sign(values) == decision


@given(
    st.lists(st.decimals(0, 10**9, places=2, allow_nan=False), min_size=1),
    st.sampled_from([",", "."]),
    st.booleans(),
)
def test_amounts_written_one_way_read_back_equal(
    amounts: list[Decimal], sign: str, grouped: bool
) -> None:
    texts = [_written(amount, sign, grouped) for amount in amounts]
    decision = decide_decimal_sign(texts)
    assert (decision.choice, decision.against) == (sign, 0)
    assert [parse_amount(text, decision.choice).value for text in texts] == amounts


def _written(amount: Decimal, sign: str, grouped: bool) -> str:
    text = f"{amount:,.2f}" if grouped else f"{amount:.2f}"
    return text if sign == "." else text.translate(str.maketrans(",.", ".,"))


def test_names_are_compared_without_case_signs_and_accents() -> None:
    assert fold("Deal - Réden “van” verlies_") == "dealredenvanverlies"

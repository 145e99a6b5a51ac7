"""Dates and amounts: what one value cannot tell, the whole file decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiegel.crm.dates import UnlikelyYearError, decide_date_order, parse_date, parse_moment
from spiegel.crm.values import (
    Amount,
    Decision,
    Number,
    decide_decimal_sign,
    fold,
    is_rounded_id,
    parse_amount,
    parse_currency,
    parse_flag,
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
        ("3.5.2026", "mdy", date(2026, 5, 3)),  # points: never month first
        ("15 Apr, 2021 00:02:00", "dmy", date(2021, 4, 15)),
        ("3 mei 2026", "mdy", date(2026, 5, 3)),
        ("zo 3 mei 2026", "dmy", date(2026, 5, 3)),
        ("3-mrt-26", "dmy", date(2026, 3, 3)),
        ("3. März 2026", "dmy", date(2026, 3, 3)),
        ("May 3rd, 2026 at 9:30 am", "dmy", date(2026, 5, 3)),
        ("Sunday, May 3, 2026", "dmy", date(2026, 5, 3)),
        ("46145", "dmy", date(2026, 5, 3)),
        ("46145,75", "dmy", date(2026, 5, 3)),
        ("20260503", "dmy", date(2026, 5, 3)),
        ("1777766400000", "dmy", date(2026, 5, 3)),
        ("1777766400", "dmy", date(2026, 5, 3)),
        ("3-5-99", "dmy", date(1999, 5, 3)),
    ],
)
def test_dates(text: str, order: str, day: date) -> None:
    assert parse_date(text, order) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "31-02-2026",
        "13-13-2026",
        "0024-05-03",
        "2026-05",
        "9999-12-31",
        "1-2.26",
        "3 foo 2026",
        "12345",
        "20261399",
        "03-05-0024",
        "2026-05-03 25:00",
    ],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a date|day is out of|month must be|hour must"):
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
        (["3.5.2026"], Decision("dmy", 1, 0, 0)),
        (["03/05/2026 3:05 PM"], Decision("mdy", 0, 0, 1)),
        (["03/05/2026 3:05 PM", "13/05/2026 9:00 AM"], Decision("dmy", 1, 0, 1)),
        (["15 Apr, 2021", "3 mei 2026", "May 3, 2026"], Decision("dmy", 2, 1, 0)),
        (["15 Apr, 2021", "03-05-2026"], Decision("dmy", 1, 0, 1)),
        (["46145", "1777766400000"], Decision("ymd", 2, 0, 0)),
    ],
)
def test_the_order_of_dates_is_decided_by_all_values(values: list[str], decision: Decision) -> None:
    assert decide_date_order(values) == decision


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-03", "2026-05-03T00:00:00"),
        ("2026-05-03T23:30:05.123+02:00", "2026-05-03T23:30:05+02:00"),
        ("2026-05-03 23:30Z", "2026-05-03T23:30:00+00:00"),
        ("3-5-2026 12:05 AM", "2026-05-03T00:05:00"),
        ("3/5/2026, 1:05:09 p.m.", "2026-05-03T13:05:09"),
        ("3 mei 2026 om 14.30", "2026-05-03T14:30:00"),
        ("46145.5", "2026-05-03T12:00:00"),
        ("1777807800000", "2026-05-03T11:30:00+00:00"),
    ],
)
def test_moments(text: str, moment: str) -> None:
    assert parse_moment(text, "dmy").isoformat() == moment


def test_a_year_that_cannot_be_meant_is_named() -> None:
    with pytest.raises(UnlikelyYearError) as fault:
        parse_date("03-05-0024", "dmy")
    assert fault.value.year == 24


def test_the_example_is_a_value_that_could_be_read_both_ways() -> None:
    assert decide_date_order(["13-05-2026", "03-05-2026"]).example == "03-05-2026"
    assert decide_decimal_sign(["1,50", "1.234"]).example == "1.234"


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
        ("EUR 1.000,00 (USD 1.080,00)", ",", Amount(Decimal("1000.00"), "EUR")),
        ("1 234,50 zł", ",", Amount(Decimal("1234.50"), "PLN")),
        ("CA$ 5", ".", Amount(Decimal(5), "CAD")),
        ("1.250 euro", ",", Amount(Decimal(1250), "EUR")),
        ("12,50 eur", ",", Amount(Decimal("12.50"), "EUR")),
        ("kr 1 000", ".", Amount(Decimal(1000))),
        ("₹1,00,000.00", ".", Amount(Decimal("100000.00"), "INR")),
        ("−12", ",", Amount(Decimal(-12))),
        (Number("1234.5"), ",", Amount(Decimal("1234.5"))),
        (Number("1e+15"), ",", Amount(Decimal("1e+15"))),
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


@pytest.mark.parametrize(
    ("text", "code"),
    [("eur", "EUR"), ("€", "EUR"), ("Euro", "EUR"), ("US Dollar (USD)", "USD"), ("A$", "AUD")],
)
def test_currencies(text: str, code: str) -> None:
    assert parse_currency(text) == code


@pytest.mark.parametrize(
    ("text", "flag"), [("Ja", True), ("TRUE", True), ("0", False), ("Nein", False), ("soon", None)]
)
def test_flags(text: str, flag: bool | None) -> None:
    assert parse_flag(text) is flag


def test_an_id_that_a_spreadsheet_rounded_is_known() -> None:
    assert is_rounded_id("1,23457E+11")
    assert not is_rounded_id("1E11")


def test_names_are_compared_without_case_signs_and_accents() -> None:
    assert fold("Deal - Réden “van” verlies_") == "dealredenvanverlies"

"""Any table of deals, written in any dialect, encoding and locale, reads back equal.

And a file that is cut, torn or scribbled on is read or refused; nothing else happens.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from spiegel.crm import (
    Answers,
    DealRow,
    Rejection,
    deals,
    events,
    read,
    systems,
    tells_events,
    understand,
    understand_events,
)
from spiegel.crm.inspect import inspect
from spiegel.errors import InputError

#: Headers of a system in one language, and the stages it ships with.
EXPORTS: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "salesforce": (
        "salesforce",
        {"external_id": "Opportunity ID", "name": "Opportunity Name", "account": "Account Name",
         "owner": "Opportunity Owner", "stage": "Stage", "amount": "Amount",
         "created_on": "Created Date", "close_date": "Close Date", "reason": "Loss Reason"},
        {"Closed Won": "won", "Closed Lost": "lost", "Prospecting": "open"},
    ),
    "salesforce nl": (
        "salesforce",
        {"external_id": "Opportunity-id", "name": "Naam opportunity", "account": "Accountnaam",
         "owner": "Eigenaar opportunity", "stage": "Fase", "amount": "Bedrag",
         "created_on": "Aanmaakdatum", "close_date": "Sluitingsdatum"},
        {"Gesloten gewonnen": "won", "Gesloten verloren": "lost", "Kwalificatie": "open"},
    ),
    "hubspot nl": (
        "hubspot",
        {"external_id": "Record-ID", "name": "Dealnaam", "stage": "Dealstadium",
         "amount": "Bedrag", "created_on": "Aanmaakdatum", "close_date": "Sluitdatum"},
        {"Gesloten - gewonnen (Verkoop)": "won", "Gesloten - verloren": "lost",
         "Contract verzonden": "open"},
    ),
    "pipedrive de": (
        "pipedrive",
        {"external_id": "Deal - ID", "name": "Deal - Titel", "account": "Deal - Organisation",
         "owner": "Deal - Besitzer", "status": "Deal - Status", "amount": "Deal - Wert",
         "created_on": "Deal - Deal erstellt", "closed_on": "Deal - Deal geschlossen am",
         "reason": "Deal - Verlustgrund"},
        {"Gewonnen": "won", "Verloren": "lost", "Offen": "open"},
    ),
    "dynamics": (
        "dynamics365",
        {"external_id": "(Do Not Modify) Opportunity", "name": "Topic", "account": "Account",
         "status": "Status", "amount": "Est. Revenue", "created_on": "Created On",
         "closed_on": "Actual Close Date", "owner": "Owner"},
        {"Won": "won", "Lost": "lost", "Open": "open"},
    ),
    "odoo nl": (
        "odoo",
        {"external_id": "Externe ID", "name": "Verkoopkans", "account": "Klant",
         "owner": "Verkoper", "stage": "Fase", "amount": "Verwachte omzet",
         "created_on": "Aanmaakdatum", "closed_on": "Afsluitdatum", "reason": "Verliesreden"},
        {"Gewonnen": "won", "Verloren": "lost", "Voorstel": "open"},
    ),
    "zoho": (
        "zoho",
        {"external_id": "Record Id", "name": "Deal Name", "account": "Account Name",
         "owner": "Deal Owner", "stage": "Stage", "amount": "Amount",
         "created_on": "Created Time", "close_date": "Closing Date",
         "reason": "Reason For Loss"},
        {"Closed Won": "won", "Closed Lost": "lost", "Value Proposition": "open"},
    ),
    "bigin": (
        "bigin",
        {"external_id": "Deal Id", "name": "Deal Name", "account": "Company Name",
         "stage": "Stage", "amount": "Amount", "close_date": "Closing Date"},
        {"Closed Won": "won", "Closed Lost": "lost", "Qualification": "open"},
    ),
    "teamleader nl": (
        "teamleader",
        {"external_id": "Referentie", "name": "Titel", "account": "Klant",
         "owner": "Verantwoordelijke", "stage": "Fase", "amount": "Geschatte waarde",
         "created_on": "Aangemaakt op", "closed_on": "Afgesloten op",
         "reason": "Reden van weigering"},
        {"Geaccepteerd": "won", "Geweigerd": "lost", "Offerte verstuurd": "open"},
    ),
    "frappe nl": (
        "frappe",
        {"external_id": "ID", "account": "Organisatie", "name": "Titel",
         "owner": "Deal Eigenaar", "stage": "Status", "amount": "Deal Waarde",
         "closed_on": "Sluitdatum", "reason": "Reden van verlies"},
        {"Gewonnen": "won", "Verloren": "lost", "Onderhandeling": "open"},
    ),
    "espo nl": (
        "espocrm",
        {"external_id": "ID", "name": "Naam", "account": "Relatie", "stage": "Fase",
         "amount": "Bedrag", "close_date": "Datum gesloten", "owner": "Toegewezen gebruiker"},
        {"Gesloten gewonnen": "won", "Gesloten verloren": "lost", "Prospectie": "open"},
    ),
    "generic": (
        "generic",
        {"external_id": "Dealnummer", "name": "Dealnaam", "account": "Klant",
         "owner": "Accountmanager", "stage": "Fase", "amount": "Waarde (EUR)",
         "created_on": "Startdatum", "close_date": "Sluitdatum", "next_step": "Volgende stap"},
        {"Gewonnen": "won", "Afgevallen": "lost", "In wachtstand": "parked"},
    ),
}  # fmt: skip

_MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
DATES = {
    "iso": lambda day: day.isoformat(),
    "iso time": lambda day: f"{day.isoformat()}T23:59:59+02:00",
    "dmy -": lambda day: f"{day.day:02}-{day.month:02}-{day.year}",
    "dmy short": lambda day: f"{day.day}/{day.month}/{day.year % 100:02}",
    "dmy .": lambda day: f"{day.day}.{day.month}.{day.year}",
    "mdy": lambda day: f"{day.month:02}/{day.day:02}/{day.year} 09:30 AM",
    "word": lambda day: f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
    "serial": lambda day: str((day - date(1899, 12, 30)).days),
}
_EUROPEAN = str.maketrans(",.", ".,")
AMOUNTS = {
    "1234.50": lambda amount: f"{amount:.2f}",
    "1,234.50": lambda amount: f"{amount:,.2f}",
    "1.234,50": lambda amount: f"{amount:,.2f}".translate(_EUROPEAN),
    "1234,50": lambda amount: f"{amount:.2f}".translate(_EUROPEAN),
    "EUR 1.234,50": lambda amount: f"EUR {amount:,.2f}".translate(_EUROPEAN),
    "€ 1 234,50": lambda amount: f"€ {amount:,.2f}".replace(",", "\u00a0").replace(".", ","),
    "(1,234.50)": lambda amount: f"{amount:,.2f}" if amount >= 0 else f"({-amount:,.2f})",
}
# What a cell may hold: no control characters, and nothing that means "nothing filled in".
LETTERS = st.characters(codec="cp1252", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"])
NAMES = st.text(st.one_of(LETTERS, st.sampled_from(' ,;|"\n\t')), min_size=13, max_size=30).map(
    lambda text: " ".join(f"x{text}x".split()) + "x" * 13
)


@dataclass(frozen=True)
class Written:
    """A file, and the deals that are in it."""

    data: bytes
    system: str
    deals: list[dict[str, Any]]
    kinds: dict[str, str]


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """An export's name, and rows of it: field to value."""
    name = draw(st.sampled_from(sorted(EXPORTS)))
    _system, headers, stages = EXPORTS[name]
    money = st.decimals(-(10**6), 10**9, places=2, allow_nan=False)
    values: dict[str, st.SearchStrategy[Any]] = {
        "external_id": st.integers(10**6, 10**15).map(lambda number: f"id{number}"),
        "stage": st.sampled_from(sorted(stages)),
        "status": st.sampled_from(sorted(stages)),
        "amount": st.one_of(money, st.none()),
    }
    days = st.one_of(st.dates(date(1990, 1, 1), date(2068, 12, 31)), st.none())
    for field in headers:
        if field not in values:
            is_day = field.endswith("_on") or field == "close_date"
            values[field] = days if is_day else NAMES
    row = st.fixed_dictionaries({field: values[field] for field in headers})
    rows = draw(st.lists(row, min_size=1, max_size=12, unique_by=lambda row: row["external_id"]))
    return name, rows


@st.composite
def files(draw: st.DrawFn) -> Written:
    """Rows written as CSV in one of the ways that programs and people have."""
    name, rows = draw(tables())
    system, headers, stages = EXPORTS[name]
    way = draw(st.sampled_from(sorted(DATES)))
    sum_way = draw(st.sampled_from(sorted(AMOUNTS)))
    rows.append(_anchor(headers, stages))
    out = io.StringIO()
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    quoting = draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    newline = draw(st.sampled_from(["\r\n", "\n"]))
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=newline)
    writer.writerow(headers.values())
    for row in rows:
        writer.writerow([_cell(row[field], way, sum_way) for field in headers])
    codec = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    return Written(out.getvalue().encode(codec), system, rows, stages)


def _anchor(headers: dict[str, str], stages: dict[str, str]) -> dict[str, Any]:
    """A row that tells the order of dates and the decimal sign, as any file of some length does."""
    fixed = {"external_id": "anchor", "amount": Decimal("1234.56"), "stage": min(stages),
             "status": min(stages)}  # fmt: skip
    return {
        field: fixed.get(field)
        or (date(2026, 1, 31) if field.endswith("_on") or field == "close_date" else "anchor")
        for field in headers
    }


def _cell(value: Any, way: str, sum_way: str) -> str:
    if isinstance(value, date):
        return str(DATES[way](value))
    if isinstance(value, Decimal):
        return str(AMOUNTS[sum_way](value))
    return "" if value is None else str(value)


def _expected(row: dict[str, Any], kinds: dict[str, str]) -> dict[str, Any]:
    """What a row becomes: one closing date is the expected or the actual one, by the stage."""
    stage = row.get("status") or row["stage"]
    ended = kinds[stage] in {"won", "lost"}
    close = row.get("close_date")
    return {
        "external_id": row["external_id"],
        "name": row["name"],
        "account": row.get("account", ""),
        "owner": row.get("owner", ""),
        "stage": stage,
        "stage_type": kinds[stage],
        "amount": row["amount"],
        "created_on": row.get("created_on"),
        "closed_on": row.get("closed_on") or (close if ended else None),
        "expected_close_on": None if ended else close,
        "reason": row.get("reason", ""),
        "next_step": row.get("next_step", ""),
    }


def _read_back(data: bytes, system: str) -> list[dict[str, Any]]:
    table = read(data)
    found = understand(table)
    assert found.reading.system == system
    assert found.rejections == ()
    entries = list(deals(table, found.reading))
    assert all(isinstance(entry, DealRow) for entry in entries)
    names = _expected({"external_id": "", "name": "", "stage": "", "amount": None}, {"": ""})
    return [{name: getattr(entry, name) for name in names} for entry in entries]


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(files())
def test_any_table_of_deals_reads_back_equal(written: Written) -> None:
    expected = [_expected(row, written.kinds) for row in written.deals]
    assert _read_back(written.data, written.system) == expected


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(tables())
def test_any_workbook_of_deals_reads_back_equal(
    given_table: tuple[str, list[dict[str, Any]]],
) -> None:
    name, rows = given_table
    system, headers, stages = EXPORTS[name]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(headers.values()))
    for row in rows:
        sheet.append([row[field] for field in headers])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text that begins with = is a text
    out = io.BytesIO()
    book.save(out)
    assert _read_back(out.getvalue(), system) == [_expected(row, stages) for row in rows]


def test_every_system_is_among_them() -> None:
    written = {system for system, _, _ in EXPORTS.values()}
    assert systems().keys() - written == {"sales_pipeline", "leads"}


def _all_of_it(data: bytes) -> None:
    """Read a file in every way there is; only an InputError may come of it."""
    try:
        table = read(data)
        found = understand(table, today=date(2026, 1, 1))
        assert len(table.rows) == found.deals + found.rejected or found.missing
        for flipped in (Answers(date_order="mdy"), Answers(decimal_sign=",")):
            list(deals(table, understand(table, flipped).reading))
        if tells_events(table):
            list(events(table, understand_events(table).reading))
        inspect(data)
    except InputError as refused:
        assert refused.message  # noqa: PT017  (either is fine, and both are looked at)


@st.composite
def mangled(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """A file with parts cut out, doubled, overwritten or put elsewhere."""
    data = bytearray(draw(whole))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 200)))
        part = data[start:end]
        how = draw(st.sampled_from(["cut", "double", "scribble", "truncate", "insert"]))
        if how == "cut":
            del data[start:end]
        elif how == "double":
            data[end:end] = part
        elif how == "scribble":
            data[start:end] = draw(st.binary(max_size=20))
        elif how == "truncate":
            del data[start:]
        else:
            data[start:start] = draw(
                st.sampled_from([b'"', b"\x00", b"\r", b"\n", b";", b"\xff\xfe", b"=1+1", b"E+11"])
            )
    return bytes(data)


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(mangled(files().map(lambda written: written.data)))
def test_a_mangled_file_is_read_or_refused(data: bytes) -> None:
    _all_of_it(data)


def _workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["ID", "Name", "Stage", "Amount"], [1, "Mill", "Won", 5], [2, "Barn", "Lost", 6]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(mangled(st.just(_workbook())))
def test_a_mangled_workbook_is_read_or_refused(data: bytes) -> None:
    _all_of_it(data)


@settings(max_examples=100)
@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=8), st.sampled_from(",;\t|"))
def test_any_cells_at_all_are_read_or_refused(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["ID", "Name", "Stage", "Amount", "Close date", "Probability"])
    writer.writerows(rows)
    _all_of_it(out.getvalue().encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("text", ["²", "٣", "1e5", "Ⅷ", "0x1", "1_000", "∞", "NaN"])
def test_odd_digits_are_no_numbers(text: str) -> None:
    data = f"ID,Name,Stage,Amount,Close date\n1,Mill,Won,{text},{text}\n".encode()
    _all_of_it(data)
    table = read(data)
    found = list(deals(table, understand(table, today=date(2026, 1, 1)).reading))
    assert len(found) == 1
    assert [one.amount for one in found if not isinstance(one, Rejection)] in ([], [None])

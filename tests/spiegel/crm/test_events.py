"""Files that tell what happened: changes, snapshots and activities become dated events."""

from __future__ import annotations

import pytest

from spiegel.crm import (
    Answers,
    DealRow,
    Event,
    Rejection,
    deals,
    events,
    read,
    tells_events,
    understand,
    understand_events,
)


def told(text: str, answers: Answers | None = None) -> list[tuple[str, ...]]:
    """Every event of a file, short; a rejected row as its line and code."""
    table = read(text.encode())
    found = events(table, understand_events(table, answers).reading)
    return [_short(entry) for entry in found]


def _short(entry: Event | Rejection) -> tuple[str, ...]:
    if isinstance(entry, Rejection):
        return (str(entry.line), entry.code)
    what = (entry.before, entry.after) if entry.before or entry.after else (entry.text,)
    return (entry.deal_id or entry.deal_name, entry.at.isoformat(), entry.kind, *what)


@pytest.mark.parametrize(
    ("header", "yes"),
    [
        ("Id,OpportunityId,CreatedDate,StageName,Amount,CloseDate", True),
        ("case_id,stage,changed_at,owner", True),
        ("Deal,Type,Datum,Notitie", True),
        ("field_key,old_value,new_value,time,deal_id", True),
        ("Id,Name,StageName,Amount,CloseDate,CreatedDate", False),
        ("Deal,Type,Datum,Fase,Bedrag", False),
        ("Dealnaam,Fase,Bedrag", False),
    ],
)
def test_a_file_with_events_is_told_from_one_with_deals(header: str, yes: bool) -> None:
    rows = "".join(
        ",".join(f"{name}{number}" for name in header.split(",")) + "\n" for number in range(3)
    )
    assert tells_events(read(f"{header}\n{rows}".encode())) is yes


def test_a_log_with_all_of_a_deal_is_a_log_when_deals_come_again() -> None:
    rows = "".join(f"Mill,Stage,{day}-01-2026,Demo,5\n" for day in range(13, 20))
    assert tells_events(read(f"Deal,Type,Datum,Fase,Bedrag\n{rows}".encode()))


def test_snapshots_that_follow_each_other_differ_in_what_changed() -> None:
    text = (
        "Id,OpportunityId,CreatedDate,StageName,Amount,CloseDate\n"
        "3,006bm00000LKJNN,02/25/26 08:00 AM,Closed Won,1500,04/30/26\n"
        "1,006bm00000LKJNNAA5,02/23/26 08:55 PM,Qualification,1000,03/31/26\n"
        "2,006bm00000LKJNNAA5,02/24/26 08:55 PM,Qualification,1000,04/30/26\n"
    )
    deal = "006bm00000LKJNNAA5"
    assert told(text) == [
        (deal, "2026-02-23T20:55:00", "stage", "", "Qualification"),
        (deal, "2026-02-24T20:55:00", "date", "2026-03-31", "2026-04-30"),
        (deal, "2026-02-25T08:00:00", "stage", "Qualification", "Closed Won"),
        (deal, "2026-02-25T08:00:00", "amount", "1000", "1500"),
    ]


def test_changes_of_fields_that_matter_are_taken_and_others_passed_over() -> None:
    text = (
        "deal_id,field_key,old_value,new_value,time\n"
        "7,stage_id,Lead In,Demo,2026-01-02 10:00:00\n"
        "7,expected_close_date,2026-03-01,2026-04-01,2026-01-03 10:00:00\n"
        "7,value,1000,1500.50,2026-01-04 10:00:00\n7,label,a,b,2026-01-05 10:00:00\n"
    )
    assert told(text) == [
        ("7", "2026-01-02T10:00:00", "stage", "Lead In", "Demo"),
        ("7", "2026-01-03T10:00:00", "date", "2026-03-01", "2026-04-01"),
        ("7", "2026-01-04T10:00:00", "amount", "1000", "1500.5"),
    ]


def test_phases_from_and_to_are_stages() -> None:
    text = "deal;van;naar;datum\nMolen;Nieuw;Offerte;13-01-2026 09:30\n"
    assert told(text) == [("Molen", "2026-01-13T09:30:00", "stage", "Nieuw", "Offerte")]


def test_activities_have_a_kind_and_their_words() -> None:
    text = (
        "Deal;Soort;Datum;Onderwerp;Notitie;Door\n"
        "Molen;Telefoongesprek;13-01-2026;Nabellen;Zij bellen terug;Anna\n"
        "Molen;E-mail;14-01-2026;Offerte;;Anna\nMolen;Koffie;15-01-2026;Bij de klant;;Anna\n"
        ";Afspraak;16-01-2026;x;;\nMolen;Taak;;x;;\nMolen;Taak;soon;x;;\nMolen;Taak;13-01-0026;x;;\n"
    )
    assert told(text) == [
        ("Molen", "2026-01-13T00:00:00", "call", "Nabellen\nZij bellen terug"),
        ("Molen", "2026-01-14T00:00:00", "mail", "Offerte"),
        ("Molen", "2026-01-15T00:00:00", "note", "Koffie: Bij de klant"),
        ("5", "no-deal"),
        ("6", "no-date"),
        ("7", "date-unreadable"),
        ("8", "year-unlikely"),
    ]
    found = understand_events(read(text.encode()))
    assert (found.unknown_kinds, found.kinds) == ({"Koffie": 1}, {"call": 1, "mail": 1, "note": 1})
    assert (found.rejected, found.deals, found.to_dict()["period"]) == (
        4, 1, ["2026-01-13", "2026-01-15"],
    )  # fmt: skip


def test_a_file_of_calls_needs_no_column_of_kinds() -> None:
    text = (
        "TASKID,Call Start Time,Subject,POTENTIALID\n"
        "1,2026-04-15 23:03:00,INVOICE CALL,8\n2,2026-04-15 23:03:00,Again,0\n"
    )
    assert told(text) == [("8", "2026-04-15T23:03:00", "call", "INVOICE CALL"), ("3", "no-deal")]


def test_dates_can_be_flipped() -> None:
    text = "deal,from,to,date\nMill,New,Demo,03-05-2026\n"
    assert told(text)[0][1] == "2026-05-03T00:00:00"
    assert told(text, Answers(date_order="mdy"))[0][1] == "2026-03-05T00:00:00"


def test_a_file_that_names_no_deal_tells_what_it_lacks() -> None:
    found = understand_events(read(b"Task Owner,Subject,Due Date\nAnna,Call,2026-01-02\n"))
    assert (found.missing, found.events) == (("deal_id",), 0)


@pytest.mark.parametrize(
    "header",
    [
        'Date entered "Demo (Sales Pipeline)"',
        "Date entered “Demo (Sales Pipeline)”",
        "Date entered 'Demo (Sales Pipeline)'",
        "Datum ingevoerd Demo (Verkoop)",
        "hs_v2_date_entered_Demo",
    ],
)
def test_columns_with_the_day_a_stage_was_entered_are_history(header: str) -> None:
    quoted = header.replace('"', '""')
    text = (
        f'Record ID,Deal Name,Deal Stage,Date entered current stage,"Date entered ""Won (S)""",'
        f'"{quoted}"\n1,Mill,Won,2026-01-09,2026-01-09 10:30,2026-01-02 09:00\n2,Barn,Demo,,,\n'
    )
    table = read(text.encode())
    found = understand(table)
    mill, barn = deals(table, found.reading)
    assert isinstance(mill, DealRow)
    assert isinstance(barn, DealRow)
    assert [(entry.stage, entry.at.isoformat()) for entry in mill.history] == [
        ("Demo", "2026-01-02T09:00:00"),
        ("Won", "2026-01-09T10:30:00"),
    ]
    assert (barn.history, found.history) == ((), 2)
    assert mill.extra == {"Date entered current stage": "2026-01-09"}

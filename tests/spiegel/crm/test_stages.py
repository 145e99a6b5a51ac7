"""Status, stage, flags and reason together say how a deal stands; unknown names are asked."""

from __future__ import annotations

from datetime import date

import pytest

from spiegel.crm import Answers, DealRow, Rejection, deals, read, systems, understand
from spiegel.crm.stages import stage_type_of


def rows(text: str, answers: Answers | None = None) -> list[DealRow]:
    """The deals of a file."""
    table = read(text.encode())
    found = deals(table, understand(table, answers).reading)
    return [entry for entry in found if isinstance(entry, DealRow)]


def standing(text: str, answers: Answers | None = None) -> list[tuple[str, str]]:
    """The stage and stage type of every deal."""
    return [(deal.stage, deal.stage_type) for deal in rows(text, answers)]


def doubts(text: str, today: date | None = None) -> dict[str, object]:
    """What is said about a file: code to the lines it names, or else its figures."""
    found = understand(read(text.encode()), today=today).warnings
    return {doubt.code: doubt.data.get("lines", doubt.data) for doubt in found}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Dead", "lost"),
        ("Loss", "lost"),
        ("Disqualified", "lost"),
        ("Verloren", "lost"),
        ("Gewonnen", "won"),
        ("7. Gewonnen", "won"),
        ("07 - Closed Won", "won"),
        ("Closed won (Sales Pipeline)", "won"),
        ("Proposal (50%)", "open"),
        ("20% - Offerte verstuurd", "open"),
        ("Abgeschlossen verloren", "lost"),
        ("Angebot gesendet", "open"),
        ("Keine Entscheidung", "no_decision"),
        ("In de wacht", "parked"),
        ("closedwon", "won"),
        ("Won't fix", "unknown"),
        ("7", "unknown"),
        ("Nearly won", "unknown"),
    ],
)
def test_a_name_means_what_it_is_known_to_mean(name: str, kind: str) -> None:
    assert stage_type_of(name, systems()["generic"], {}) == kind


def test_flags_of_the_crm_tell_what_its_own_stage_names_mean() -> None:
    text = (
        "Id,Name,StageName,IsClosed,IsWon\n"
        "1,Mill,Handshake,TRUE,TRUE\n2,Barn,Goodbye,true,false\n3,Shed,Coffee,False,false\n"
        "4,Loft,Closed Won,TRUE,FALSE\n5,Quay,No decision,TRUE,FALSE\n"
    )
    assert standing(text) == [
        ("Handshake", "won"), ("Goodbye", "lost"), ("Coffee", "open"), ("Closed Won", "won"),
        ("No decision", "no_decision"),
    ]  # fmt: skip
    assert doubts(text)["stage-differs"] == "5"


def test_a_flag_alone_is_asked_where_it_does_not_tell() -> None:
    text = "Prospect ID,Lead Number,Converted\na,1,1\nb,2,0\n"
    assert standing(text) == [("Converted: 1", "won"), ("Converted: 0", "unknown")]
    answered = Answers(stage_types={"Converted: 0": "lost"})
    assert standing(text, answered)[1] == ("Converted: 0", "lost")


def test_a_reason_tells_parked_and_undecided_deals_from_lost_ones() -> None:
    text = (
        "(Do Not Modify) Opportunity,Topic,Status,Status Reason\n"
        "1,Mill,Lost,Canceled\n2,Barn,Lost,Out-Sold\n3,Shed,Open,On Hold\n4,Loft,Open,In Progress\n"
        "5,Quay,Won,Won\n"
    )
    assert standing(text) == [
        ("Canceled", "no_decision"), ("Lost", "lost"), ("On Hold", "parked"), ("Open", "open"),
        ("Won", "won"),
    ]  # fmt: skip
    assert rows(text)[0].extra == {"Status": "Lost"}


def test_lost_or_parked_is_asked_where_a_system_mixes_them() -> None:
    text = (
        "Deal - ID,Deal - Title,Deal - Stage,Deal - Status,Deal - Lost reason\n"
        "1,Mill,Demo,Lost,Next year\n2,Barn,Demo,Lost,Price\n"
    )
    assert "lost-or-parked" in doubts(text)
    found = understand(read(text.encode()))
    assert found.lost_reasons == {"Next year": 1, "Price": 1}
    answered = Answers(reason_types={"Next year": "parked"})
    assert standing(text, answered) == [("Next year", "parked"), ("Lost", "lost")]


def test_status_and_stage_that_contradict_each_other_are_reported() -> None:
    text = (
        "Deal - ID,Deal - Title,Deal - Stage,Deal - Status\n"
        "1,Mill,Lead In,Won\n2,Barn,Closed Lost,Won\n3,Shed,Proposal Made,Won\n"
    )
    told = doubts(text)
    assert (told["won-at-first-stage"], told["stage-differs"]) == ("2", "3")


def test_chances_and_dates_that_cannot_be_are_reported() -> None:
    text = (
        "ID,Name,Stage,Amount,Probability,Weighted amount,Close date,Created on\n"
        "1,Mill,Won,5,80,5,2026-01-05,2025-01-05\n2,Barn,Proposal,5,100,6,2026-01-05,2025-01-05\n"
        "3,Shed,Proposal,5,50,1,2024-01-05,2023-01-05\n4,Loft,Lost,5,0,0,2026-09-05,2026-01-05\n"
    )
    told = doubts(text, date(2026, 3, 1))
    assert {code: told[code] for code in told if code != "no-reason-column"} == {
        "won-probability": "2",
        "open-probability": "3",
        "expected-above-amount": "3",
        "closed-in-future": "5",
        "overdue": "3",
        "overdue-by-a-year": "4",
    }


def test_lost_deals_that_are_missing_are_missed() -> None:
    odoo = "External ID,Opportunity,Expected Revenue,Stage\n" + "".join(
        f"x{n},Mill {n},5,Won\n" for n in range(10)
    )
    assert "lost-archived" in doubts(odoo)
    other = "ID,Name,Stage\n" + "".join(f"x{n},Mill {n},Won\n" for n in range(10))
    assert "no-lost-deals" in doubts(other)


def test_amounts_in_several_currencies_are_not_added_up_silently() -> None:
    text = "ID,Name,Stage,Amount\n1,Mill,Lost,€ 5\n2,Barn,Won,$ 6\n"
    found = understand(read(text.encode()))
    assert {code: str(total) for code, total in found.amounts_by_currency.items()} == {
        "EUR": "5",
        "USD": "6",
    }
    assert doubts(text)["several-currencies"] == {"currencies": "EUR, USD"}


def test_a_header_can_name_the_currency() -> None:
    (deal,) = rows("ID,Name,Stage,Amount (USD)\n1,Mill,Won,5\n")
    assert deal.currency == "USD"


def test_deleted_deals_and_rounded_ids_are_not_taken() -> None:
    text = (
        "Id,Name,StageName,IsDeleted,CloseDate\n1,Mill,Won,true,2026-01-01\n"
        '"1,23457E+11",Barn,Won,false,2026-01-01\n3,Shed,Won,false,0024-01-01\n'
    )
    table = read(text.encode())
    found = deals(table, understand(table).reading)
    assert [entry.code for entry in found if isinstance(entry, Rejection)] == [
        "deleted", "id-rounded", "year-unlikely",
    ]  # fmt: skip

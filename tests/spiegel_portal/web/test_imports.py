"""The import pages: upload, answer, watch, read the report, take it back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.spiegel_portal.deals.imports.helpers import SAMPLE, bring_in, upload

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.imports import domain, tasks
from spiegel_portal.deals.models import Deal, DealEvent, Import, ImportFile

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client
    from tests.conftest import House

HEADER = "ID,Name,Stage,Owner,Amount,Close date\n"
GOOD = HEADER + "1,Kiln,Blue,Owner,100,03-05-2026\n2,Roof,Won,Owner,much,03-05-2026\n"
UNREADABLE = "“=1+1” under Amount is not an amount with “.” before the decimals."


@pytest.fixture
def administrator_client(client: Client, house: House) -> Client:
    client.force_login(house.administrator)
    return client


def send(client: Client, text: str | bytes, name: str = "deals.csv") -> HttpResponse:
    data = text.encode() if isinstance(text, str) else text
    return client.post(reverse("import_new"), {"file": SimpleUploadedFile(name, data)})


def page(name: str, run: Import) -> str:
    return reverse(name, kwargs={"import_id": run.pk})


def only_import(house: House) -> Import:
    with organisation_scope(house.organisation):
        run: Import = Import.objects.get()
    return run


def answers(client: Client, run: Import, **changed: str) -> dict[str, str]:
    """The form as the page shows it, with some answers changed."""
    form = client.get(page("import_detail", run)).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    return {**shown, **{name.replace("_0", "-0"): value for name, value in changed.items()}}


def words(response: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def test_a_file_is_understood_answered_applied_and_taken_back(
    administrator_client: Client, house: House
) -> None:
    client = administrator_client
    response = send(client, GOOD)
    run = only_import(house)
    assert response["Location"] == page("import_detail", run)
    shown = client.get(response["Location"])
    assert "1 deal in a file of 2 rows. Nothing is changed yet." in words(shown)
    assert "Say first what each new stage means." in words(shown)
    assert "Line 3: “much” under Amount is not an amount" in words(shown)

    refused = client.post(page("import_detail", run), answers(client, run) | {"do": "apply"})
    assert refused.status_code == 422
    assert client.post(
        page("import_detail", run), answers(client, run, stage_0="parked", do="apply")
    ).status_code == 302  # fmt: skip
    with organisation_scope(house.organisation):
        assert list(Deal.objects.values_list("name", "stage_type", "owner")) == [
            ("Kiln", "parked", house.owner.pk)
        ]
        assert ImportFile.objects.count() == 0
    report = words(client.get(page("import_detail", run)))
    assert "1 row was not taken" in report
    assert "New deals 1 Updated 0 Unchanged 0 Not taken 1" in report

    assert client.get(page("import_undo", run)).status_code == 200
    client.post(page("import_undo", run))
    assert "Deals removed 1 Deals as they were before 0" in words(
        client.get(page("import_detail", run))
    )
    with organisation_scope(house.organisation):
        assert Deal.objects.count() == 0


def test_dates_and_columns_can_be_changed(administrator_client: Client, house: House) -> None:
    client = administrator_client
    send(client, HEADER + "1,Kiln,Won,Owner,100,03-05-2026\n")
    run = only_import(house)
    sent = answers(client, run) | {"date_order": "mdy", "column-4": "", "do": "look"}
    assert client.post(page("import_detail", run), sent).status_code == 302
    run = only_import(house)
    assert run.understanding["dates"]["asked"] is True
    assert run.understanding["mapping"] == {
        "external_id": "ID", "name": "Name", "owner": "Owner", "stage": "Stage",
        "close_date": "Close date",
    }  # fmt: skip


def test_one_field_in_two_columns_is_refused_and_nothing_is_lost(
    administrator_client: Client, house: House
) -> None:
    client = administrator_client
    send(client, GOOD)
    run = only_import(house)
    sent = answers(client, run) | {"column-4": "name", "do": "look"}
    response = client.post(page("import_detail", run), sent)
    assert response.status_code == 422
    assert "“Name of the deal” is already the column Name; choose one of the two." in words(
        response
    )
    assert response.context["form"]["column-4"].value() == "name"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty. An export has a header and a row per deal."),
        (b"<!doctype html>", "This is a web page saved under the name of a table."),
        (b"%PDF-1.4", "This is a PDF, not a table. Export the deals as CSV or Excel."),
        (b'a,b\n1,"2\n3,4\n', "The quotation mark that opens on line 2 is never closed."),
    ],
)
def test_a_refused_file_gets_one_sentence(
    owner_client: Client, house: House, data: bytes, sentence: str
) -> None:
    response = send(owner_client, data)
    assert response.status_code == 422
    assert response.context["form"].errors["file"][0].startswith(sentence)
    with organisation_scope(house.organisation):
        assert Import.objects.count() == 0


def test_a_file_over_the_limit_is_refused(
    owner_client: Client, house: House, settings: Any
) -> None:
    settings.SPIEGEL_IMPORT_MAX_BYTES = 10
    response = send(owner_client, GOOD)
    assert response.context["form"].errors["file"][0].startswith("This file is too large")


def test_no_file_chosen_is_told(owner_client: Client) -> None:
    assert owner_client.post(reverse("import_new")).status_code == 422


def test_a_seller_sees_and_chooses_only_for_themselves(owner_client: Client, house: House) -> None:
    send(owner_client, HEADER + "1,Kiln,Won,Somebody,100,\n")
    run = only_import(house)
    form = owner_client.get(page("import_detail", run)).context["form"]
    assert [label for _, label in form.fields["owner-0"].choices] == ["nobody here", "Owner"]
    assert [mode for mode, _ in form.fields["owner_mode"].choices] == ["column", "mine"]
    sent = answers(owner_client, run) | {"owner_mode": "mine", "do": "apply"}
    owner_client.post(page("import_detail", run), sent)
    with organisation_scope(house.organisation):
        assert Deal.objects.get().owner == house.owner


def test_a_page_that_waits_moves_by_itself(owner_client: Client, house: House) -> None:
    with organisation_scope(house.organisation):
        run = upload(house.organisation, house.owner, GOOD)
        Import.objects.update(state=Import.State.APPLYING, done=1)
    shown = owner_client.get(page("import_detail", run)).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in shown
    piece = owner_client.get(page("import_progress", run))
    assert "50% done." in words(piece)
    assert (piece.has_header("HX-Refresh"), b"<html" in piece.content) == (False, False)
    with organisation_scope(house.organisation):
        Import.objects.update(state=Import.State.FAILED, report={"code": "file-gone", "data": {}})
    assert owner_client.get(page("import_progress", run))["HX-Refresh"] == "true"
    failed = words(owner_client.get(page("import_detail", run)))
    assert "The file is no longer kept. Upload it again. No deal was changed." in failed


def test_a_failed_import_starts_again(owner_client: Client, house: House) -> None:
    with organisation_scope(house.organisation):
        run = upload(house.organisation, house.owner, "ID,Name,Stage\n1,Kiln,Won\n")
        Import.objects.update(state=Import.State.FAILED)
    owner_client.post(page("import_again", run))
    assert only_import(house).state == Import.State.APPLIED


def test_rejected_rows_can_be_downloaded_mended_and_uploaded(
    administrator_client: Client, house: House
) -> None:
    with organisation_scope(house.organisation):
        rows = "1,Kiln,Won,Owner,=1+1,\n2,Roof,Won,Owner,-12,\n"
        run = bring_in(house.organisation, house.administrator, HEADER + rows + "3,,Won,,,\n")
    response = administrator_client.get(page("import_rejected", run))
    assert response["Content-Disposition"] == 'attachment; filename="rejected-rows.csv"'
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines == [
        "ID,Name,Stage,Owner,Amount,Close date,Line in the file,Why it was not taken",
        f"1,Kiln,Won,Owner,'=1+1,,2,{UNREADABLE}",
        "3,,Won,,,,4,This row has no name for the deal.",
    ]
    mended = "\n".join([lines[0], lines[1].replace("'=1+1", "2")])
    send(administrator_client, mended.encode("utf-8-sig"))
    with organisation_scope(house.organisation):
        assert Import.objects.latest("created_at").understanding["plan"]["new"] == 1


def test_an_upload_is_thrown_away_with_its_file(owner_client: Client, house: House) -> None:
    send(owner_client, GOOD)
    owner_client.post(page("import_discard", only_import(house)))
    with organisation_scope(house.organisation):
        assert (Import.objects.count(), ImportFile.objects.count()) == (0, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number(
    administrator_client: Client, house: House, django_assert_num_queries: Any, count: int
) -> None:
    with organisation_scope(house.organisation):
        for _ in range(count):
            bring_in(house.organisation, house.administrator, SAMPLE.read_bytes())
    administrator_client.get(reverse("import_list"))
    with django_assert_num_queries(4):
        response = administrator_client.get(reverse("import_list"))
    assert len(response.context["imports"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_questions_take_the_same_queries_for_any_number_of_rows(
    administrator_client: Client, house: House, django_assert_num_queries: Any, count: int
) -> None:
    rows = "".join(f"{number},Kiln,S{number},O{number},1,\n" for number in range(count))
    send(administrator_client, HEADER + rows)
    run = only_import(house)
    with django_assert_num_queries(6):
        administrator_client.get(page("import_detail", run))


def test_a_seller_lists_their_own_and_an_administrator_all(client: Client, house: House) -> None:
    with organisation_scope(house.organisation):
        for user in (house.owner, house.colleague):
            upload(house.organisation, user, GOOD)
    found = {}
    for person in ("owner", "manager", "administrator", "stranger"):
        client.force_login(getattr(house, person))
        found[person] = len(client.get(reverse("import_list")).context["imports"])
    assert found == {"owner": 1, "manager": 2, "administrator": 2, "stranger": 0}


def test_rejected_rows_can_be_downloaded_before_anything_is_imported(
    administrator_client: Client, house: House
) -> None:
    client = administrator_client
    send(client, GOOD)
    run = only_import(house)
    assert "Download the rejected rows" in words(client.get(page("import_detail", run)))
    lines = client.get(page("import_rejected", run)).content.decode("utf-8-sig").splitlines()
    assert lines == [
        "ID,Name,Stage,Owner,Amount,Close date,Line in the file,Why it was not taken",
        (
            "2,Roof,Won,Owner,much,03-05-2026,3,"
            "“much” under Amount is not an amount with “.” before the decimals."
        ),
    ]


def test_without_ids_a_key_is_asked_and_what_it_merges_is_shown(
    administrator_client: Client, house: House
) -> None:
    client = administrator_client
    text = "Name,Account,Stage\nMill,Mills,Won\nMill,Mills,Lost\nBarn,Barns,Won\n"
    send(client, text)
    run = only_import(house)
    shown = words(client.get(page("import_detail", run)))
    assert "There are no ids. What tells one deal from another?" in shown
    assert "Name of the deal, Customer: rows that are an earlier deal: 1 (lines 2 = 3)" in shown
    sent = answers(client, run) | {"key": "name|account", "do": "look"}
    assert client.post(page("import_detail", run), sent).status_code == 302
    shown = words(client.get(page("import_detail", run)))
    assert "Line 3: This row has the same Name, Account as line 2; that row was taken." in shown
    assert "(lines 2 = 3)" in shown  # the choice can still be seen and changed
    client.post(page("import_detail", run), answers(client, run) | {"do": "apply"})
    send(client, text)
    with organisation_scope(house.organisation):
        again = Import.objects.latest("created_at")
        assert again.understanding["plan"]["unchanged"] == 2
        assert sorted(Deal.objects.values_list("external_id", flat=True)) == [
            "key:barn|barns", "key:mill|mills",
        ]  # fmt: skip


def test_the_columns_of_a_file_are_remembered(administrator_client: Client, house: House) -> None:
    client = administrator_client
    first = "Nr,Thing,How,Worth\n1,Mill,Won,5\n"
    send(client, first)
    run = only_import(house)
    columns = {
        f"column-{n}": name for n, name in enumerate(("external_id", "name", "stage", "amount"))
    }
    client.post(page("import_detail", run), answers(client, run) | columns | {"do": "look"})
    client.post(page("import_detail", run), answers(client, run) | {"do": "apply"})
    response = send(client, first.replace("5", "6"), "again.csv")
    assert "The columns are read as in your earlier import of deals.csv." in words(
        client.get(response["Location"])
    )
    with organisation_scope(house.organisation):
        found = Import.objects.latest("created_at").understanding
    assert (found["mapping"]["name"], found["plan"]["updated"]) == ("Thing", 1)


def test_lost_deals_can_be_said_to_be_parked(administrator_client: Client, house: House) -> None:
    client = administrator_client
    send(
        client,
        "Deal - ID,Deal - Title,Deal - Status,Deal - Lost reason\n"
        "1,Mill,Lost,Next year\n2,Barn,Lost,Price\n",
    )
    run = only_import(house)
    assert "Which of these reasons mean that a deal is only parked? Next year (1) Price (1)" in (
        words(client.get(page("import_detail", run)))
    )
    sent = answers(client, run) | {"parked_reasons": "Next year"}
    client.post(page("import_detail", run), sent | {"do": "look"})
    run = only_import(house)
    assert run.understanding["stage_types"]["parked"] == 1
    assert client.get(page("import_detail", run)).context["form"]["parked_reasons"].value() == [
        "Next year"
    ]


def test_a_workbook_is_understood(administrator_client: Client, house: House) -> None:
    from tests.spiegel.crm.test_workbook import SMALL

    send(administrator_client, SMALL, "deals.xlsx")
    shown = words(administrator_client.get(page("import_detail", only_import(house))))
    assert "Sheet Deals" in shown
    assert "Encoding xlsx" in shown


def test_a_file_with_events_is_understood_asked_about_and_applied(
    administrator_client: Client, house: House
) -> None:
    client = administrator_client
    send(client, "ID,Name,Stage\n1,Molen,Won\n")
    run = only_import(house)
    client.post(page("import_detail", run), answers(client, run) | {"do": "apply"})
    text = (
        "Deal;Soort;Datum;Onderwerp\nMolen;E-mail;13-01-2026;Offerte\n"
        "Molen;Koffie;14-01-2026;Bij de klant\nNiemand;E-mail;14-01-2026;x\n"
    )
    shown = client.get(send(client, text, "calls.csv")["Location"])
    said = words(shown)
    assert "This file of 3 rows tells what happened to deals. Nothing is changed yet." in said
    assert "Line 4: There is no deal “Niemand” here." in said
    assert "New on timelines 2 On how many deals 1 There already 0 Not taken 1" in said
    with organisation_scope(house.organisation):
        events = Import.objects.latest("created_at")
    sent = answers(client, events) | {"kind-0": "meeting", "do": "apply"}
    assert client.post(page("import_detail", events), sent).status_code == 302
    assert "New on timelines 2" in words(client.get(page("import_detail", events)))
    assert "It put 2 events on the timelines of 1 deals." in words(
        client.get(page("import_undo", events))
    )
    client.post(page("import_undo", events))
    assert "Taken off timelines 2" in words(client.get(page("import_detail", events)))


def test_a_long_file_is_read_by_a_job_and_imported_when_nothing_is_asked(
    owner_client: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs: list[tuple[Any, ...]] = []
    monkeypatch.setattr(domain, "AT_ONCE", 1)
    monkeypatch.setattr(domain, "async_task", lambda *words, **_options: jobs.append(words))
    send(owner_client, "ID,Name,Stage\n1,Kiln,Won\n2,Roof,Zonk\n")
    run = only_import(house)
    assert (run.state, jobs[0][1:]) == (
        Import.State.READING, (str(house.organisation.pk), str(run.pk), False),
    )  # fmt: skip
    assert "The file is being read." in words(owner_client.get(page("import_detail", run)))
    tasks.look(*jobs[0][1:])
    tasks.look(*jobs[0][1:])  # a job that comes twice changes nothing
    sent = answers(owner_client, run) | {"owner_mode": "mine", "do": "apply"}
    asked = {name: "open" for name, value in sent.items() if name[:6] == "stage-" and not value}
    owner_client.post(page("import_detail", run), sent | asked)
    assert (only_import(house).state, jobs[1][3]) == (Import.State.READING, True)
    tasks.look(*jobs[1][1:])
    assert (only_import(house).state, len(jobs)) == (Import.State.QUEUED, 3)
    tasks.apply(*jobs[2][1:])
    with organisation_scope(house.organisation):
        assert sorted(Deal.objects.values_list("name", "stage_type")) == [
            ("Kiln", "won"), ("Roof", "open"),
        ]  # fmt: skip


def test_a_large_upload_is_taken_from_where_it_is(
    owner_client: Client, house: House, settings: Any
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    send(owner_client, GOOD)
    assert only_import(house).total == 2


def test_columns_of_a_file_with_events_are_chosen_by_hand(
    owner_client: Client, house: House
) -> None:
    send(owner_client, "ID,Name,Stage\n1,Kiln,Won\n")
    owner_client.post(
        page("import_detail", only_import(house)),
        answers(owner_client, only_import(house)) | {"owner_mode": "mine", "do": "apply"},
    )
    with organisation_scope(house.organisation):
        Import.objects.all().delete()
    send(owner_client, "Deal ID,Type,Date,Subject,Zonk\n1,Call,2026-03-02,Hello,They said yes\n")
    run = only_import(house)
    shown = owner_client.get(page("import_detail", run)).context["form"]
    assert shown["column-4"].value() == ""
    twice = owner_client.post(
        page("import_detail", run), answers(owner_client, run) | {"column-4": "at"}
    )
    assert (twice.status_code, "is already the column Date" in words(twice)) == (422, True)
    owner_client.post(
        page("import_detail", run),
        answers(owner_client, run) | {"column-3": "", "column-4": "text", "do": "apply"},
    )
    with organisation_scope(house.organisation):
        told = DealEvent.objects.filter(kind="call").values_list("text", flat=True)
        assert list(told) == ["They said yes"]

"""`spiegel import`: deals and their history, whose they become, and what it says if it cannot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.factories import make_person

from spiegel.errors import InputError
from spiegel_portal.commands import import_file
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.models import Deal, DealEvent
from spiegel_portal.people.models import Organisation, Role, User

if TYPE_CHECKING:
    from tests.conftest import House

DATA = Path(__file__).parents[2] / "data" / "crm"
ROWS = "Id;Deal;Stage;Owner\n1;Contract;Won;Somebody Else\n"


def brought_in(
    house: House, name: str, capsys: pytest.CaptureFixture[str], *words: str
) -> dict[str, Any]:
    """What the command says of a file, as JSON."""
    options = ["--organisation", house.organisation.slug, "--json", *words]
    assert import_file.main([str(DATA / name), *options]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_deals_and_then_their_history(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    deals = brought_in(house, "salesforce_report.csv", capsys)
    assert (deals["kind"], deals["deals"], deals["result"]["new"]) == ("deals", 3, 3)
    history = brought_in(house, "salesforce_history.csv", capsys)
    assert (history["kind"], history["events"]) == ("events", 6)
    assert history["result"] == {"new": 5, "known": 1, "deals": 1, "rejected": 0}
    with organisation_scope(house.organisation):
        won = Deal.objects.get(external_id="006bm00000LKJNNAA5")
        moved = DealEvent.objects.filter(deal=won, kind="date").order_by("at")
        assert [event.data["to"] for event in moved] == ["2026-03-31", "2026-03-13"]


def test_a_dry_run_writes_nothing(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    found = brought_in(house, "zoho.csv", capsys, "--dry-run")
    assert (found["system"], found["result"]["new"]) == ("zoho", 3)
    with organisation_scope(house.organisation):
        assert Deal.objects.count() == 0


def test_it_can_be_read(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    brought_in(house, "sales_pipeline.csv", capsys)
    options = ["--organisation", house.organisation.slug]
    assert import_file.main([str(DATA / "activities_nl.csv"), *options]) == 0
    said = capsys.readouterr()
    assert "events    call 1, mail 1, task 1" in said.out
    assert "done      2 new, 0 known, 1 rejected" in said.out
    assert "There is no deal “Nobody knows this deal” here." in said.err


def test_a_file_of_events_without_deals_is_refused(house: House) -> None:
    options = ["--organisation", house.organisation.slug]
    with pytest.raises(InputError) as problem:
        import_file.main([str(DATA / "activities_nl.csv"), *options])
    assert problem.value.code == "no-events"


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "deals.csv"
    path.write_text(ROWS, encoding="utf-8")
    return str(path)


def only(kind: Organisation.Kind) -> tuple[Organisation, User]:
    """The only organisation there is, with its only member."""
    organisation = Organisation.objects.create(name="Solo", slug="solo", kind=kind)
    return organisation, make_person("solo", organisation, Role.ADMINISTRATOR, None)


def owners_of(organisation: Organisation) -> list[User | None]:
    with organisation_scope(organisation):
        return [deal.owner for deal in Deal.objects.select_related("owner")]


def refused(*words: str) -> str:
    with pytest.raises(InputError) as problem:
        import_file.main(list(words))
    return problem.value.message


def test_the_deals_of_a_solo_seller_become_their_own(
    db: None, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    organisation, person = only(Organisation.Kind.SOLO)
    assert import_file.main([file]) == 0
    assert capsys.readouterr().out.endswith("done      1 new, 0 updated, 0 unchanged, 0 rejected\n")
    assert owners_of(organisation) == [person]
    assert import_file.main([file]) == 0
    assert capsys.readouterr().out.endswith("done      0 new, 0 updated, 1 unchanged, 0 rejected\n")


def test_in_a_company_the_column_of_owners_decides(db: None, file: str) -> None:
    organisation, _person = only(Organisation.Kind.COMPANY)
    assert import_file.main([file]) == 0
    assert owners_of(organisation) == [None]


def test_a_member_imports_their_own(house: House, file: str) -> None:
    words = ["--organisation", "ours", "--user", "Owner@test.example", "--owners", "mine", file]
    assert import_file.main(words) == 0
    assert owners_of(house.organisation) == [house.owner]


def test_whose_deals_must_be_said_where_there_are_more(house: House, file: str) -> None:
    assert refused(file) == "Say whose deals these are: --organisation ours, theirs."
    assert refused("--organisation", "hers", file) == (
        "There is no organisation “hers”; there is ours, theirs."
    )
    assert refused("--organisation", "theirs", "--user", "owner@test.example", file) == (
        "owner@test.example is no member of this organisation."
    )


def test_without_an_organisation_it_says_how_to_begin(db: None, file: str) -> None:
    assert refused(file) == (
        "There is no organisation yet: open the portal and make the first account."
    )


def test_a_seller_the_file_does_not_name_is_told_the_option(house: House, file: str) -> None:
    sentence = refused("--organisation", "ours", "--user", "owner@test.example", file)
    assert sentence.endswith("your name is not among the owners in the file. Use --owners.")

"""`spiegel import`: whose the deals become, and what it says when it cannot go on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.factories import make_person
from tests.spiegel_portal.deals.imports.helpers import SAMPLE

from spiegel.errors import InputError
from spiegel_portal.commands import import_file
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.models import Deal
from spiegel_portal.people.models import Organisation, Role, User

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import House

ROWS = "Id;Deal;Stage;Owner\n1;Contract;Won;Somebody Else\n"


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


def test_a_dry_run_changes_nothing(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--organisation", "ours", "--dry-run", "--json", str(SAMPLE)]
    assert import_file.main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["result"]["new"]) == ("uploaded", told["deals"])
    assert owners_of(house.organisation) == []

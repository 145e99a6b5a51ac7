"""Every system's data file is listed here and keeps to the schema."""

from __future__ import annotations

import json

import pytest

from spiegel.crm.system import parse_system, systems
from spiegel.errors import DataError

GOOD = {
    "id": "abacus",
    "name": "Abacus",
    "recognised_by": [["Bead"]],
    "headers": {"name": ["Bead"]},
    "stages": {"won": ["Full"]},
    "name_from": [],
    "prefixes": [],
    "empty_words": [],
}


def test_these_systems_are_known() -> None:
    assert list(systems()) == [
        "bigin", "dynamics365", "espocrm", "frappe", "hubspot", "leads", "odoo", "pipedrive",
        "sales_pipeline", "salesforce", "teamleader", "zoho", "generic",
    ]  # fmt: skip


def test_a_good_file_is_taken() -> None:
    system = parse_system("abacus", json.dumps(GOOD))
    assert (system.headers, system.stages) == ({"name": ("bead",)}, {"full": "won"})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": "red"}, "systems/abacus.json has the unknown key 'colour'."),
        ({"headers": []}, "systems/abacus.json needs 'headers' as a dict."),
        ({"id": "other"}, "systems/abacus.json has the id 'other'."),
        (
            {"headers": {"colour": ["Red"]}},
            "systems/abacus.json has the unknown headers entry 'colour'.",
        ),
        (
            {"stages": {"great": ["Yes"]}},
            "systems/abacus.json has the unknown stages entry 'great'.",
        ),
        (
            {"stages": {"won": ["Full"], "lost": ["full"]}},
            "systems/abacus.json gives the stage 'full' two types.",
        ),
        (
            {"prefixes": [1]},
            "systems/abacus.json has [1] where a list of texts belongs.",
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_fault(change: dict[str, object], message: str) -> None:
    with pytest.raises(DataError) as fault:
        parse_system("abacus", json.dumps({**GOOD, **change}))
    assert fault.value.message == message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ids": "odd"}, "systems/abacus.json has the unknown ids entry 'odd'."),
        ({"archives_lost": "yes"}, "systems/abacus.json needs 'archives_lost' as a bool."),
        ({"reasons": {"great": []}}, "systems/abacus.json has the unknown reasons entry 'great'."),
        (
            {"event_headers": {"colour": ["Red"]}},
            "systems/abacus.json has the unknown event_headers entry 'colour'.",
        ),
        (
            {"event_kinds": {"call": ["Ring"], "mail": ["ring"]}},
            "systems/abacus.json gives the event kind 'ring' two types.",
        ),
        ({"event_files": [[1]]}, "systems/abacus.json has [1] where a list of texts belongs."),
    ],
)
def test_what_a_file_may_have_is_checked_too(change: dict[str, object], message: str) -> None:
    with pytest.raises(DataError) as fault:
        parse_system("abacus", json.dumps({**GOOD, **change}))
    assert fault.value.message == message


@pytest.mark.parametrize("text", ["{", "[]"])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        parse_system("abacus", text)

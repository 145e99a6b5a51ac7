"""The house's rooms use each other in one direction only, and the engine stays pure."""

from __future__ import annotations

import pytest
from tests.rules import house, tree


def findings(rule: object) -> dict[str, list[str]]:
    found = {}
    for path in tree.source():
        result = rule(path)  # type: ignore[operator]  # each test gives its own function
        if result:
            found[tree.name_of(path)] = result
    return found


def test_rooms_import_earlier_rooms_only() -> None:
    assert (
        findings(
            lambda path: house.wrong_imports(
                tree.read(path), tree.module_of(path), package=path.name == "__init__.py"
            )
        )
        == {}
    )


def test_the_engine_is_pure() -> None:
    def rule(path: object) -> list[str]:
        module = tree.module_of(path)  # type: ignore[arg-type]  # a Path
        if house.room(module)[0] != "spiegel":
            return []
        return house.impure_engine(tree.read(path), module)  # type: ignore[arg-type]  # a Path

    assert findings(rule) == {}


def test_scopes_are_opened_in_one_place() -> None:
    assert findings(lambda path: house.scope_uses(tree.read(path), tree.module_of(path))) == {}


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("from spiegel_portal.people.models import User", "spiegel_portal.deals.domain"),
        ("from spiegel.mirror import reflect", "spiegel_portal.web.views.mirror"),
        ("from .models import Deal", "spiegel_portal.deals.domain"),
        (
            (
                "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
                "    from spiegel_portal.web.views import today"
            ),
            "spiegel_portal.people.domain",
        ),
        ("from spiegel.errors import SpiegelError", "spiegel.crm.read"),
        ("from spiegel_portal.commands import run", "spiegel.cli"),
        ("from spiegel import reflect", "spiegel.cli"),
    ],
)
def test_good_imports(text: str, module: str) -> None:
    assert house.wrong_imports(text, module) == []


@pytest.mark.parametrize(
    ("text", "module", "finding"),
    [
        (
            "from spiegel_portal.deals.models import Deal",
            "spiegel_portal.people.domain",
            "line 1: people may not import deals, which comes later",
        ),
        (
            "def f():\n    from ..web import views",
            "spiegel_portal.deals.domain",
            "line 2: deals may not import web, which comes later",
        ),
        (
            "from spiegel_portal import web",
            "spiegel_portal.deals.domain",
            "line 1: deals may not import web, which comes later",
        ),
        (
            "import spiegel_portal.deals",
            "spiegel.crm.read",
            "line 1: the engine may not import the portal",
        ),
        (
            "from spiegel.crm import read",
            "spiegel.mirror.detect",
            "line 1: mirror may not import crm, which comes later",
        ),
        ("", "spiegel_portal.cellar", ("cellar has no place in the order: add it to "
         "tests/rules/house.py")),
    ],
)  # fmt: skip
def test_bad_imports(text: str, module: str, finding: str) -> None:
    assert house.wrong_imports(text, module) == [finding]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("import django", "line 1: the engine does without django here"),
        ("import random", "line 1: random does not belong in the engine"),
        ("from urllib.request import urlopen", "line 1: urllib does not belong in the engine"),
        (
            "from datetime import datetime\nx = datetime.now()",
            "line 2: the clock belongs to the caller",
        ),
        (
            "import datetime as dt\nx = dt.date.today()",
            "line 2: the clock belongs to the caller",
        ),
        ("import fsrs", "line 1: the engine does without fsrs here"),
    ],
)
def test_impure(text: str, finding: str) -> None:
    assert house.impure_engine(text, "spiegel.mirror.detect") == [finding]


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("import numpy as np\nfrom datetime import date\nx = date(2026, 1, 1)", "spiegel.stats"),
        ("import fsrs", "spiegel.practice.cards"),
        ("import time\ntime.time()", "spiegel.cli"),
    ],
)
def test_pure(text: str, module: str) -> None:
    assert house.impure_engine(text, module) == []


@pytest.mark.parametrize(
    ("text", "module", "expected"),
    [
        ("from django_scopes import ScopedManager", "spiegel_portal.common.tenancy", []),
        (
            "from django_scopes import scopes_disabled",
            "spiegel_portal.deals.queries",
            ["line 1: django_scopes is for common/tenancy.py alone"],
        ),
        (
            "with across_organisations('open-share'):\n    pass",
            "spiegel_portal.people.queries",
            [],
        ),
        (
            "with across_organisations(reason):\n    pass",
            "spiegel_portal.people.queries",
            ["line 1: across_organisations needs one of the listed reasons"],
        ),
        (
            "with tenancy.across_organisations('own-data'):\n    pass",
            "spiegel_portal.web.views.today",
            ["line 1: web may not lift the scope for 'own-data'"],
        ),
    ],
)
def test_scope_rule(text: str, module: str, expected: list[str]) -> None:
    assert house.scope_uses(text, module) == expected

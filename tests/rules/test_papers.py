"""What people can use is documented, and the repository holds nothing of one machine."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import pytest
from tests.rules import papers, tree
from tests.rules.tools import tool

import spiegel

if TYPE_CHECKING:
    from pathlib import Path

DOCS = tree.ROOT / "docs"
#: Read by Python or the system itself.
NOT_OURS = {"PATH", "HOME", "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"}


def document(name: str) -> str:
    path = DOCS / name
    return tree.read(path) if path.exists() else ""


def undocumented(paths: list[Path], text: str) -> list[str]:
    names = {name for path in paths for name in papers.variables(tree.read(path))}
    return sorted(name for name in names - NOT_OURS if not papers.mentioned(name, text))


def test_every_address_is_documented() -> None:
    routes = tool("routes")
    assert document("routes.md") == routes.table(), "run python tools/routes.py"


def test_every_command_is_documented() -> None:
    from spiegel import cli
    from spiegel_portal import commands

    assert set(cli.PORTAL_COMMANDS) == set(commands.MODULES)
    engine = set(cli.ENGINE_COMMANDS)
    names = sorted(engine | set(cli.PORTAL_COMMANDS))
    text = document("cli.md")
    assert [name for name in names if not papers.mentioned(f"spiegel {name}", text)] == []


def test_every_setting_is_documented() -> None:
    assert undocumented(tree.source(), document("operations.md")) == []


def test_every_setting_of_the_tests_is_documented() -> None:
    programs = [*tree.under(tree.ROOT / "tools", ".py"), *tree.under(tree.ROOT / "tests", ".py")]
    text = document("testing.md") + document("operations.md")
    assert undocumented(programs, text) == []


def test_every_public_name_of_the_engine_is_documented() -> None:
    text = "\n".join(tree.read(path) for path in tree.under(DOCS, ".md"))
    assert [name for name in spiegel.__all__ if not papers.mentioned(name, text)] == []


@pytest.mark.parametrize("name", spiegel.__all__)
def test_public_names_are_there_and_explained(name: str) -> None:
    value = getattr(spiegel, name)
    assert not callable(value) or (value.__doc__ or "").strip()


@pytest.mark.parametrize("module", sorted({p.parent.name for p in tree.under(tree.ENGINE, ".py")}))
def test_packages_of_the_engine_list_what_is_public(module: str) -> None:
    name = "spiegel" if module == "spiegel" else f"spiegel.{module}"
    if not (tree.ENGINE / module / "__init__.py").exists() and module != "spiegel":
        return
    package = importlib.import_module(name)
    assert [n for n in getattr(package, "__all__", []) if not hasattr(package, n)] == []


def test_links_in_documents_lead_somewhere() -> None:
    pages = [*tree.under(DOCS, ".md"), *(p for p in tree.tracked() if p.suffix == ".md"
                                          and p.parent == tree.ROOT)]  # fmt: skip
    found = {tree.name_of(page): papers.broken_links(tree.read(page), page) for page in pages}
    assert {name: links for name, links in found.items() if links} == {}


def test_nothing_of_one_machine_is_in_the_repository() -> None:
    found = {}
    for path in tree.tracked():
        try:
            needles = papers.out_of_place(tree.read(path))
        except UnicodeDecodeError:
            continue  # pictures and weights
        if needles:
            found[tree.name_of(path)] = needles
    assert found == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('os.environ.get("SPIEGEL_DATA", ".")', {"SPIEGEL_DATA"}),
        ('os.environ["PORT"]', {"PORT"}),
        ('_required("SPIEGEL_HOSTS", "the host names")', {"SPIEGEL_HOSTS"}),
        ('settings.get("SPIEGEL_DATA")', set()),
    ],
)
def test_variables(text: str, expected: set[str]) -> None:
    assert papers.variables(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Set `PORT` to another", True),
        ("run `spiegel serve --PORT 1`", True),
        ("Set PORT to another", False),
        ("Set `HTTP_PORT`", False),
    ],
)
def test_mentioned(text: str, expected: bool) -> None:
    assert papers.mentioned("PORT", text) is expected


def test_broken_links() -> None:
    text = "[a](testing.md) [b](nowhere.md#c) [c](#here) [d](https://example.org/)"
    assert papers.broken_links(text, DOCS / "x.md") == [
        *([] if (DOCS / "testing.md").exists() else ["testing.md is not there"]),
        "nowhere.md#c is not there",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://docs.example.org/", []),
        ("from /work" + "/shared", ["/work" + "/"]),
        ("pip install --index" + "-url x", ["--index" + "-url"]),
    ],
)
def test_out_of_place(text: str, expected: list[str]) -> None:
    assert papers.out_of_place(text) == expected

"""Modules are short, documented, finished, and silence nothing without a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules import code, tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def findings(rule: Callable[[str], list[str]], paths: list[Path]) -> dict[str, list[str]]:
    found = {tree.name_of(path): rule(tree.read(path)) for path in paths}
    return {name: result for name, result in found.items() if result}


def programs() -> list[Path]:
    folders = (tree.ROOT / "src", tree.ROOT / "tests", tree.ROOT / "tools")
    paths = [path for folder in folders for path in tree.under(folder, ".py")]
    return [path for path in paths if "migrations" not in path.parts]


def test_functions_stay_short() -> None:
    assert findings(code.long_functions, tree.source()) == {}


def test_most_functions_are_short() -> None:
    lengths = [n for path in tree.source() for _, n in code.function_lengths(tree.read(path))]
    median, p95 = code.length_figures(lengths)
    assert median <= code.MEDIAN_FUNCTION
    assert p95 <= code.P95_FUNCTION


def test_files_stay_short() -> None:
    assert findings(code.long_file, programs()) == {}


def test_public_names_are_documented() -> None:
    assert findings(code.undocumented, tree.source()) == {}


def test_nothing_is_left_unfinished() -> None:
    pages = [*tree.templates(), *tree.under(tree.PORTAL, ".js", ".css")]
    own = [path for path in pages if "vendor" not in path.parts]
    assert findings(code.unfinished, [*programs(), *own]) == {}


def test_every_silenced_warning_says_why() -> None:
    assert findings(code.unreasoned, programs()) == {}


def test_gettext_gets_plain_text() -> None:
    assert findings(code.bad_gettext, tree.source()) == {}


@pytest.mark.parametrize(
    ("rule", "good"),
    [
        (code.long_functions, "def f():\n" + "    x = 1\n" * 59),
        (code.long_file, "x = 1\n" * 450),
        (code.undocumented, 'def f():\n    """Do it."""\n'),
        (code.undocumented, "def _f():\n    return 1\n"),
        (code.undocumented, "class WebConfig(AppConfig):\n    def ready(self):\n        pass\n"),
        (code.unfinished, "# a to-do list is what this page shows\n"),
        (code.unreasoned, "import x  # noqa: F401  (for its effect)\n"),
        (code.unreasoned, "x = y  # type: ignore[misc]  # the library has no types\n"),
        (code.unreasoned, 'x = "# noqa"\n'),
        (code.bad_gettext, '_("%(n)s of %(all)s") % {"n": 1, "all": 2}\n'),
        (code.bad_gettext, 'ngettext("%d deal", "%d deals", n) % n\n'),
        (code.bad_gettext, 'match.gettext("a")\n'),
    ],
)
def test_good_examples(rule: Callable[[str], list[str]], good: str) -> None:
    assert rule(good) == []


@pytest.mark.parametrize(
    ("rule", "bad", "finding"),
    [
        (code.long_functions, "def f():\n" + "    x = 1\n" * 60, "f has 61 lines, 60 is the most"),
        (code.long_file, "x = 1\n" * 451, "451 lines, 450 is the most"),
        (code.undocumented, "def f():\n    pass\n", "line 1: f has no docstring"),
        (code.undocumented, "class A:\n    pass\n", "line 1: A has no docstring"),
        (
            code.undocumented,
            'class A:\n    """An A."""\n\n    def b(self):\n        pass\n',
            "line 4: A.b has no docstring",
        ),
        (code.unfinished, "# TO" + "DO: later\n", "line 1: unfinished work"),
        (code.unfinished, "raise NotImplemented" + "Error\n", "line 1: unfinished work"),
        (
            code.unreasoned,
            "import x  # " + "noqa\n",
            "line 1: silenced without a rule or a reason",
        ),
        (
            code.unreasoned,
            "import x  # " + "noqa: F401\n",
            "line 1: silenced without a rule or a reason",
        ),
        (
            code.unreasoned,
            "x = y  # type: " + "ignore\n",
            "line 1: silenced without a rule or a reason",
        ),
        (
            code.unreasoned,
            "x = y  # type: " + "ignore[misc]\n",
            "line 1: silenced without a rule or a reason",
        ),
        (
            code.bad_gettext,
            '_(f"{n} deals")\n',
            "line 1: gettext takes plain text; fill in afterwards",
        ),
        (
            code.bad_gettext,
            '_("{} deals".format(n))\n',
            "line 1: gettext takes plain text; fill in afterwards",
        ),
        (code.bad_gettext, "_(word)\n", "line 1: gettext takes plain text; fill in afterwards"),
        (
            code.bad_gettext,
            '_("%s of %s") % (a, b)\n',
            "line 1: name the placeholders: their order differs per language",
        ),
    ],
)
def test_bad_examples(rule: Callable[[str], list[str]], bad: str, finding: str) -> None:
    assert rule(bad) == [finding]

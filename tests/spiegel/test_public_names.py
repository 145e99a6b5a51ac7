"""The list of public names is true, and importing it stays light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import spiegel

SRC = Path(__file__).resolve().parents[2] / "src"


def run_python(code: str) -> str:
    """Run code in a fresh interpreter that finds the engine, and give what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(SRC), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return done.stdout.strip()


def test_every_listed_name_exists_and_none_is_missing() -> None:
    assert sorted(spiegel._HOMES) == sorted(spiegel.__all__)
    for name in spiegel.__all__:
        value = getattr(spiegel, name)
        assert getattr(value, "__module__", spiegel._HOMES[name]) == spiegel._HOMES[name]


def test_public_names_are_documented() -> None:
    undocumented = [name for name in spiegel.__all__ if not getattr(spiegel, name).__doc__]
    assert undocumented == []


def test_dir_shows_the_public_names() -> None:
    assert set(spiegel.__all__) - set(dir(spiegel)) == set()


def test_an_unknown_name_raises() -> None:
    with pytest.raises(AttributeError, match="module 'spiegel' has no attribute 'nonsense'"):
        _ = spiegel.nonsense


def test_the_labels_stand_in_the_order_of_the_guide() -> None:
    assert spiegel.LABELS == (
        "own",
        "self_verdict",
        "customer",
        "competitor",
        "organisation",
        "offer",
        "circumstances",
        "final",
    )


def test_importing_loads_neither_numpy_nor_django() -> None:
    code = "import spiegel, sys; print([m for m in ('numpy', 'django') if m in sys.modules])"
    assert run_python(code) == "[]"


def test_reflecting_works_without_django() -> None:
    code = """
import importlib.abc, sys
class Block(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {'django', 'spiegel_portal', 'sklearn', 'scipy'}:
            raise ModuleNotFoundError(f'{name} is blocked', name=name)
sys.meta_path.insert(0, Block())
import spiegel
print(spiegel.reflect('I should have asked who decides.').lang)
"""
    assert run_python(code) == "en"

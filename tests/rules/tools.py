"""Load a program of the tools folder as a module."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

from tests.rules.tree import ROOT

if TYPE_CHECKING:
    from types import ModuleType


def tool(name: str) -> ModuleType:
    """The module tools/<name>.py."""
    known = f"tools_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, ROOT / "tools" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[known] = module
        spec.loader.exec_module(module)
    return sys.modules[known]

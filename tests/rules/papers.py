"""Rules about documentation and about what may not be in the repository, as functions."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def variables(text: str) -> set[str]:
    """Environment variables that a module reads: SPIEGEL_*, HOST, PORT and the like."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _reads(node.func):
            names |= _texts(node.args[:1])
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
            names |= _texts([node.slice])
    return names


def _reads(function: ast.expr) -> bool:
    return ast.unparse(function) in {
        "os.environ.get", "environ.get", "os.getenv", "os.environ.setdefault", "_required",
    }  # fmt: skip


def _texts(nodes: list[ast.expr]) -> set[str]:
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def mentioned(name: str, text: str) -> bool:
    """Whether a document names something in code type."""
    return re.search(rf"`[^`\n]*(?<!\w){re.escape(name)}(?!\w)[^`\n]*`", text) is not None


_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*\ssrc=\"([^\"]+)\"")


def broken_links(text: str, place: Path) -> list[str]:
    """Links to files that are not there."""
    targets = [first or second for first, second in _LINK.findall(text)]
    return [
        f"{target} is not there"
        for target in targets
        if "://" not in target
        and not target.startswith(("#", "mailto:"))
        and not (place.parent / target.split("#")[0]).exists()
    ]


#: Hosts that packages come from and folders of one machine, in halves: this file is checked too.
_FORBIDDEN = [
    "pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "deb." + "debian.org",
    "--index" + "-url", "--extra-index" + "-url", "/work" + "/", "/root" + "/", "/home" + "/",
]  # fmt: skip


def out_of_place(text: str) -> list[str]:
    """Package hosts and paths of one machine."""
    return [needle for needle in _FORBIDDEN if needle in text]

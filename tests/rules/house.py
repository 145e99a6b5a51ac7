"""Which room of the house may use which, as functions over the text of a module."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A later room may import an earlier one, never the reverse. Rooms that stand equal share a line.
ENGINE_ORDER = [
    ["errors"],
    ["lines"],
    ["mirror", "claims"],
    ["signs", "crm", "practice", "stats"],
    ["", "evaluate", "train"],
    ["cli", "__main__"],
]
PORTAL_ORDER = [
    ["", "settings"],
    ["common"],
    ["people"],
    ["deals"],
    ["debriefs"],
    ["practice"],
    ["training"],
    ["coaching"],
    ["insights"],
    ["web"],
    ["api"],
    ["urls", "wsgi", "demo"],
    ["commands"],
]
ORDERS = {"spiegel": ENGINE_ORDER, "spiegel_portal": PORTAL_ORDER}

#: What the engine may use beside the standard library, and where.
ENGINE_LIBRARIES = {
    "numpy": "",
    "fsrs": "spiegel.practice",
    "openpyxl": "spiegel.crm",
    "pyarrow": "spiegel.mirror",
}
#: Parts of the standard library that bring in a network, chance or another program.
IMPURE = {"socket", "ssl", "http", "urllib", "asyncio", "random", "secrets", "subprocess"}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "sleep"),
}


def imports(text: str, module: str, *, package: bool = False) -> Iterator[tuple[int, str]]:
    """Every module that runs when this one does, with its line; imports for types are left out.

    Args:
        text: The source of a module.
        module: Its dotted name, to resolve relative imports.
        package: Whether it is a package's ``__init__``.
    """
    for node in _running(ast.parse(text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            yield from _from(node, module, package=package)


def _from(node: ast.ImportFrom, module: str, *, package: bool) -> Iterator[tuple[int, str]]:
    base = node.module or ""
    if node.level:
        parts = module.split(".")
        parts = parts[: len(parts) - node.level + (1 if package else 0)]
        base = ".".join([*parts, base] if base else parts)
    yield node.lineno, base
    if base in ORDERS:  # `from spiegel_portal import deals` names a room, not a thing in it
        yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            for other in child.orelse:
                yield other
                yield from _running(other)
            continue
        yield child
        yield from _running(child)


def room(module: str) -> tuple[str, str]:
    """The root and the room that a module stands in: ``("spiegel_portal", "deals")``."""
    root, _, rest = module.partition(".")
    return root, rest.split(".")[0]


def rank(module: str) -> int | None:
    """Where a module's room stands in the order of its root; None for one nobody placed."""
    root, name = room(module)
    for position, names in enumerate(ORDERS[root]):
        if name in names:
            return position
    return None


def wrong_imports(text: str, module: str, *, package: bool = False) -> list[str]:
    """Imports that point down the house, or from the engine to the portal."""
    own_root, own_room = room(module)
    own_rank = rank(module)
    if own_rank is None:
        return [f"{own_room} has no place in the order: add it to tests/rules/house.py"]
    findings = []
    for line, target in imports(text, module, package=package):
        root, name = room(target)
        if root not in ORDERS or (root == own_root and name == own_room):
            continue
        target_rank = rank(target)
        if root == own_root and target_rank is None:
            continue  # a name defined in the root package itself
        if root == own_root and target_rank is not None and target_rank > own_rank:
            findings.append(f"line {line}: {own_room} may not import {name}, which comes later")
        if own_root == "spiegel" and root == "spiegel_portal" and own_room != "cli":
            findings.append(f"line {line}: the engine may not import the portal")
    return findings


def impure_engine(text: str, module: str) -> list[str]:
    """What the engine does that is not a function of its input."""
    if room(module)[1] in {"cli", "__main__"}:
        return []
    findings = []
    for line, target in imports(text, module):
        top = target.split(".")[0]
        if top in IMPURE:
            findings.append(f"line {line}: {top} does not belong in the engine")
        elif top not in sys.stdlib_module_names and top != "spiegel":
            where = ENGINE_LIBRARIES.get(top)
            if where is None or not module.startswith(where):
                findings.append(f"line {line}: the engine does without {top} here")
    return findings + [
        f"line {node.lineno}: the clock belongs to the caller"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and _is_clock(node.func)
    ]


def _is_clock(function: ast.expr) -> bool:
    if not isinstance(function, ast.Attribute):
        return False
    owner = function.value
    name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    return (name, function.attr) in CLOCKS


#: Where a scope may be lifted, and for which of the reasons in common/tenancy.py.
LIFTED = {
    "find-membership": {"people"},
    "accept-invitation": {"people"},
    "open-share": {"people"},
    "own-data": {"people"},
    "whole-installation": {"commands", "demo", "people", "deals"},
}


def scope_uses(text: str, module: str) -> list[str]:
    """Uses of django_scopes, or of across_organisations, outside the places meant for them."""
    findings = []
    if module != "spiegel_portal.common.tenancy":
        findings += [
            f"line {line}: django_scopes is for common/tenancy.py alone"
            for line, target in imports(text, module)
            if target.split(".")[0] == "django_scopes"
        ]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _name(node.func) == "across_organisations":
            findings += _lifted(node, room(module)[1])
    return findings


def _lifted(call: ast.Call, own_room: str) -> list[str]:
    reason = call.args[0] if call.args else None
    if not isinstance(reason, ast.Constant) or reason.value not in LIFTED:
        return [f"line {call.lineno}: across_organisations needs one of the listed reasons"]
    if own_room not in LIFTED[reason.value]:
        return [f"line {call.lineno}: {own_room} may not lift the scope for {reason.value!r}"]
    return []


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")

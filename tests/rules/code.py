"""Rules about single modules, as functions over their text."""

from __future__ import annotations

import ast
import io
import re
import statistics
import tokenize
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILE = 450
MAX_FUNCTION = 60
P95_FUNCTION = 45
MEDIAN_FUNCTION = 10

Function = ast.FunctionDef | ast.AsyncFunctionDef

#: Methods that a framework calls by these names: the framework's documentation says what they do.
FRAMEWORK_METHODS = {
    "ready", "clean", "save", "delete", "full_clean", "get_absolute_url", "get_queryset",
}  # fmt: skip
#: Classes whose bases say it all.
PLAIN_BASES = {"AppConfig", "TextChoices", "IntegerChoices"}


def function_lengths(text: str) -> list[tuple[str, int]]:
    """Every function of a module with its number of lines, from `def` to its last line."""
    return [
        (node.name, (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, Function)
    ]


def long_functions(text: str) -> list[str]:
    """Functions over the limit that no function may pass."""
    return [
        f"{name} has {lines} lines, {MAX_FUNCTION} is the most"
        for name, lines in function_lengths(text)
        if lines > MAX_FUNCTION
    ]


def length_figures(lengths: list[int]) -> tuple[float, float]:
    """The median and the 95th percentile of function lengths."""
    return statistics.median(lengths), statistics.quantiles(lengths, n=20)[-1]


def long_file(text: str) -> list[str]:
    """A module that has outgrown one file."""
    lines = len(text.splitlines())
    return [f"{lines} lines, {MAX_FILE} is the most"] if lines > MAX_FILE else []


def undocumented(text: str) -> list[str]:
    """Public functions, methods and classes without a docstring."""
    return [
        f"line {node.lineno}: {name} has no docstring"
        for name, node in _public(ast.parse(text))
        if not ast.get_docstring(node)
    ]


def _public(tree: ast.Module) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    for node in tree.body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node.name, node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            if not _is_plain(node):
                yield node.name, node
            yield from _methods(node)


def _methods(cls: ast.ClassDef) -> Iterator[tuple[str, Function]]:
    for node in cls.body:
        if not isinstance(node, Function) or node.name.startswith("_"):
            continue
        overload = any("overload" in ast.dump(item) for item in node.decorator_list)
        if node.name not in FRAMEWORK_METHODS and not overload:
            yield f"{cls.name}.{node.name}", node


def _is_plain(cls: ast.ClassDef) -> bool:
    names = {base.id if isinstance(base, ast.Name) else getattr(base, "attr", "")
             for base in cls.bases}  # fmt: skip
    return bool(names & PLAIN_BASES)


#: Built from halves, so that this file does not break its own rule.
_UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")
_NOT_DONE = "NotImplemented" + "Error"


def unfinished(text: str) -> list[str]:
    """Marks of work that somebody meant to finish later."""
    return [
        f"line {number}: unfinished work"
        for number, line in enumerate(text.splitlines(), 1)
        if _UNFINISHED.search(line) or _NOT_DONE in line
    ]


_NOQA = re.compile(
    r"#\s*" + "noqa" + r"(?P<codes>:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*)?(?P<why>.*)"
)
_IGNORE = re.compile(r"#\s*type:\s*" + "ignore" + r"(?P<codes>\[[a-z0-9, -]+\])?(?P<why>.*)")


def unreasoned(text: str) -> list[str]:
    """Silenced lints and types that do not say which, or do not say why."""
    findings = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        for rule in (_NOQA, _IGNORE):
            found = rule.search(token.string)
            if found and not (found["codes"] and re.search(r"\w{2}", found["why"])):
                findings.append(f"line {token.start[0]}: silenced without a rule or a reason")
    return findings


GETTEXT = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy",
    "pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy",
}  # fmt: skip
#: How many of the first arguments are words.
WORDS = {"ngettext": 2, "ngettext_lazy": 2, "pgettext": 2, "pgettext_lazy": 2,
         "npgettext": 3, "npgettext_lazy": 3}  # fmt: skip
_UNNAMED = re.compile(r"%[sd]|\{\}|\{[0-9]\}")


def bad_gettext(text: str) -> list[str]:
    """Calls of gettext that the catalogues cannot follow, or whose parts cannot change places."""
    findings = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in GETTEXT:
            findings += _bad_words(node, WORDS.get(name, 1))
    return findings


def _bad_words(call: ast.Call, count: int) -> list[str]:
    words = call.args[:count]
    if not all(isinstance(word, ast.Constant) and isinstance(word.value, str) for word in words):
        return [f"line {call.lineno}: gettext takes plain text; fill in afterwards"]
    if any(len(_UNNAMED.findall(str(word.value))) > 1 for word in words):  # type: ignore[attr-defined]  # constants, see above
        return [f"line {call.lineno}: name the placeholders: their order differs per language"]
    return []

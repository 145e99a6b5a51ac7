"""Which column means what: headers matched with the names that systems are known to use.

Names are compared by their letters and digits alone. A column is found under its own name first,
then without what programs and people add to one: a number for a second column of that name, a
currency, something in brackets, and last a word such as ``Opportunity`` before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .system import FIELDS, GENERIC, System, systems
from .values import fold
from .words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: ``Status__2``, ``Status.1``, ``Status (2)`` and ``Status 2``: a name that came before.
_AGAIN = re.compile(r"(?:__|\.|\s)\d{1,2}$|\s*\(\d{1,2}\)$")
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_CURRENCY = re.compile(r"[\s_(,.-]+(?:in\s+)?\(?(?P<code>[A-Z]{3}|€|\$|£)\)?$")


def recognise(header: Iterable[str]) -> System:
    """Say which system a header comes from; the generic one where none is recognised."""
    return _best(header, "recognised_by") or systems()[GENERIC]


def recognise_events(header: Iterable[str]) -> System | None:
    """Say which system a file with events comes from; None where it is no such file."""
    return _best(header, "event_files")


def _best(header: Iterable[str], attribute: str) -> System | None:
    folded = {variant for name in header for variant in (fold(name), fold(_plain(name)))}
    best, size = None, 0
    for system in systems().values():
        for signs in getattr(system, attribute):
            if signs <= folded and len(signs) > size:
                best, size = system, len(signs)
    return best


def mapped(header: tuple[str, ...], system: System, chosen: Mapping[str, str]) -> dict[str, str]:
    """Give each field of a deal its header: a person's choice, else the first synonym there is.

    Args:
        header: The column names.
        system: Where the file comes from; its synonyms go before the general ones.
        chosen: Field to header; ``""`` leaves the field out.
    """
    synonyms = [system.headers, systems()[GENERIC].headers]
    prefixes = () if system.id == GENERIC else system.prefixes
    return matched(header, synonyms, prefixes, chosen, FIELDS)


def matched(
    header: tuple[str, ...],
    synonyms: list[dict[str, tuple[str, ...]]],
    prefixes: tuple[str, ...],
    chosen: Mapping[str, str],
    fields: tuple[str, ...],
) -> dict[str, str]:
    """Give each of some fields its header.

    Args:
        header: The column names.
        synonyms: Field to folded names, the most particular first.
        prefixes: Folded words that any header may begin with in this system.
        chosen: Field to header; ``""`` leaves the field out.
        fields: The fields, in the order in which they choose.
    """
    taken = {name for name in chosen.values() if name}
    found: dict[str, str] = {}
    for names in _ways(header, prefixes):
        for known in synonyms:
            for field in fields:
                if field in chosen or field in found:
                    continue
                match = next(
                    (names[word] for word in known.get(field, ())
                     if word in names and names[word] not in taken),
                    None,
                )  # fmt: skip
                if match:
                    found[field] = match
                    taken.add(match)
    found |= {field: name for field, name in chosen.items() if name}
    return {field: found[field] for field in fields if field in found}


def currency_in(header: str) -> str:
    """Name the currency a header tells, as in ``Amount (EUR)`` or ``Value USD``; else ``""``."""
    found = _CURRENCY.search(header)
    if not found:
        return ""
    signs = words().signs
    code = signs.get(found["code"], found["code"])
    return code if code in signs.values() else ""


def _ways(header: tuple[str, ...], prefixes: tuple[str, ...]) -> list[dict[str, str]]:
    """Give the ways to look headers up, each folded name to its header; the first one counts."""
    exact: dict[str, str] = {}
    plain: dict[str, str] = {}
    short: dict[str, str] = {}
    for name in header:
        exact.setdefault(_without(fold(name), prefixes), name)
        plain.setdefault(_without(fold(_plain(name)), prefixes), name)
        short.setdefault(_without(fold(_plain(name)), systems()[GENERIC].prefixes), name)
    return [exact, plain, short]


def _plain(name: str) -> str:
    name = _AGAIN.sub("", name)
    if currency_in(name):
        name = _CURRENCY.sub("", name)
    return _BRACKETS.sub("", name) or name


def _without(folded: str, prefixes: tuple[str, ...]) -> str:
    for prefix in prefixes:
        if folded.startswith(prefix) and folded != prefix:
            return folded.removeprefix(prefix)
    return folded

"""What is known of each system that exports deals: data files, checked against a closed schema.

A system is added by adding a file to ``systems/``; nothing in the code names one. ``generic.json``
holds what holds for all of them: its header names and stage names follow those of the system.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from spiegel.errors import DataError

from .values import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What a column can hold. `close_date` is for systems with one date for both: the expected close
#: of an open deal, the actual one of a closed deal.
FIELDS = (
    "external_id", "name", "account", "product", "owner", "owner_email", "stage", "status",
    "amount", "currency", "created_on", "close_date", "expected_close_on", "closed_on", "reason",
    "next_step", "is_won", "is_closed", "is_deleted", "probability", "weighted_amount",
)  # fmt: skip
#: What a column of a file with events can hold. `before` and `after` are values of the field that
#: `field` names; `stage`, `amount` and `close_date` are what a deal was at that moment.
EVENT_FIELDS = (
    "deal_id", "deal_name", "at", "kind", "field", "before", "after", "stage", "amount",
    "close_date", "subject", "text", "author",
)  # fmt: skip
EVENT_KINDS = ("stage", "date", "amount", "owner", "note", "meeting", "call", "mail", "task")
STAGE_TYPES = ("open", "won", "lost", "no_decision", "parked")
GENERIC = "generic"

#: Keys a file must have, and keys it may have.
_SCHEMA: dict[str, type] = {
    "id": str,
    "name": str,
    "recognised_by": list,
    "headers": dict,
    "stages": dict,
    "name_from": list,
    "prefixes": list,
    "empty_words": list,
}
_MAY: dict[str, type] = {
    "reasons": dict,
    "first_stages": list,
    "mixes_lost_and_parked": bool,
    "archives_lost": bool,
    "ids": str,
    "stage_entered": list,
    "event_files": list,
    "event_headers": dict,
    "event_kinds": dict,
}
_IDS = ("", "salesforce")


@dataclass(frozen=True)
class System:
    """One system's export, as data.

    Attributes:
        id: Stable name, kept with imported deals.
        name: What people call it.
        recognised_by: Sets of folded headers; a file with all of one set comes from this system.
        headers: Field to folded header names, most telling first.
        stages: Folded stage name to stage type.
        name_from: Fields a deal is named after where there is no column with names.
        prefixes: Folded words every header may begin with, such as ``deal`` in ``Deal - Title``.
        empty_words: Small-letter cell texts that mean "nothing filled in".
        reasons: Folded reason to the stage type that it tells, such as "on hold" to parked.
        first_stages: Folded names of stages in which a deal begins.
        mixes_lost_and_parked: Whether its users close as lost what is only parked.
        archives_lost: Whether an ordinary export leaves lost deals out.
        ids: How its ids are written: ``"salesforce"`` for 15 characters that equal 18, or ``""``.
        stage_entered: Folded beginnings of headers that tell when a stage was entered.
        event_files: As `recognised_by`, for a file with what happened to deals.
        event_headers: As `headers`, for such a file.
        event_kinds: Folded type of an activity, or name of a field, to one of `EVENT_KINDS`.
    """

    id: str
    name: str
    recognised_by: tuple[frozenset[str], ...]
    headers: dict[str, tuple[str, ...]]
    stages: dict[str, str]
    name_from: tuple[str, ...]
    prefixes: tuple[str, ...]
    empty_words: frozenset[str]
    reasons: dict[str, str]
    first_stages: frozenset[str]
    mixes_lost_and_parked: bool
    archives_lost: bool
    ids: str
    stage_entered: tuple[str, ...]
    event_files: tuple[frozenset[str], ...]
    event_headers: dict[str, tuple[str, ...]]
    event_kinds: dict[str, str]


@cache
def systems() -> dict[str, System]:
    """Give every system Spiegel knows by its id, generic last.

    Raises:
        DataError: when a data file breaks the schema; the message names the file and the fault.
    """
    folder = resources.files(__package__) / "systems"
    found = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".json"):
            system = parse_system(file.name.removesuffix(".json"), file.read_text("utf-8"))
            found[system.id] = system
    if GENERIC not in found:
        raise DataError("system-missing", "systems/generic.json is missing.")
    found[GENERIC] = found.pop(GENERIC)
    return found


def parse_system(name: str, text: str) -> System:
    """Read one data file.

    Args:
        name: The file's name without ``.json``; must equal its ``id``.
        text: Its content.

    Raises:
        DataError: when it is no JSON, a key is unknown or missing, or a value has the wrong shape.
    """
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise _fault(name, f"is not JSON ({error})") from None
    _check_keys(name, raw)
    headers = {field: _folded(raw["headers"][field]) for field in raw["headers"]}
    _check_members(name, "headers", headers, FIELDS)
    _check_members(name, "stages", raw["stages"], STAGE_TYPES)
    _check_members(name, "name_from", raw["name_from"], FIELDS)
    return System(
        id=raw["id"],
        name=raw["name"],
        recognised_by=_sets(raw["recognised_by"]),
        headers=headers,
        stages=_by_name(name, "stage", raw["stages"]),
        name_from=tuple(raw["name_from"]),
        prefixes=_folded(raw["prefixes"]),
        empty_words=frozenset(word.casefold() for word in raw["empty_words"]),
        **_optional(name, raw),
    )


def _optional(name: str, raw: dict[str, Any]) -> dict[str, Any]:
    reasons, kinds = raw.get("reasons", {}), raw.get("event_kinds", {})
    headers = raw.get("event_headers", {})
    _check_members(name, "reasons", reasons, STAGE_TYPES)
    _check_members(name, "event_kinds", kinds, EVENT_KINDS)
    _check_members(name, "event_headers", headers, EVENT_FIELDS)
    _check_members(name, "ids", [raw.get("ids", "")], _IDS)
    return {
        "reasons": _by_name(name, "reason", reasons),
        "first_stages": frozenset(_folded(raw.get("first_stages", []))),
        "mixes_lost_and_parked": raw.get("mixes_lost_and_parked", False),
        "archives_lost": raw.get("archives_lost", False),
        "ids": raw.get("ids", ""),
        "stage_entered": _folded(raw.get("stage_entered", [])),
        "event_files": _sets(raw.get("event_files", [])),
        "event_headers": {field: _folded(names) for field, names in headers.items()},
        "event_kinds": _by_name(name, "event kind", kinds),
    }


def _sets(raw: list[list[str]]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(_folded(entry)) for entry in raw)


def _check_keys(name: str, raw: Any) -> None:
    if not isinstance(raw, dict):
        raise _fault(name, "is not an object")
    for key in raw:
        if key not in _SCHEMA and key not in _MAY:
            raise _fault(name, f"has the unknown key {key!r}")
    for key, kind in (_SCHEMA | {key: kind for key, kind in _MAY.items() if key in raw}).items():
        if not isinstance(raw.get(key), kind):
            raise _fault(name, f"needs {key!r} as a {kind.__name__}")
    if raw["id"] != name:
        raise _fault(name, f"has the id {raw['id']!r}")
    texts = [raw["name_from"], raw["prefixes"], raw["empty_words"], *raw["recognised_by"]]
    texts += [*raw["headers"].values(), *raw["stages"].values(), *raw.get("event_files", [])]
    texts += [raw.get("first_stages", []), raw.get("stage_entered", [])]
    for key in ("reasons", "event_headers", "event_kinds"):
        texts += raw.get(key, {}).values()
    for entry in texts:
        if not isinstance(entry, list) or not all(isinstance(text, str) for text in entry):
            raise _fault(name, f"has {entry!r} where a list of texts belongs")


def _check_members(name: str, key: str, given: Iterable[str], allowed: tuple[str, ...]) -> None:
    for entry in given:
        if entry not in allowed:
            raise _fault(name, f"has the unknown {key} entry {entry!r}")


def _by_name(name: str, what: str, raw: dict[str, list[str]]) -> dict[str, str]:
    types: dict[str, str] = {}
    for kind, names in raw.items():
        for folded in _folded(names):
            if types.setdefault(folded, kind) != kind:
                raise _fault(name, f"gives the {what} {folded!r} two types")
    return types


def _folded(texts: list[str]) -> tuple[str, ...]:
    return tuple(fold(text) for text in texts)


def _fault(name: str, what: str) -> DataError:
    return DataError("system-file", f"systems/{name}.json {what}.", file=name)

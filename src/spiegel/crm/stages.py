"""What a deal's stage, status, flags and reason say together about how it stands.

Status and stage are two axes: a CRM may keep the stage in which a deal was when it was won. Names
that nobody has explained are ``"unknown"``: they are asked, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from .system import GENERIC, System, systems
from .values import fold, parse_flag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The stage type of a name nobody has explained yet.
UNKNOWN = "unknown"
#: Stage types of deals that have ended.
ENDED = frozenset({"won", "lost", "no_decision"})
_REFINED = {"lost": {"no_decision", "parked"}, "open": {"parked"}}
#: Stage types that a CRM's flags leave room for.
_AGREE = {
    "won": {"won"},
    "lost": {"lost", "no_decision", "parked"},
    "open": {"open", "parked"},
    "not won": {"open", "lost", "no_decision", "parked"},
}
_REMEMBERED = 10_000
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_NUMBER = re.compile(r"^\W*\d{1,2}[a-z]?\s*[-–.:)/]\s*(?=\D)|^\d{1,2}\s+(?=\D)")
_PERCENT = re.compile(r"\s*[-–:(]?\s*\d{1,3}\s*%\s*\)?$|^\d{1,3}\s*%\s*[-–:]?\s*")


class _Told(NamedTuple):
    status: str
    stage: str
    won: str
    closed: str
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a deal stands.

    Attributes:
        stage: The name that says so.
        type: Its stage type, or ``"unknown"``.
        oddities: Codes of what does not add up: ``stage-differs``, ``won-at-first-stage``.
    """

    stage: str
    type: str
    oddities: tuple[str, ...] = ()


def stage_type_of(name: str, system: System, choices: Mapping[str, str]) -> str:
    """Say what a stage's name means: a person's choice, the system's names, then general ones.

    Returns:
        A stage type, or ``"unknown"``: a name that is not known is asked, never guessed.
    """
    chosen = choices.get(name)
    if chosen:
        return chosen
    for way in _ways(name):
        folded = fold(way)
        for stages in (system.stages, systems()[GENERIC].stages):
            if folded in stages:
                return stages[folded]
    return UNKNOWN


def _ways(name: str) -> Iterator[str]:
    """Give a name, and what is left without a pipeline, a number before it, or a percentage."""
    yield name
    yield (bare := _BRACKETS.sub("", name))
    yield (bare := _PERCENT.sub("", bare))
    yield _NUMBER.sub("", bare)


class Stages:
    """Tells how deals of one file stand; remembers what equal texts meant.

    Args:
        system: Where the file comes from.
        choices: Stage name to the type a person chose.
        reasons: Reason to the type a person chose for deals lost for it.
    """

    def __init__(
        self, system: System, choices: Mapping[str, str], reasons: Mapping[str, str]
    ) -> None:
        self._system = system
        self._choices = choices
        self._reasons = reasons
        self._types: dict[str, str] = {}
        self._told: dict[tuple[str, ...], Standing | None] = {}

    def of(self, texts: Mapping[str, str], headers: Mapping[str, str]) -> Standing | None:
        """Say how one deal stands; None when nothing in its row tells.

        Args:
            texts: Field to text.
            headers: Field to header.
        """
        get = texts.get
        key = (get("status", ""), get("stage", ""), get("is_won", ""), get("is_closed", ""),
               get("reason", ""))  # fmt: skip
        if key not in self._told:
            if len(self._told) >= _REMEMBERED:
                self._told.clear()
            self._told[key] = self._standing(_Told(*key), headers)
        return self._told[key]

    def _standing(self, told: _Told, headers: Mapping[str, str]) -> Standing | None:
        flag = _by_flags(parse_flag(told.won), parse_flag(told.closed))
        if told.status:
            found = self._by_status(told.status, told.stage)
        elif told.stage:
            found = self._by_stage(told.stage, flag)
        elif told.won or told.closed:
            header = headers["is_won"] if told.won else headers["is_closed"]
            name = f"{header}: {told.won or told.closed}"
            kind = self._choices.get(name) or (UNKNOWN if flag in {"", "not won"} else flag)
            found = Standing(name, kind)
        else:
            return None
        return self._refined(found, told.reason)

    def _by_status(self, status: str, stage: str) -> Standing:
        kind = self._type(status)
        if not stage or status == stage:
            return Standing(status, kind)
        at = self._type(stage)
        odd: tuple[str, ...] = ()
        if at in ENDED and kind != UNKNOWN and (at == "won") != (kind == "won"):
            odd = ("stage-differs",)
        elif kind == "won" and fold(_BRACKETS.sub("", stage)) in self._first_stages():
            odd = ("won-at-first-stage",)
        if kind == "open":
            return Standing(stage, "parked" if at == "parked" else kind, odd)
        return Standing(status, kind, odd)

    def _by_stage(self, stage: str, flag: str) -> Standing:
        kind = self._type(stage)
        if not flag:
            return Standing(stage, kind)
        if kind == UNKNOWN:
            # One name has one meaning: the first row tells.
            return Standing(stage, self._types_told(stage, flag))
        return Standing(stage, kind, () if kind in _AGREE[flag] else ("stage-differs",))

    def _types_told(self, stage: str, flag: str) -> str:
        if flag == "not won":
            return UNKNOWN
        self._types[stage] = flag
        return flag

    def _refined(self, found: Standing, reason: str) -> Standing:
        """Tell parked and undecided deals from lost ones, where the reason does."""
        if not reason or found.type not in _REFINED:
            return found
        kind = self._reasons.get(reason) or self._system.reasons.get(fold(reason), "")
        if kind in _REFINED[found.type]:
            return Standing(reason, kind, found.oddities)
        return found

    def _first_stages(self) -> frozenset[str]:
        return self._system.first_stages or systems()[GENERIC].first_stages

    def _type(self, name: str) -> str:
        if name not in self._types:
            if len(self._types) >= _REMEMBERED:
                self._types.clear()
            self._types[name] = stage_type_of(name, self._system, self._choices)
        return self._types[name]


def _by_flags(won: bool | None, closed: bool | None) -> str:
    """Say what a CRM's own flags tell: won, lost, open, ``not won`` or nothing."""
    if won:
        return "won"
    if closed is not None:
        return ("lost" if won is False else "") if closed else "open"
    return "not won" if won is False else ""

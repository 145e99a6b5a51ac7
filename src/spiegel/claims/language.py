"""The languages claims are read in: folders of data with a closed schema.

A language is added by adding a folder under ``lang``. Nothing in the code names a language.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from spiegel.errors import DataError, InputError

from . import phrases
from .types import TOPICS

_FOLDER = Path(__file__).parent / "lang"
_KEYS = frozenset({"months", "weekdays", "thousand", "million", "before_month"})
#: The sections of a language's phrases.txt: who speaks, and what is said per topic.
SECTIONS = frozenset(
    {
        "label", "seller_name", "seller_subject", "said", "seller_said", "greeting", "seller_mail",
        "hope", "hedge", "explained", "always", "day", "period",
        "budget_yes", "budget_no", "budget_amount", "price", "extra",
        "decides_self", "decides_other", "urgent", "not_urgent", "deadline", "deadline_moved",
        "need_yes", "need_no", "only_one", "others", "count", "not_counted",
        "fine", "negation", "asked", "about_ours", "denial", "common", "not_budget", "third",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language's data.

    Attributes:
        code: Two letters.
        months: A pattern piece per month, January first.
        weekdays: Names of the days.
        thousand: Words for a thousand.
        million: Words for a million.
        before_month: Words after which a short word is a month: "in may", not "I may".
        questions: Topic to the question that verifies.
        phrases: Turns of phrase.
    """

    code: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    thousand: tuple[str, ...]
    million: tuple[str, ...]
    before_month: tuple[str, ...]
    questions: dict[str, str]
    phrases: phrases.Phrases


@cache
def codes() -> tuple[str, ...]:
    """List the languages there are, in alphabetical order: one folder each."""
    return tuple(sorted(path.parent.name for path in _FOLDER.glob("*/phrases.txt")))


@cache
def load(code: str) -> Language:
    """Read one language's data.

    Raises:
        InputError: There is no such language.
        DataError: One of its files is missing or damaged.
    """
    if code not in codes():
        known = ", ".join(codes())
        raise InputError(
            "unknown-language",
            f"The language {code!r} is not known; give one of {known}.",
            lang=code,
            known=codes(),
        )
    folder = _FOLDER / code
    words = read_object(folder / "language.json", _KEYS)
    return Language(
        code=code,
        questions=read_object(folder / "questions.json", frozenset(TOPICS)),
        phrases=phrases.read(folder / "phrases.txt", SECTIONS),
        **{key: tuple(listed) for key, listed in words.items()},
    )


def read_object(path: Path, keys: frozenset[str]) -> dict[str, Any]:
    """Read a JSON object that has exactly these keys.

    Raises:
        DataError: It cannot be read, or has other keys.
    """
    where = f"{path.parent.name}/{path.name}"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError("bad-language", f"{where} cannot be read: {error}.", file=where) from error
    if not isinstance(data, dict) or set(data) != keys:
        raise DataError("bad-language", f"{where} has missing or unknown keys.", file=where)
    return data

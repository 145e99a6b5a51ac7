"""What signs need of a language: turns of phrase, and the sentence that explains each sign."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spiegel.claims import language as claims_language
from spiegel.claims import phrases
from spiegel.claims.language import read_object

from .types import SIGNS

_FOLDER = Path(__file__).parent / "lang"
#: The sections of a language's phrases.txt, per sign.
SECTIONS = frozenset(
    {
        "move", "move_weak", "no_move", "own_cause",
        "refuse", "refuse_weak", "ask", "commits",
        "no_reply", "attempt", "reply", "absence", "back", "tender",
        "blocked", "unnamed", "late_decider", "decider", "open_route", "offer",
        "won", "closed", "not_closed", "ask_commit", "ask_who", "negative", "positive", "vague_who",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class SignLanguage:
    """One language's data: that of the claims, and what signs add."""

    claims: claims_language.Language
    phrases: phrases.Phrases
    reasons: dict[str, str]


@cache
def load(code: str) -> SignLanguage:
    """Read one language's data.

    Raises:
        InputError: There is no such language.
        DataError: One of its files is missing or damaged.
    """
    known = claims_language.load(code)
    folder = _FOLDER / code
    return SignLanguage(
        claims=known,
        phrases=phrases.read(folder / "phrases.txt", SECTIONS),
        reasons=read_object(folder / "reasons.json", frozenset(SIGNS)),
    )

"""What was asked in an event, and whether the answer that follows gives nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spiegel.claims.utterances import PROSPECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .reading import Moment, Reading

_CLAUSE = re.compile(r"[,;:.?!]\s+|\s[-–—]\s|[.?!]$")


def evades(moment: Moment, reading: Reading, question: str) -> bool:
    """Tell whether something is asked here and what follows is a no, or no answer at all.

    Args:
        moment: The event.
        reading: The timeline it is of.
        question: The section of phrases for what is asked.
    """
    asked = False
    for clause, answer in _clauses(moment, reading):
        if asked and answer and _gives_nothing(clause, reading, question):
            return True
        asked = asked or reading.has(question, clause)
    return False


def asks(moment: Moment, reading: Reading, question: str) -> bool:
    """Tell whether something is asked in an event."""
    return any(reading.has(question, clause) for clause, _ in _clauses(moment, reading))


def _clauses(moment: Moment, reading: Reading) -> Iterator[tuple[str, bool]]:
    """Give the clauses of an event, and whether the prospect may be the one who says it."""
    words = reading.language.claims.phrases
    for each in moment.said:
        for clause in _CLAUSE.split(each.folded):
            if clause.strip():
                own = each.speaker != PROSPECT and words.has("seller_subject", clause)
                yield clause.strip(), not own


def _gives_nothing(clause: str, reading: Reading, question: str) -> bool:
    if reading.has("no_reply", clause) or reading.has("commits", clause):
        return False
    vague = question == "ask_who" and reading.has("vague_who", clause)
    return vague or reading.has("negative", clause)

"""What was asked in an event, and whether the answer that follows gives nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spiegel.claims.utterances import NOTE, PROSPECT, SELLER

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
    asked = evaded = False
    before = ""
    for clause, speaker in _clauses(moment, reading):
        both = f"{before} {clause}"
        question_goes_on = reading.has(question, both) and not reading.has(question, before)
        if question_goes_on:
            asked = True
        elif asked and speaker != SELLER:
            if reading.has("commits", clause):
                return False
            evaded = evaded or _gives_nothing(clause, speaker, reading, question)
        before = clause
    return evaded


def asks(moment: Moment, reading: Reading, question: str) -> bool:
    """Tell whether something is asked in an event."""
    return any(reading.has(question, clause) for clause, _ in _clauses(moment, reading))


def _clauses(moment: Moment, reading: Reading) -> Iterator[tuple[str, str]]:
    """Give the clauses of an event, and who says each."""
    words = reading.language.claims.phrases
    for each in moment.said:
        for clause in _CLAUSE.split(each.folded):
            if clause.strip():
                own = each.speaker != PROSPECT and words.has("seller_subject", clause)
                other = PROSPECT if each.speaker == PROSPECT else NOTE
                yield clause.strip(), SELLER if own else other


def _gives_nothing(clause: str, speaker: str, reading: Reading, question: str) -> bool:
    if speaker != PROSPECT and reading.has("no_reply", clause):
        return False
    vague = question == "ask_who" and reading.has("vague_who", clause)
    return vague or reading.has("negative", clause)

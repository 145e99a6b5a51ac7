"""Find what the prospect said, per topic, in utterances."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import utterances
from .denial import denials
from .language import load
from .types import Claim
from .utterances import PROSPECT, SELLER
from .values import amounts, days

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .language import Language
    from .types import TimelineEvent
    from .utterances import Utterance

_CLAUSE = re.compile(r"[,;:]\s+|\s[-–—]\s")
#: Topic, what about, the value, and the section of phrases that says so.
_PLAIN = (
    ("budget", "available", "no", "budget_no"),
    ("budget", "available", "yes", "budget_yes"),
    ("authority", "decides", "other", "decides_other"),
    ("authority", "decides", "self", "decides_self"),
    ("timing", "urgent", "no", "not_urgent"),
    ("timing", "urgent", "yes", "urgent"),
    ("need", "needed", "no", "need_no"),
    ("need", "needed", "yes", "need_yes"),
    ("competition", "alone", "yes", "only_one"),
    ("competition", "alone", "no", "others"),
)
#: How firmly a plain statement and a hedged one count, and what a quotation adds.
_PLAIN_FIRM, _HEDGED_FIRM, _QUOTED_FIRM = 0.8, 0.5, 0.1


@dataclass(frozen=True, slots=True)
class Found:
    """A claim, with whether it comes with a reason why things changed, or speaks of all along."""

    claim: Claim
    explained: bool
    always: bool


def find_claims(events: Sequence[TimelineEvent], lang: str) -> tuple[Claim, ...]:
    """Find what the prospect said about budget, authority, timing, need and competition.

    The seller's own hopes and doings are left out. A note that says nothing of who is speaking
    counts as what the prospect said.

    Args:
        events: A deal's events.
        lang: Their language, ``"nl"`` or ``"en"``.

    Returns:
        The claims, in the order of the texts.

    Raises:
        InputError: There is no such language.
    """
    language = load(lang)
    said = [each for event in utterances.read(events, language) for each in event]
    return tuple(found.claim for found in from_utterances(said, language))


def from_utterances(said: Iterable[Utterance], language: Language) -> list[Found]:
    """Find the claims in utterances; see :func:`find_claims`."""
    said = list(said)
    claims = [found for pair in denials(said, language) for found in _denied(pair, language)]
    before: Utterance | None = None
    for each in said:
        claims += _of(each, before, language)
        before = each
    return claims


def mentions_price(folded: str, language: Language) -> bool:
    """Tell whether a text speaks of money or of a price."""
    if language.phrases.has("price", folded) or language.phrases.has("budget_amount", folded):
        return True
    return any(True for _ in amounts(folded, language))


def _denied(pair: tuple[Utterance, Utterance, str, str], language: Language) -> Iterator[Found]:
    """Make claims of what was said and of its denial: both about having said so."""
    earlier, later, topic, word = pair
    for each, value in ((earlier, "yes"), (later, "no")):
        span = (0, len(each.text.rstrip()))
        yield _found(each, language, (topic, f"said {word}", value), span)


def _of(each: Utterance, before: Utterance | None, language: Language) -> Iterator[Found]:
    words = language.phrases
    if each.speaker == SELLER or (not each.quoted and words.has("hope", each.folded)):
        return
    seen: set[tuple[str, str]] = set()
    for topic, about, value, section in _PLAIN:
        found = words.find(section, each.folded)
        if section == "need_no" and words.has("about_ours", each.folded):
            continue
        if found and (topic, about) not in seen:
            seen.add((topic, about))
            yield _found(each, language, (topic, about, value), found.span())
    fine = None if words.has("about_ours", each.folded) else words.find("fine", each.folded)
    if fine and ("need", "needed") not in seen and not words.has("negation", fine.group()):
        yield _found(each, language, ("need", "needed", "no"), fine.span())
    for amount, about, span in _budgets(each, before, language):
        yield _found(each, language, ("budget", about, f"{amount:g}"), span)
        if ("budget", "available") not in seen:
            yield _found(each, language, ("budget", "available", "yes"), span)
    yield from _deadlines(each, language)
    yield from _counts(each, language)


def _budgets(
    each: Utterance, before: Utterance | None, language: Language
) -> Iterator[tuple[float, str, tuple[int, int]]]:
    words = language.phrases
    headed = before is not None and _is_heading(before, each, language)
    for start, clause in _clauses(each.folded):
        listed = [a for a in amounts(clause, language) if not _is_price(clause, a.start, language)]
        if not listed:
            continue
        cue = words.find("budget_amount", clause)
        loose = each.speaker == PROSPECT and not words.has("not_budget", each.folded)
        if not (cue or headed or loose) or words.has("extra", clause):
            continue
        best = max(listed, key=lambda amount: amount.value)
        unit = words.find("period", clause[best.end : best.end + 30])
        about = f"amount {unit.group()}" if unit else "amount"
        first, last = best.start, best.end
        if cue:
            first, last = min(cue.start(), first), max(cue.end(), last)
        yield best.value, about, (start + first, start + last)


def _is_heading(before: Utterance, each: Utterance, language: Language) -> bool:
    """Tell whether the sentence before only names the budget: "Budget? About 80k."."""
    short = before.event == each.event and len(before.text.strip()) <= 20
    return short and language.phrases.has("budget_amount", before.folded)


def _is_price(clause: str, place: int, language: Language) -> bool:
    """Tell whether an amount is the seller's price: such a word stands close before it."""
    return language.phrases.has("price", clause[max(0, place - 30) : place])


def _clauses(folded: str) -> Iterator[tuple[int, str]]:
    """Cut a sentence at its commas; a clause that holds no verb still stands by itself."""
    start = 0
    for found in _CLAUSE.finditer(folded):
        yield start, folded[start : found.start()]
        start = found.end()
    yield start, folded[start:]


def _deadlines(each: Utterance, language: Language) -> Iterator[Found]:
    cue = language.phrases.find("deadline", each.folded)
    if not cue or language.phrases.has("deadline_moved", each.folded):
        return
    for day, start, end in days(each.folded, each.date, language):
        span = (min(cue.start(), start), max(cue.end(), end))
        yield _found(each, language, ("timing", "deadline", day.isoformat()), span)
        return


def _counts(each: Utterance, language: Language) -> Iterator[Found]:
    """Find how many of something they have: "we have 80 drivers"."""
    found = language.phrases.find("count", each.folded)
    inside = re.search(r"(\d[\d.,]*)\D*?([a-z]{4,})$", found.group()) if found else None
    if found and inside and not language.phrases.has("not_counted", inside[2]):
        number = re.sub(r"\D", "", inside[1])
        about = f"how many {inside[2][:6]}"
        yield _found(each, language, ("need", about, number), found.span())


def _found(
    each: Utterance, language: Language, what: tuple[str, str, str], span: tuple[int, int]
) -> Found:
    words = language.phrases
    firm = _HEDGED_FIRM if words.has("hedge", each.folded) else _PLAIN_FIRM
    claim = Claim(
        topic=what[0],
        about=what[1],
        value=what[2],
        firm=firm + (_QUOTED_FIRM if each.quoted else 0),
        who=each.who,
        date=each.date,
        event=each.event,
        span=(each.start + span[0], each.start + span[1]),
        words=each.text[span[0] : span[1]],
    )
    return Found(claim, words.has("explained", each.folded), words.has("always", each.folded))

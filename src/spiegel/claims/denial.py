"""Statements taken back in so many words: "June? I never said June."."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .utterances import SELLER
from .values import amounts, days

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .language import Language
    from .utterances import Utterance

_WORD = re.compile(r"[a-z]{4,}")
#: How much of a word must be the same; endings differ.
_STEM = 6


def denials(
    said: Sequence[Utterance], language: Language
) -> Iterator[tuple[Utterance, Utterance, str, str]]:
    """Find utterances that deny what was said in an earlier event, with a word in common.

    Args:
        said: A deal's utterances, in order.
        language: Their language.

    Yields:
        The earlier utterance, the one that denies it, the topic, and the word they share.
    """
    others = [each for each in said if each.speaker != SELLER]
    for place, later in enumerate(others):
        if not language.phrases.has("denial", later.folded):
            continue
        for earlier in others[:place]:
            shared = _shared(earlier, later, language)
            if shared:
                yield earlier, later, _topic(earlier, shared, language), shared
                break


def _shared(earlier: Utterance, later: Utterance, language: Language) -> str:
    words = language.phrases
    if earlier.event == later.event or words.has("negation", earlier.folded):
        return ""
    before = {word[:_STEM] for word in _content(earlier, language)}
    return next((word for word in _content(later, language) if word[:_STEM] in before), "")


def _content(each: Utterance, language: Language) -> list[str]:
    """Give the words that say what it is about: no names, no common words."""
    names = {found.lower() for found in re.findall(r"[A-Z]\w+", each.text.lstrip()[1:])}
    common = language.phrases.pattern("common")
    words = _WORD.findall(each.folded)
    return [word for word in words if not common.fullmatch(word)
            and (word not in names or _is_month(word, language))]  # fmt: skip


def _is_month(word: str, language: Language) -> bool:
    return any(re.fullmatch(month, word) for month in language.months)


def _topic(earlier: Utterance, word: str, language: Language) -> str:
    if any(True for _ in days(earlier.folded, earlier.date, language)):
        return "timing"
    if language.phrases.has("urgent", earlier.folded) or _is_month(word, language):
        return "timing"
    if any(True for _ in amounts(earlier.folded, language)):
        return "budget"
    return "need"

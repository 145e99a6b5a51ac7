"""Who says what in an event: quotations, "Name: …", reported speech, and the seller's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .phrases import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from .language import Language
    from .types import TimelineEvent

_QUOTED = re.compile(
    r"[\"“”„«](?P<double>[^\"“”„«»]+)[\"“”»]|(?<!\w)['‘’‚](?=\w)(?P<single>(?:[^'‘’]|(?<=\w)['’](?=\w))+)['’](?!\w)"
)
_SENTENCE = re.compile(r".+?(?:[.!?;…]+(?=\s+[^a-z\s]|\s*$)|\n|$)", re.DOTALL)
#: A question of a few words that what follows answers.
_HEADING = re.compile(r"\s*(?:\w+:\s*)?\w+(?:\s+\w+){0,4}\?")
_PREFIX = re.compile(
    r"\s*(?P<who>[^\W\d_][\w.'’-]*(?:\s+(?:[^\W\d_][\w.'’-]*|&)){0,3})\s*(?:\([^)]*\))?\s*:\s*"
)
_NAME = re.compile(r"\b[A-Z][a-zà-ÿ]+(?:-[A-Z][a-zà-ÿ]+)?\b")

#: A sentence that starts with a name, as in "Mila says …" and "According to Mila …".
_NAMED = re.compile(r"\s*(?:Volgens |According to |Per )?[A-Z][a-zà-ÿ]{2,}\s+[a-z]")

PROSPECT, SELLER, NOTE = "prospect", "seller", ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence of an event, with who says it.

    Attributes:
        event: Index of the event.
        date: Its date.
        kind: Its kind.
        start: Where the sentence starts in the event's text.
        text: The sentence.
        folded: The sentence, folded.
        speaker: ``"prospect"``, ``"seller"``, or empty for a note about what happened.
        who: The prospect's name where the text gives one.
        quoted: Whether it stands between quotation marks.
    """

    event: int
    date: date
    kind: str
    start: int
    text: str
    folded: str
    speaker: str
    who: str
    quoted: bool


@dataclass(slots=True)
class _State:
    """Who was speaking last, while an event is read from left to right."""

    speaker: str = NOTE
    who: str = ""
    before: str = ""


def read(events: Sequence[TimelineEvent], language: Language) -> list[list[Utterance]]:
    """Cut every event into utterances.

    Args:
        events: The events, in the order of the file.
        language: Their language.

    Returns:
        Per event its utterances, in the order of the text.
    """
    return [list(_event(place, event, language)) for place, event in enumerate(events)]


def _event(place: int, event: TimelineEvent, language: Language) -> Iterator[Utterance]:
    state = _State(speaker=_of_mail(event, language))
    for start, text, quoted in _segments(event.text):
        for offset, sentence in _sentences(text):
            said = _attribute(sentence, language, state, quoted=quoted)
            shift = offset + len(sentence) - len(said)
            if not said.strip():
                continue
            yield Utterance(
                event=place,
                date=event.date,
                kind=event.kind,
                start=start + shift,
                text=said,
                folded=_fold_heading(said),
                speaker=_speaker(said, language, state, quoted=quoted),
                who=state.who,
                quoted=quoted,
            )
            state.before = said
        if quoted:
            state.speaker = NOTE


def _segments(text: str) -> Iterator[tuple[int, str, bool]]:
    last = 0
    for found in _QUOTED.finditer(text):
        group = "double" if found["double"] is not None else "single"
        if text[last : found.start()].strip():
            yield last, text[last : found.start()], False
        yield found.start(group), found[group], True
        last = found.end()
    if text[last:].strip(" .,;!?"):
        yield last, text[last:], False


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for found in _SENTENCE.finditer(text):
        if _HEADING.fullmatch(text[start : found.end()]) and found.end() < len(text):
            continue  # "Complaints? Hardly ever." is one thing said
        sentence = text[start : found.end()]
        if sentence.strip(" .,;!?\n"):
            yield start, sentence
        start = found.end()


def _fold_heading(said: str) -> str:
    """Fold a sentence; the mark of a short question in front becomes a comma."""
    heading = _HEADING.match(said)
    folded = fold(said)
    if heading and heading.end() < len(said.rstrip()):
        return f"{folded[: heading.end() - 1]},{folded[heading.end() :]}"
    return folded


def _of_mail(event: TimelineEvent, language: Language) -> str:
    """Tell whose words a mail is that was pasted whole, greeting and all."""
    folded = fold(event.text)
    if "mail" not in event.kind or not language.phrases.has("greeting", folded):
        return NOTE
    return SELLER if language.phrases.has("seller_mail", folded) else PROSPECT


def _attribute(sentence: str, language: Language, state: _State, *, quoted: bool) -> str:
    """Take "Name:" off a sentence, and remember who is speaking from there."""
    if quoted:
        return sentence
    found = _PREFIX.match(sentence)
    if not found:
        name = _NAME.search(sentence)
        if name and language.phrases.has("said", fold(sentence)):
            state.who = name.group()
        return sentence
    who = fold(found["who"])
    words = language.phrases
    if words.pattern("label").fullmatch(who) or words.pattern("hope").fullmatch(who):
        return sentence
    if words.pattern("seller_name").fullmatch(who):
        state.speaker = SELLER
    elif words.has("seller_said", who) or not found["who"][0].isupper():
        return sentence
    else:
        state.speaker, state.who = PROSPECT, found["who"]
    state.before = ""
    return sentence[found.end() :]


def _speaker(said: str, language: Language, state: _State, *, quoted: bool) -> str:
    folded, words = fold(said), language.phrases
    if quoted:
        clauses = [each for each in re.split(r"[,;]\s*", fold(state.before)) if each.strip()]
        before = clauses[-1] if clauses else ""
        asked = words.has("seller_said", before) and not re.search(r"[.!?]\s*$", before)
        if asked and words.has("asked", before) and not said.rstrip().endswith("?"):
            asked = False  # the answer to what was asked
        return SELLER if asked or state.speaker == SELLER else PROSPECT
    if state.speaker:
        return state.speaker
    question = words.pattern("asked").match(folded.lstrip())
    reported = question is None and words.has("said", folded)
    if _NAMED.match(said) and reported:
        return PROSPECT
    if words.has("seller_subject", folded):
        return NOTE if words.has("third", folded) else SELLER
    return PROSPECT if reported else NOTE

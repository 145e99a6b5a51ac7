"""Cut a text into sentences, as CRM notes are written: shorthand, bullets, numbers, emoticons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .language import Abbreviations, Language

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_BULLET = re.compile(
    r"\s*(?:[-–—*•·▪◦►>]+(?=\s)|\[[ xX]?\](?=\s)|\(?\d{1,2}[.)](?=\s)|\(?[a-zA-Z]\)(?=\s))\s*"
)
_FACE = r"(?:[:;=]['’]?-?[()DPpoO/|\\]|<3|[\U0001F300-\U0001FAFF\u2600-\u27BF]\uFE0F?)"
# Where a sentence may end. With a stop: . ! ? …, what closes a quotation, faces, then white space.
# Without: a face before a capital; or a stop and a capital with the space between forgotten.
_END = re.compile(
    rf"(?P<sign>[.!?…]+)(?P<close>[\"'”’»)\]]*)(?P<face>(?:\s*{_FACE})*)(?=\s)"
    rf"|(?<=\s)(?P<smile>{_FACE}+)(?=\s+[^\W\d_a-z])"
    r"|(?<=[^\W\dA-Z_]{2})(?P<tight>[.!?])(?=[A-Z][a-z ])"
)
# What each of these begins with, found much sooner than the whole.
_MAY_END = re.compile(r"[.!?…:;=<\U0001F300-\U0001FAFF\u2600-\u27BF]")
_NEXT = re.compile(r"\s*(\S)")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]{1,3}")
_SAYS = re.compile(r"[^\W_]")
#: The longest abbreviation, in characters: how far to look back from a stop.
_LOOK_BACK = 24


def split(text: str, language: Language) -> Iterator[tuple[int, int]]:
    """Find the sentences of a text.

    Args:
        text: Any text; a line break always ends a sentence, and bullets are left out.
        language: Whose abbreviations to respect.

    Yields:
        Start and end of each sentence, trimmed of white space, in order, never overlapping. What
        has no letter or digit is no sentence.
    """
    for line in _LINE.finditer(text):
        bullet = _BULLET.match(text, line.start(), line.end())
        start = bullet.end() if bullet else line.start()
        for stop in _ends(text, start, line.end(), language.abbreviations):
            yield from _trimmed(text, start, stop)
            start = stop
        yield from _trimmed(text, start, line.end())


def _ends(text: str, start: int, end: int, shortened: Abbreviations) -> Iterator[int]:
    last = start
    for begun in _MAY_END.finditer(text, start, end):
        match = _END.match(text, begun.start(), end) if begun.start() >= last else None
        if match:
            last = match.end()
            if match["sign"] is None or not _goes_on(text, start, match, shortened):
                yield last


def _goes_on(text: str, start: int, match: re.Match[str], shortened: Abbreviations) -> bool:
    """Tell whether what looks like an end stands inside a sentence."""
    found = _NEXT.match(text, match.end())
    following = found[1] if found else ""
    if match["sign"] != ".":
        # "…" or a quoted exclamation inside a sentence is followed by a small letter.
        inside = match["sign"] in {"...", "…", ".."} or match["close"] != ""
        return inside and following.islower()
    if match["face"] or match["close"]:
        return False
    return _shortened(_word_before(text, start, match.start()), following, shortened)


def _word_before(text: str, start: int, end: int) -> str:
    words = text[max(start, end - _LOOK_BACK) : end].split()
    return words[-1].lstrip("\"'“‘«([") if words else ""


def _shortened(word: str, following: str, shortened: Abbreviations) -> bool:
    """Tell whether the stop after this word belongs to the word."""
    last = word.lower()
    if last in shortened.always or last in shortened.before_names:
        return True
    if last in shortened.before_numbers and following.isdigit():
        return True
    if last in shortened.inside:
        return not following.isupper()
    if len(word) == 1 and word.isalpha():
        return word.isupper() and word != "I" and following.isalpha()
    if last.isdigit() and len(last) <= 2:
        return following.islower()
    return _DOTTED.fullmatch(last) is not None


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end].rstrip()
    right = start + len(piece)
    left = right - len(piece.lstrip())
    if _SAYS.search(text, left, right):
        yield left, right

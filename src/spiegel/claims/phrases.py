"""Turns of phrase as data: a small notation for phrases, read from a file per language.

A file holds sections, ``[name]`` on a line of its own, with one phrase a line below it; ``#``
starts a comment. In a phrase a space stands for any run of spaces and punctuation within the
sentence, ``_`` for white space inside one item, ``~`` for up to six words in between, ``*`` for
the rest of a word, ``[word]`` for a word that may be missing, ``{name}`` for any phrase of another
section. The rest is a regular expression. Text is folded first: lower case, without accents.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from spiegel.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

_SECTION = re.compile(r"\[(\w+)\]")
_GROUP = re.compile(r"\{([a-z]\w*)\}")
_GAP = r"(?:[^\w.!?]{1,8}\w+(?:[.']\w+)*){0,6}?"
_APART = r"[^\w.!?]{1,8}"


class Phrases:
    """The phrases of one file, by section; a section is compiled when first asked for."""

    def __init__(self, sections: dict[str, list[str]], where: str) -> None:
        self._sections = sections
        self._where = where
        self._compiled: dict[str, re.Pattern[str]] = {}
        # The finders of signs look at the same sentence for the same thing more than once.
        self._search = lru_cache(maxsize=4096)(self._search_once)

    def names(self) -> frozenset[str]:
        """Name the sections."""
        return frozenset(self._sections)

    def pattern(self, name: str) -> re.Pattern[str]:
        """Give one section as a pattern for folded text."""
        if name not in self._compiled:
            try:
                inside = self._inside(name, ())
                self._compiled[name] = re.compile(rf"(?<!\w)(?:{inside})(?!\w)")
            except re.error as error:
                raise DataError(
                    "bad-phrases", f"{self._where}: [{name}] is damaged: {error}.", name=name
                ) from error
        return self._compiled[name]

    def find(self, name: str, folded: str) -> re.Match[str] | None:
        """Find the first phrase of a section in folded text."""
        return self._search(name, folded)

    def _search_once(self, name: str, folded: str) -> re.Match[str] | None:
        return self.pattern(name).search(folded)

    def has(self, name: str, folded: str) -> bool:
        """Tell whether folded text holds a phrase of a section."""
        return self.find(name, folded) is not None

    def _inside(self, name: str, above: tuple[str, ...]) -> str:
        if name in above or name not in self._sections:
            raise DataError(
                "bad-phrases", f"{self._where}: there is no section [{name}] to use.", name=name
            )
        heads: dict[str, list[str]] = {}
        for line in self._sections[name]:
            head, _, rest = line.partition(" ")
            heads.setdefault(head, []).append(rest)
        inside = (*above, name)
        return "|".join(self._branch(*one, inside) for one in heads.items()) or r"(?!)"

    def _branch(self, head: str, rests: list[str], above: tuple[str, ...]) -> str:
        """Write phrases that start alike as one: compiling a long start once saves time."""
        if head.startswith("["):
            return "|".join(self._phrase(f"{head} {rest}", "", above) for rest in rests)
        start = self._phrase(head, "", above)
        if rests == [""]:
            return start
        ends = "|".join(self._phrase(rest, _APART, above) for rest in rests)
        return f"{start}(?:{ends})"

    def _phrase(self, line: str, apart: str, above: tuple[str, ...]) -> str:
        pieces: list[str] = []
        for item in line.split():
            if item == "~":
                pieces.append(_GAP)
                continue
            optional = re.fullmatch(r"\[(.+)\]", item)
            inside = self._item(optional[1] if optional else item, above)
            pieces.append(f"(?:{apart}(?:{inside}))?" if optional else f"{apart}(?:{inside})")
            apart = _APART
        return "".join(pieces)

    def _item(self, item: str, above: tuple[str, ...]) -> str:
        parts = _GROUP.split(item)  # text and names of groups, by turns
        for place, part in enumerate(parts):
            if place % 2:
                parts[place] = f"(?:{self._inside(part, above)})"
            else:
                parts[place] = part.replace("_", r"\s+").replace("*", r"\w*")
        return "".join(parts)


@cache
def read(path: Path, names: frozenset[str]) -> Phrases:
    """Read a file of phrases that has exactly these sections, and may have others for words.

    Args:
        path: The file.
        names: The sections it must have; sections named ``w_…`` hold words for them.

    Raises:
        DataError: The file is missing, or lacks a section or has an unknown one.
    """
    where = f"{path.parent.name}/{path.name}"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError("bad-phrases", f"{where} cannot be read: {error}.", file=where) from error
    sections: dict[str, list[str]] = {}
    current: list[str] | None = None
    for number, raw in enumerate(lines, 1):
        line = raw.split("#")[0].strip()
        heading = _SECTION.fullmatch(line)
        if heading:
            current = sections.setdefault(heading[1], [])
        elif line and current is None:
            raise DataError("bad-phrases", f"{where}, line {number} stands in no section.")
        elif line and current is not None:
            current.append(line)
    found = {name for name in sections if not name.startswith("w_")}
    if found != names:
        odd = ", ".join(sorted(found ^ names))
        raise DataError("bad-phrases", f"{where} has missing or unknown sections: {odd}.")
    return Phrases(sections, where)


def fold(text: str) -> str:
    """Lower case, straighten quotes and drop accents, without moving a character."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return "".join(_folded(each) for each in text)


@cache
def _folded(each: str) -> str:
    if each in "’‘`":
        return "'"
    low = unicodedata.normalize("NFD", each.lower())[:1]
    return low or each

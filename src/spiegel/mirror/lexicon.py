"""Kinds of words: what a word can know that a few thousand sentences cannot teach.

A language's ``lexicon.txt`` has one word a line with its kinds, the likeliest first. A word that
is not listed is looked up without its ending, and then by its own last part: a Dutch
``inkoopdame`` is a ``dame``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spiegel.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

#: Every kind there is. A word's number in a feature is its kind's place here, so new ones go last.
KINDS = (
    # Who: the parties, people in general, and the pronouns for them.
    *("customer", "organisation", "competitor", "third_party", "person", "name", "company"),
    *("me", "we", "he", "they", "it", "you", "somebody", "nobody", "relative"),
    # Things talked about.
    *("product", "shortfall", "money", "document", "meeting", "time", "plan", "technology"),
    *("outside", "hierarchy", "quantity", "place"),
    # What is done, and left.
    *("communicate", "sell", "omit", "assume", "know", "decide", "refuse", "delay", "deceive"),
    *("ignore", "fail", "succeed", "lose", "change", "buy", "undercut", "cause", "blame"),
    # How it is judged and told.
    *("bad_trait", "praise", "feeling", "self_reproach", "luck", "hopeless", "always"),
    *("modal", "had", "resolve", "negation"),
)

_FIRST_LETTERS = 3  # that a word keeps before its last part or its ending


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """What kinds of word a word is, such as "customer" or "omit". Compared by identity.

    Attributes:
        words: Whole words, lower case, to their kinds.
        stems: Beginnings of words to their kinds; in the data they end in a star.
        endings: Endings a word may lose to be found, the longest first.
        shortest_last_part: Letters a listed word needs to count as the last part of a longer one;
            0 for a language that does not join words.
    """

    words: dict[str, tuple[str, ...]]
    stems: dict[str, tuple[str, ...]]
    endings: tuple[str, ...] = ()
    shortest_last_part: int = 0

    def kinds(self, word: str) -> tuple[str, ...]:
        """Give the kinds of a lower-case word, the likeliest first; often none."""
        return (
            self.words.get(word)
            or self._by_stem(word)
            or self._by_ending(word)
            or self._by_last_part(word)
        )

    def _by_stem(self, word: str) -> tuple[str, ...]:
        for size in range(len(word), _FIRST_LETTERS - 1, -1):
            if found := self.stems.get(word[:size]):
                return found
        return ()

    def _by_ending(self, word: str) -> tuple[str, ...]:
        for ending in self.endings:
            short = word.removesuffix(ending)
            if short != word and len(short) >= _FIRST_LETTERS:
                found = self.words.get(short) or self.words.get(f"{short}e")
                if found:
                    return found
        return ()

    def _by_last_part(self, word: str) -> tuple[str, ...]:
        if not self.shortest_last_part:
            return ()
        for first in range(_FIRST_LETTERS, len(word) - self.shortest_last_part + 1):
            if found := self.words.get(word[first:]):
                return found
        return ()


def read(path: Path, *, endings: list[str], shortest_last_part: int) -> Lexicon:
    """Read a language's lexicon.

    Args:
        path: The file: per line a word and its kinds, separated by spaces.
        endings: As in :class:`Lexicon`.
        shortest_last_part: As in :class:`Lexicon`.

    Raises:
        DataError: The file cannot be read, a line has no kind or an unknown one, or a word stands
            in it twice.
    """
    where = f"{path.parent.name}/{path.name}"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise DataError("bad-language", f"{where} cannot be read: {error}.", file=where) from error
    words: dict[str, tuple[str, ...]] = {}
    stems: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(lines, start=1):
        word, *kinds = line.split(" ")
        home = stems if word.endswith("*") else words
        key = word.removesuffix("*")
        if not key or not kinds or not set(kinds) <= _KNOWN or key in home:
            raise DataError(
                "bad-language",
                f"{where}, line {number}: {line!r} is not a new word with known kinds.",
                file=where,
                line=number,
            )
        home[key] = tuple(kinds)
    longest_first = tuple(sorted(endings, key=lambda ending: -len(ending)))
    return Lexicon(words, stems, longest_first, shortest_last_part)


_KNOWN = frozenset(KINDS)

"""Rules about templates, as functions over their text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType

#: Attributes that people read or hear.
READ_ATTRIBUTES = {
    "alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription",
    "aria-placeholder", "aria-valuetext", "label", "summary",
}  # fmt: skip
#: The same in every language: the product's name, a language's name in itself, and formats.
SAME_EVERYWHERE = re.compile(
    r"\b(Spiegel|Nederlands|English|NL|EN|CSV|JSON|Excel|HTML|EUR|nl|en)\b|&[a-z]+;|&#x?[0-9a-f]+;"
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_TRANSLATE = {"blocktranslate", "blocktrans"}
_DATA = {"application/json", "application/ld+json"}
#: What stands in for a value that the template fills in.
_VALUE = "\N{OBJECT REPLACEMENT CHARACTER}"


def _tokens(text: str) -> list[Token]:
    return list(Lexer(text).tokenize())


def _word(token: Token) -> str:
    return token.contents.split()[0] if token.contents.split() else ""


def literal(text: str) -> str:
    """A template's own text: what is left when tags, values, comments and translated text go.

    Lines stay where they are, so that a finding can name its line.
    """
    out: list[str] = []
    until = ""
    for token in _tokens(text):
        lines = "\n" * token.contents.count("\n")
        if until:
            until = "" if token.token_type == TokenType.BLOCK and _word(token) == until else until
            out.append(lines)
        elif token.token_type == TokenType.TEXT:
            out.append(token.contents)
        elif token.token_type == TokenType.VAR:
            out.append(_VALUE + lines)
        elif token.token_type == TokenType.BLOCK:
            if _word(token) in {*_TRANSLATE, "comment"}:
                until = f"end{_word(token)}"
            out.append((_VALUE if _word(token) in {"translate", "url", "static"} else "") + lines)
    return "".join(out)


class _Reader(HTMLParser):
    """Collects what a person would read, and what a strict CSP would refuse."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.read: list[tuple[int, str]] = []
        self.refused: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        line = self.getpos()[0]
        self.refused += [f"line {line}: {why}" for why in _refused(tag, given)]
        for name, value in given.items():
            button = name == "value" and given.get("type") in {"submit", "button", "reset"}
            if name in READ_ATTRIBUTES or (tag == "input" and button):
                self.read.append((line, value))
        if tag in {"script", "style", "code", "kbd", "pre"}:
            self._silent += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "code", "kbd", "pre"} and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            start = self.getpos()[0]
            self.read += [(start + n, line) for n, line in enumerate(data.split("\n"))]


def _refused(tag: str, given: dict[str, str]) -> list[str]:
    findings = [f"{name}= is inline script" for name in given if re.fullmatch(r"on[a-z]+", name)]
    if "style" in given:
        findings.append("style= is inline style")
    if tag == "style":
        findings.append("<style> is inline style")
    if tag == "script" and "src" not in given and given.get("type") not in _DATA:
        findings.append("<script> without src is inline script")
    findings += [
        f"{name}= runs script from a link"
        for name in ("href", "src", "action")
        if given.get(name, "").strip().lower().startswith("javascript:")
    ]
    return findings


def _parsed(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(literal(text))
    reader.close()
    return reader


def inline_code(text: str) -> list[str]:
    """Scripts and styles that the content security policy refuses."""
    return _parsed(text).refused


def untranslated(text: str, *, html: bool = True) -> list[str]:
    """Words that stand in a template without being marked for translation."""
    read = _parsed(text).read if html else list(enumerate(literal(text).split("\n"), 1))
    return [
        f"line {line}: {words.strip()[:60]!r} is not translated"
        for line, words in read
        if _LETTERS.search(SAME_EVERYWHERE.sub(" ", words.replace(_VALUE, " ")))
    ]


def untrimmed(text: str) -> list[str]:
    """Translated blocks whose line breaks would be part of the text to translate."""
    findings = []
    for token in _tokens(text):
        if token.token_type != TokenType.BLOCK:
            continue
        words = token.contents.split()
        if words[:1] in (["trans"], ["blocktrans"]):
            findings.append(f"line {token.lineno}: write {words[0]}late")
        if words[:1] == ["blocktranslate"] and "trimmed" not in words:
            findings.append(f"line {token.lineno}: blocktranslate needs trimmed")
    return findings

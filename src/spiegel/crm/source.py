"""A file's bytes: what they are, which encoding they are in, and a stream of their text.

A file is gone through in pieces and never held as a whole, so its size does not matter to memory.
What is no text is refused by what the bytes are, whatever the file is called.
"""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from spiegel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The most bytes that are read unless the caller says otherwise.
MAX_BYTES = 1_000_000_000
#: Longest line in bytes; a longer one is no table.
MAX_LINE = 4_194_304
_CHUNK = 1_048_576
_SAMPLE = 65_536
#: So many bytes that Windows-1252 does not know are no reason to refuse a file.
_FEW = 3

#: How a file begins that is neither text nor a workbook: a code, and what it is.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "pdf", "a PDF document"),
    (b"\x1f\x8b", "zip", "a compressed file"),
    (b"Rar!", "zip", "a compressed file"),
    (b"7z\xbc\xaf", "zip", "a compressed file"),
    (b"\x89PNG", "binary", "a picture"),
    (b"\xff\xd8\xff", "binary", "a picture"),
    (b"GIF8", "binary", "a picture"),
    (b"{\\rtf", "binary", "a text document"),
    (b"SQLite format", "binary", "a database"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_MARKUP = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|table|\?xml)\b", re.IGNORECASE | re.DOTALL
)
_JSON = re.compile(r'\s*(?:\[\s*)?\{\s*"')
#: Control characters that no text file has (tab, line feed, form feed, carriage return are fine).
_CONTROL_BYTES = bytes(set(range(0x20)) - set(b"\t\n\x0c\r\x1a\x1b"))
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x19\x1c-\x1f]")


@dataclass(frozen=True)
class Source:
    """Where a file's bytes come from; it can be opened any number of times."""

    data: bytes | Path

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return self.data.stat().st_size if isinstance(self.data, Path) else len(self.data)

    def open(self) -> BinaryIO:
        """Open it at its beginning."""
        return self.data.open("rb") if isinstance(self.data, Path) else io.BytesIO(self.data)

    def head(self, size: int = _SAMPLE) -> bytes:
        """Give its first bytes."""
        with self.open() as stream:
            return stream.read(size)

    def chunks(self) -> Iterator[bytes]:
        """Give all of it, a piece at a time."""
        with self.open() as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk


@dataclass(frozen=True)
class Text:
    """A file of text.

    Attributes:
        source: Its bytes.
        encoding: ``"utf-8"``, ``"utf-8-sig"``, ``"utf-16"`` or ``"cp1252"``.
        codec: What decodes it, where that is not the same.
        quotes: How many double quotation marks it has.
        broken: How many characters could not be read.
    """

    source: Source
    encoding: str
    codec: str
    quotes: int
    broken: int = 0

    def open(self) -> TextIO:
        """Open it as text at its beginning; line ends stay as they are."""
        return io.TextIOWrapper(self.source.open(), self.codec, errors="replace", newline="")

    def sample(self) -> str:
        """Give its first part, from which the dialect is told."""
        with self.open() as stream:
            return stream.read(_SAMPLE)


def text_of(source: Source) -> Text:
    """Work out which text a file is, going through all of it once.

    Raises:
        InputError: ``pdf``, ``zip``, ``binary``, ``html``, ``json`` or ``line-too-long``.
    """
    head = source.head()
    for start, code, what in _SIGNATURES:
        if head.startswith(start):
            raise not_text(code, what)
    text = _decoded(source, head)
    sample = text.sample()
    if _MARKUP.match(sample):
        raise InputError(
            "html",
            "This is a web page saved under the name of a table; download the export itself.",
        )
    if _JSON.match(sample):
        raise InputError("json", "This is JSON, not a table; export the deals as CSV or Excel.")
    return text


def not_text(code: str, what: str) -> InputError:
    """Say that a file is something else than a table."""
    return InputError(
        code, f"This is {what}, not a table; export or save the deals as CSV or Excel.", what=what
    )


def _decoded(source: Source, head: bytes) -> Text:
    for bom, encoding, codec in _BOMS:
        if head.startswith(bom):
            return _strictly(source, encoding, codec) or _refuse_binary()
    guess = _utf16_without_bom(head)
    if guess:
        return _strictly(source, "utf-16", guess) or _refuse_binary()
    _refuse_control(source)
    return _strictly(source, "utf-8", "utf-8") or _not_quite_utf8(source)


def _strictly(source: Source, encoding: str, codec: str) -> Text | None:
    try:
        quotes, _broken, _accents = _gone_through(source, codec, "strict")
    except UnicodeDecodeError:
        return None
    return Text(source, encoding, codec, quotes)


def _not_quite_utf8(source: Source) -> Text:
    """Tell UTF-8 with a few broken characters from Windows-1252, by which is rarer."""
    quotes, broken, accents = _gone_through(source, "utf-8", "replace")
    if accents > 10 * broken:
        return Text(source, "utf-8", "utf-8", quotes, broken)
    quotes, broken, accents = _gone_through(source, "cp1252", "replace")
    if broken > _FEW and broken * 5 > accents:
        _refuse_binary()
    return Text(source, "cp1252", "cp1252", quotes, broken)


def _gone_through(source: Source, codec: str, errors: str) -> tuple[int, int, int]:
    """Count quotation marks, unreadable characters, and readable ones beyond ASCII."""
    decoder = codecs.getincrementaldecoder(codec)(errors)
    quotes = broken = accents = run = 0
    wide = codec.startswith("utf-16")
    for chunk in source.chunks():
        text = decoder.decode(chunk)
        if wide and _CONTROL.search(text):
            _refuse_binary()
        quotes += text.count('"')
        if not text.isascii():
            bad = text.count("\ufffd")
            broken += bad
            accents += len(text) - len(text.encode("ascii", "ignore")) - bad
        run = 0 if "\n" in text or "\r" in text else run + len(chunk)
        if run > MAX_LINE:
            raise InputError(
                "line-too-long",
                f"A line of this file is longer than {MAX_LINE:,} bytes; that is no table of "
                "deals.",
                limit=MAX_LINE,
            )
    decoder.decode(b"", final=True)
    return quotes, broken, accents


def _refuse_control(source: Source) -> None:
    for chunk in source.chunks():
        if len(chunk.translate(None, _CONTROL_BYTES)) != len(chunk):
            _refuse_binary()


def _refuse_binary() -> Text:
    raise InputError(
        "binary",
        "This file holds no text; export or save the deals as CSV or Excel.",
        what="binary",
    )


def _utf16_without_bom(head: bytes) -> str | None:
    """Name the byte order of UTF-16 text in Western letters: every second byte is zero."""
    sample = head[:2000]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    enough = len(sample) * 0.4
    if odd > enough and even == 0:
        return "utf-16-le"
    if even > enough and odd == 0:
        return "utf-16-be"
    return None

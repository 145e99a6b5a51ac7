"""Rules about translations and product copy, as functions over their text."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

from babel.messages.pofile import read_po

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
_FORMAL = re.compile(r"\b[Uu]w?\b")
#: Names of other people's methods; in two parts, so that this file does not hold them.
_TRADEMARKS = [
    "Sand" + "ler", "MEDD" + "IC", "MEDDP" + "ICC", "JO" + "LT", "SP" + "IN selling",
    "Challenger " + "Sale", "Miller " + "Heiman", "Go" + "ng.io",
]  # fmt: skip


def messages(text: str) -> list[tuple[str, str, bool]]:
    """Every message of a catalogue: the original, the translation, and whether it is fuzzy.

    Plural forms are one entry each; a plural is compared with the original's plural.
    """
    result = []
    for message in read_po(io.BytesIO(text.encode())):
        if not message.id:
            continue
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        translations = [message.string] if isinstance(message.string, str) else message.string
        originals += originals[-1:] * (len(translations) - len(originals))
        result += [
            (original, translation or "", message.fuzzy)
            for original, translation in zip(originals, translations, strict=True)
        ]
    return result


def differing(catalogues: dict[str, str]) -> list[str]:
    """Texts translated in two ways: Django merges catalogues, so one of them never shows.

    Args:
        catalogues: The name of each catalogue and its text.
    """
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for name, text in catalogues.items():
        for message in read_po(io.BytesIO(text.encode())):
            if message.id:
                key = (message.context or "", str(message.id))
                seen.setdefault(key, {}).setdefault(str(message.string), name)
    return [
        f"{key[1]!r} is translated in two ways: {sorted(ways.values())}"
        for key, ways in seen.items()
        if len(ways) > 1
    ]


def incomplete(text: str) -> list[str]:
    """Messages without a translation, or with a guessed one."""
    return [
        f"{original!r} has no translation" if not translation else f"{original!r} is fuzzy"
        for original, translation, fuzzy in messages(text)
        if fuzzy or not translation
    ]


def different_placeholders(text: str) -> list[str]:
    """Translations that fill in other values, or hold other tags, than the original."""
    return [
        f"{original!r}: the translation fills in something else"
        for original, translation, _ in messages(text)
        if translation and _shape(original) != _shape(translation)
    ]


def _shape(text: str) -> tuple[list[str], list[str]]:
    tags: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, _attrs: tags.append(tag)  # type: ignore[method-assign]  # shorter than a class
    parser.feed(text)
    return sorted(found.group() for found in _PLACEHOLDER.finditer(text)), sorted(tags)


def formal(text: str) -> list[str]:
    """Dutch translations that say u: Spiegel says je."""
    return [
        f"{translation!r} says u"
        for _, translation, _ in messages(text)
        if _FORMAL.search(translation)
    ]


def trademarks(text: str) -> list[str]:
    """Names of other people's sales methods."""
    return [name for name in _TRADEMARKS if re.search(rf"\b{re.escape(name)}\b", text)]

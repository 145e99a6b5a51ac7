"""Gather the strings to translate, per area, and keep the catalogues complete.

    python tools/messages.py update   bring every catalogue up to date with the code
    python tools/messages.py check    fail when one is out of date, incomplete or fuzzy

An area is a folder of templates (web/templates/web/<area>), a room of the house (people, deals …)
or a page module (web/views/<area>.py). Each has its own catalogue in spiegel_portal/locale/<area>,
so that translations stand next to each other by subject. English is the language of the source;
plural forms aside it needs no catalogue.
"""

from __future__ import annotations

import io
import os
import sys
from collections import defaultdict
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PORTAL = ROOT / "src" / "spiegel_portal"
LOCALE = PORTAL / "locale"
LANGUAGES = ("nl",)
#: Folders of templates and page modules of no area: their strings go with the base page's.
SHARED = {"components", "errors", "mirror", "style"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def area_of(path: Path) -> str:
    """Name the catalogue a source file's strings belong to."""
    parts = path.relative_to(PORTAL).parts
    if parts[0] == "web" and parts[1] == "templates":
        if parts[2] == "web":
            shared = len(parts) == 4 or parts[3] in SHARED
            return "web" if shared else parts[3]
        return "people" if parts[2] in {"account", "mfa", "allauth"} else "web"
    if parts[0] == "web" and parts[1] in {"views", "forms"} and len(parts) > 2:
        stem = Path(parts[2]).stem
        return "web" if stem in SHARED else stem
    if parts[0] == "deals" and "imports" in parts[1]:
        return "imports"
    return parts[0]


def gather() -> dict[str, Catalog]:
    """Read every string marked for translation, per area."""
    found: dict[str, Catalog] = defaultdict(Catalog)
    for path in sorted([*PORTAL.rglob("*.py"), *PORTAL.rglob("*.html"), *PORTAL.rglob("*.txt")]):
        if "migrations" in path.parts or "static" in path.parts:
            continue
        area = area_of(path)
        area = area if area not in {"common", "settings", "commands"} else "web"
        for _line, message, comments, context in strings(path):
            place = (path.relative_to(PORTAL).as_posix(), None)
            found[area].add(message, locations=[place], auto_comments=comments, context=context)
    return found


def strings(path: Path) -> list[tuple[int, object, list[str], str | None]]:
    """Read the strings of one source file: line, text or its forms, comments, context."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize  # noqa: PLC0415  (needs settings)

        # What is left looks like Python but for its indentation, which means nothing.
        lines = templatize(text, origin=str(path)).split("\n")
        text = "\n".join(line.lstrip() for line in lines)
    source = io.BytesIO(text.encode("utf-8"))
    return list(extract("python", source, KEYWORDS, ["Translators:"]))


def merged(area: str, language: str, found: Catalog) -> Catalog:
    """Give an area's strings the translations it has already."""
    path = catalogue_path(area, language)
    kept = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as source:
            kept = read_po(source, locale=language)
    result = Catalog(
        locale=language, project="Spiegel", version="", creation_date=kept.creation_date
    )
    result.header_comment = f"# Spiegel: {area} ({language})"
    for message in found:
        if not message.id:
            continue
        old = kept.get(message.id, message.context)
        translation = old.string if old is not None else None
        flags = [flag for flag in message.flags if flag != "fuzzy"]
        result.add(
            message.id, translation or "", locations=message.locations, flags=flags,
            auto_comments=message.auto_comments, context=message.context,
        )  # fmt: skip
    return result


def catalogue_path(area: str, language: str) -> Path:
    """Where an area's catalogue in a language lies."""
    return LOCALE / area / language / "LC_MESSAGES" / "django.po"


def text_of(catalogue: Catalog) -> bytes:
    """Write a catalogue as text that depends on nothing but its strings."""
    out = io.BytesIO()
    write_po(out, catalogue, sort_output=True, include_lineno=False, width=99, omit_header=False)
    lines = out.getvalue().decode("utf-8").splitlines()
    unstable = ('"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Generated-By')
    return ("\n".join(line for line in lines if not line.startswith(unstable)) + "\n").encode()


def missing(catalogue: Catalog) -> list[str]:
    """List the strings of a catalogue that have no translation, or lack a plural form."""
    gaps = []
    for message in catalogue:
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, list | tuple) else [message.string]
        if not all(forms):
            gaps.append(message.id if isinstance(message.id, str) else message.id[0])
    return gaps


def main(argv: list[str]) -> int:
    """Update or check every catalogue.

    Returns:
        0 when all is well, 1 when a check found something, 2 for unknown words.
    """
    if argv not in (["update"], ["check"]):
        print(__doc__, file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spiegel_portal.settings.test")
    problems = []
    found = gather()
    for language in LANGUAGES:
        for area, catalogue_of in sorted(found.items()):
            path = catalogue_path(area, language)
            catalogue = merged(area, language, catalogue_of)
            text = text_of(catalogue)
            if argv == ["update"]:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
            elif not path.exists() or path.read_bytes() != text:
                problems.append(f"{area} ({language}) is out of date: run make messages")
            problems += [
                f"{area} ({language}): no translation of {gap!r}" for gap in missing(catalogue)
            ]
    print("\n".join(problems) or "every string is translated")
    return 1 if problems and argv == ["check"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Both languages are whole, and speak to people as Spiegel does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules import tree, words
from tests.rules.tools import tool

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOCALE = tree.PORTAL / "locale"


def catalogues() -> list[Path]:
    return tree.under(LOCALE, ".po")


def findings(rule: Callable[[str], list[str]], paths: list[Path]) -> dict[str, list[str]]:
    found = {tree.name_of(path): rule(tree.read(path)) for path in paths}
    return {name: result for name, result in found.items() if result}


def test_every_text_has_a_translation() -> None:
    assert findings(words.incomplete, catalogues()) == {}


def test_translations_fill_in_the_same_values() -> None:
    assert findings(words.different_placeholders, catalogues()) == {}


def test_a_text_is_translated_in_one_way() -> None:
    texts = {path.parts[-4]: tree.read(path) for path in catalogues()}
    assert words.differing(texts) == []


def test_dutch_says_je() -> None:
    assert findings(words.formal, catalogues()) == {}


def test_catalogues_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    messages = tool("messages")
    code = messages.main(["check"])
    assert (capsys.readouterr().out, code) == ("every string is translated\n", 0)


def test_every_area_has_a_dutch_catalogue() -> None:
    from django.conf import settings

    lacking = [
        path.name
        for path in settings.LOCALE_PATHS
        if not (path / "nl" / "LC_MESSAGES" / "django.po").exists()
    ]
    assert lacking == []


def test_no_names_of_other_peoples_methods() -> None:
    copy = [
        *tree.source(),
        *tree.templates(),
        *catalogues(),
        *tree.under(tree.ROOT / "docs", ".md"),
    ]
    assert findings(words.trademarks, copy) == {}


HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.mark.parametrize(
    ("rule", "entry", "expected"),
    [
        (words.incomplete, 'msgid "a"\nmsgstr "b"', []),
        (words.incomplete, 'msgid "a"\nmsgstr ""', ["'a' has no translation"]),
        (words.incomplete, '#, fuzzy\nmsgid "a"\nmsgstr "b"', ["'a' is fuzzy"]),
        (words.different_placeholders, 'msgid "%(n)s of %(m)s"\nmsgstr "%(m)s van %(n)s"', []),
        (
            words.different_placeholders,
            'msgid "%(n)s deals"\nmsgstr "%(aantal)s deals"',
            ["'%(n)s deals': the translation fills in something else"],
        ),
        (
            words.different_placeholders,
            'msgid "<b>a</b>"\nmsgstr "b"',
            ["'<b>a</b>': the translation fills in something else"],
        ),
        (
            words.different_placeholders,
            (
                'msgid "one deal"\nmsgid_plural "%(n)s deals"\nmsgstr[0] "één deal"\n'
                'msgstr[1] "%(n)s deals"'
            ),
            [],
        ),
        (words.formal, 'msgid "a"\nmsgstr "Wat deed je in dat uur?"', []),
        (words.formal, 'msgid "a"\nmsgstr "Wat deed u?"', ["'Wat deed u?' says u"]),
        (words.formal, 'msgid "a"\nmsgstr "Uw deal"', ["'Uw deal' says u"]),
        (words.trademarks, "a sandwich", []),
        (words.trademarks, "the JO" + "LT way", ["JO" + "LT"]),
    ],
)
def test_examples(rule: Callable[[str], list[str]], entry: str, expected: list[str]) -> None:
    assert rule(HEAD + entry + "\n") == expected


def test_two_ways_of_translating_are_found() -> None:
    deals, web = (HEAD + f'msgid "Save"\nmsgstr "{dutch}"\n' for dutch in ("Opslaan", "Bewaar"))
    assert words.differing({"deals": deals, "web": deals}) == []
    assert words.differing({"deals": deals, "web": web}) == [
        "'Save' is translated in two ways: ['deals', 'web']"
    ]
    apart = web.replace("msgid", 'msgctxt "keep"\nmsgid').replace('msgctxt "keep"\n', "", 1)
    assert words.differing({"deals": deals, "web": apart}) == []

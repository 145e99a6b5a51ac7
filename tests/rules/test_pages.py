"""Templates hold no inline code and no untranslated word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules import pages, tree

if TYPE_CHECKING:
    from collections.abc import Callable

#: Seen by developers only, in English: the design system's own page.
FOR_DEVELOPERS = "templates/web/style/"


def test_no_inline_code() -> None:
    found = {tree.name_of(p): pages.inline_code(tree.read(p)) for p in tree.templates()}
    assert {name: result for name, result in found.items() if result} == {}


def test_every_word_is_translated() -> None:
    found = {
        tree.name_of(path): pages.untranslated(tree.read(path), html=path.suffix == ".html")
        for path in tree.templates()
        if FOR_DEVELOPERS not in path.as_posix()
    }
    assert {name: result for name, result in found.items() if result} == {}


def test_translated_blocks_are_trimmed() -> None:
    found = {tree.name_of(p): pages.untrimmed(tree.read(p)) for p in tree.templates()}
    assert {name: result for name, result in found.items() if result} == {}


@pytest.mark.parametrize(
    "good",
    [
        '<p>{% translate "Hello" %} {{ name }} · 3 €</p>',
        "<p>{% blocktranslate trimmed %}Hello <b>you</b>{% endblocktranslate %}</p>",
        '<img src="{% static "web/a.png" %}" alt="{% translate "A deal" %}">',
        "<title>{% block title %}{% endblock %} · Spiegel</title>",
        '<a href="/x" lang="nl" class="quiet button">Nederlands</a>',
        "{# words for us #}{% comment %}more words{% endcomment %}<hr>",
        '<input type="hidden" name="kind" value="debrief">',
        '<option value="a" {% if chosen %}selected{% endif %}>{{ label }}</option>',
        "<code>name;amount</code> &nbsp; &mdash;",
        '<script src="{% static "web/a.js" %}" defer></script>',
        '<script type="application/json" id="words">{"a": "word"}</script>',
    ],
)
def test_good_templates(good: str) -> None:
    assert pages.untranslated(good) + pages.inline_code(good) + pages.untrimmed(good) == []


@pytest.mark.parametrize(
    ("rule", "bad", "finding"),
    [
        (pages.untranslated, "<p>\nHello\n</p>", "line 2: 'Hello' is not translated"),
        (
            pages.untranslated,
            "<p>{% blocktranslate %}\n\n{% endblocktranslate %}Hello {{ name }}</p>",
            "line 3: 'Hello \N{OBJECT REPLACEMENT CHARACTER}' is not translated",
        ),
        (
            pages.untranslated,
            '<img src="a" alt="A deal">',
            "line 1: 'A deal' is not translated",
        ),
        (
            pages.untranslated,
            '<button aria-label="Close {{ x }}"></button>',
            "line 1: 'Close \N{OBJECT REPLACEMENT CHARACTER}' is not translated",
        ),
        (
            pages.untranslated,
            '<input type="submit" value="Save">',
            "line 1: 'Save' is not translated",
        ),
        (
            pages.inline_code,
            "<script>go()</script>",
            "line 1: <script> without src is inline script",
        ),
        (pages.inline_code, "<p style='x'></p>", "line 1: style= is inline style"),
        (pages.inline_code, "<style>p{}</style>", "line 1: <style> is inline style"),
        (pages.inline_code, '<p onclick="go()"></p>', "line 1: onclick= is inline script"),
        (
            pages.inline_code,
            '<a href="javascript:go()"></a>',
            "line 1: href= runs script from a link",
        ),
        (
            pages.untrimmed,
            "\n{% blocktranslate %}a{% endblocktranslate %}",
            "line 2: blocktranslate needs trimmed",
        ),
        (pages.untrimmed, '{% trans "a" %}', "line 1: write translate"),
    ],
)
def test_bad_templates(rule: Callable[[str], list[str]], bad: str, finding: str) -> None:
    assert rule(bad) == [finding]


def test_words_in_a_plain_mail_are_found() -> None:
    mail = '{% load i18n %}{% translate "Hello" %} {{ name }},\nsee you'
    assert pages.untranslated(mail, html=False) == ["line 2: 'see you' is not translated"]

"""Every code of the engine has a sentence in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import spiegel.crm
from spiegel.crm import EVENT_FIELDS, EVENT_KINDS, FIELDS
from spiegel_portal.deals.imports import words

SOURCE = Path(spiegel.crm.__file__).parent
#: Codes of choices that a page cannot send.
NOT_SHOWN = {"unknown-field", "unknown-header", "unknown-system"}


def codes(module: str, raised: str) -> set[str]:
    """Every code that a module of the engine gives to something."""
    text = (SOURCE / f"{module}.py").read_text()
    return set(re.findall(rf'{raised}\(\s*"([a-z-]+)"', text))


def test_every_reason_to_refuse_has_a_sentence() -> None:
    modules = ("read", "source", "dialect", "workbook", "understand")
    found = set().union(*(codes(module, "InputError") for module in modules))
    found |= codes("workbook", "not_text") | {"pdf"}  # told by a file's first bytes
    assert found - words._REFUSALS.keys() - NOT_SHOWN == set()


def test_every_reason_to_reject_has_a_sentence() -> None:
    found = codes("rows", "Unusable") | codes("events", "Unusable")
    found |= {"not-yours", "no-such-deal", "deal-ambiguous"}  # told by the portal
    assert words._REJECTIONS.keys() == found


def test_every_doubt_has_a_sentence() -> None:
    text = (SOURCE / "doubts.py").read_text()
    named = re.findall(
        r'^ +[("]*"?([a-z]+(?:-[a-z]+)*)"(?:: "\{| *, "\{|: "Of)', text, re.MULTILINE
    )
    found = codes("doubts", "Doubt") | set(named)
    found |= {
        f"{what}-{how}" for what in ("date-order", "decimal-sign") for how in ("unsure", "mixed")
    }
    assert words._DOUBTS.keys() == found


def test_every_field_and_kind_has_a_name() -> None:
    assert tuple(words.FIELDS) == FIELDS
    assert tuple(words.EVENT_FIELDS) == EVENT_FIELDS
    assert tuple(words.EVENT_KINDS) == EVENT_KINDS


@pytest.mark.parametrize("code", ["no-such-code", "unexpected"])
def test_an_unknown_refusal_says_that_nothing_changed(code: str) -> None:
    assert words.refusal(code, {}) == (
        "Something went wrong while reading this file. Nothing was changed."
    )

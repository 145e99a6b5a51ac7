"""Dates as the reader writes them: the day before the month, in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.utils import formats, translation


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [("en", "2 November 2026", "2 Nov 2026"), ("nl", "2 november 2026", "2-11-2026")],
)
def test_dates_put_the_day_first(language: str, long: str, short: str) -> None:
    with translation.override(language):
        assert formats.date_format(date(2026, 11, 2)) == long
        assert formats.date_format(date(2026, 11, 2), "SHORT_DATE_FORMAT") == short


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("typed", ["2026-11-02", "02-11-2026", "2/11/2026"])
def test_a_typed_date_is_read_with_the_day_first(language: str, typed: str) -> None:
    with translation.override(language):
        assert forms.DateField().clean(typed) == date(2026, 11, 2)

"""Amounts as people type them: "€ 12.500", "12,500.50", "12500"."""

from __future__ import annotations

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

_SIGNS = re.compile(r"[€$£\s\u00a0]|EUR|USD|GBP", re.IGNORECASE)
_SIGN_OF = {"EUR": "€", "GBP": "£", "USD": "$"}
_PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?$")
_GROUPED = re.compile(
    r"\d{1,3}(?P<group>[.,'])\d{3}(?:(?P=group)\d{3})*(?:(?!(?P=group))[.,]\d{1,2})?$"
)


def parse_amount(text: str) -> Decimal:
    """Read an amount in Dutch or English notation.

    A sign with exactly three digits behind it groups thousands; with one or two it is the
    decimal sign. Money has no third decimal, so the two never clash.

    Raises:
        ValueError: It is not an amount in either notation.
    """
    bare = _SIGNS.sub("", text).removesuffix(",-").removesuffix(".-")
    grouped = _GROUPED.match(bare)
    if grouped:
        bare = bare.replace(grouped["group"], "")
    elif not _PLAIN.match(bare):
        raise ValueError(text)
    return Decimal(bare.replace(",", "."))


def write_amount(amount: Decimal | None) -> str:
    """Write an amount as people type it: no cents where there are none, in their own notation."""
    if amount is None:
        return ""
    whole = amount == amount.to_integral_value()
    return number_format(amount, 0 if whole else 2, use_l10n=True, force_grouping=False)


def show_amount(amount: Decimal, currency: str) -> str:
    """Write an amount to read: "€ 2.400" in Dutch, "€2,400" in English, "CHF 2,400" for others."""
    whole = amount == amount.to_integral_value()
    figures = number_format(amount, 0 if whole else 2, use_l10n=True, force_grouping=True)
    sign = _SIGN_OF.get(currency)
    if sign and not (get_language() or "").startswith("nl"):
        return f"{sign}{figures}"
    return f"{sign or currency}\N{NO-BREAK SPACE}{figures}"


class AmountField(forms.CharField):
    """A form field that reads amounts with :func:`parse_amount`; empty gives None."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: object) -> Decimal | None:
        """Read what was typed."""
        text = str(super().clean(value) or "")
        if not text:
            return None
        try:
            amount = parse_amount(text)
        except ValueError:
            raise ValidationError(
                _("“%(text)s” is not an amount; write it like 12500 or 12,500.50."),
                params={"text": text},
            ) from None
        if amount >= Decimal(10) ** 12:
            raise ValidationError(_("This amount is too large; write at most twelve digits."))
        return amount

"""What people type about practice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class HoldForm(forms.Form):
    """A holiday: its first and last day."""

    first = _day(_("First day"))
    last = _day(_("Last day"))

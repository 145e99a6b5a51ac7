"""What an administrator fills in to connect a CRM with a token."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class TokenForm(forms.Form):
    """A token from the CRM's own settings."""

    token = forms.CharField(
        label=_("Token"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted and never shown again."),
    )

    def clean_token(self) -> str:
        """Refuse what cannot be sent as a token."""
        token: str = self.cleaned_data["token"].strip()
        if not token.isascii() or not token.isprintable() or " " in token:
            raise ValidationError(
                _("A token has letters, digits and signs without spaces; copy it once more.")
            )
        return token

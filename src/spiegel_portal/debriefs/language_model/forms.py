"""What an administrator fills in about the organisation's language model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .addresses import is_allowed, read_address

if TYPE_CHECKING:
    from spiegel_portal.debriefs.models import LanguageModel


class LanguageModelForm(forms.Form):
    """Where, which, with which key, and whether it is on."""

    base_url = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        help_text=_(
            "Of an endpoint that speaks the chat protocol of OpenAI, for example "
            "http://localhost:11434/v1 for Ollama or http://localhost:8000/v1 for vLLM."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    model = forms.CharField(
        label=_("Name of the model"),
        max_length=120,
        required=False,
        help_text=_("As that endpoint calls it."),
    )
    key = forms.CharField(
        label=_("Key"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted and never shown again. Many local endpoints need none."),
    )
    keep_key = forms.BooleanField(label=_("Keep the key that is there"), required=False)
    is_on = forms.BooleanField(
        label=_("The language model marks look-backs, and every member is told so"), required=False
    )

    def __init__(self, data: Any = None, *, chosen: LanguageModel | None) -> None:
        names = ("base_url", "model", "is_on")
        initial: dict[str, Any] = {name: getattr(chosen, name) for name in names if chosen}
        super().__init__(data, initial={**initial, "keep_key": True})
        if chosen is None or not chosen.key_encrypted:
            del self.fields["keep_key"]

    def clean_base_url(self) -> str:
        """Read the address as the program that sends to it does."""
        given: str = self.cleaned_data["base_url"]
        if not given:
            return ""
        try:
            address = read_address(given)
        except ValueError:
            raise ValidationError(
                _(
                    "This is no address that can be used: write it like http://localhost:11434/v1, "
                    "with http or https and without a name, a question mark or a #."
                )
            ) from None
        if not is_allowed(address):
            raise ValidationError(
                _(
                    "%(host)s is not a host that may be chosen here. Whoever runs this "
                    "installation can allow it."
                ),
                params={"host": f"{address.host}:{address.port}"},
            )
        return address.url

    def clean_key(self) -> str:
        """Refuse what cannot be sent as a key."""
        key: str = self.cleaned_data["key"].strip()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ValidationError(
                _("A key has letters, digits and signs without spaces; copy it once more.")
            )
        return key

    def clean(self) -> dict[str, Any]:
        """Ask for what is needed to switch it on."""
        given = super().clean() or {}
        if given.get("is_on"):
            for name in ("base_url", "model"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Needed to switch the language model on."))
        return given

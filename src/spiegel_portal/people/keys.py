"""allauth's forms about passkeys, with their one label in the reader's language."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _

_NAME = _("What you call it")


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Adds a passkey or a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _NAME


class EditKeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Names a passkey or a security key anew."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _NAME

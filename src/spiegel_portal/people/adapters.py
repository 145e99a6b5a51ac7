"""How allauth's parts behave here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from spiegel_portal.common import ciphers

if TYPE_CHECKING:
    from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sends mail in the reader's language and keeps e-mail addresses in lower case."""

    def clean_email(self, email: str) -> str:
        """Give the address in lower case, so that it is found in any."""
        return str(super().clean_email(email)).lower()

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  (allauth's signature)
        """Anybody may start: a solo seller, a company, somebody invited."""
        return True


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Encrypts TOTP secrets and recovery-code seeds with the installation's own key."""

    def encrypt(self, text: str) -> str:
        """Turn a secret into what the database keeps."""
        return ciphers.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Turn what the database keeps back into the secret."""
        return ciphers.decrypt(encrypted_text)

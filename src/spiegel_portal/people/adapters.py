"""How allauth's parts behave here."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings

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


def _cipher() -> Fernet:
    digest = hashlib.sha256(settings.SPIEGEL_ENCRYPTION_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Encrypts TOTP secrets and recovery-code seeds with the installation's own key."""

    def encrypt(self, text: str) -> str:
        """Turn a secret into what the database keeps."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Turn what the database keeps back into the secret."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

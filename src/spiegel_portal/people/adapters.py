"""How allauth's parts behave here: secrets of authenticator apps are encrypted at rest."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings


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

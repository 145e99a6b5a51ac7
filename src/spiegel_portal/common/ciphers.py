"""Secrets at rest: encrypted with the installation's own key, SPIEGEL_ENCRYPTION_KEY."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from .errors import PortalError


class KeyChanged(PortalError):  # noqa: N818  (named for what happened)
    """What is kept was encrypted with another key than today's."""


def encrypt(text: str) -> str:
    """Turn a secret into what the database keeps."""
    return _cipher().encrypt(text.encode()).decode()


def decrypt(kept: str) -> str:
    """Turn what the database keeps back into the secret.

    Raises:
        KeyChanged: It was encrypted with another key.
    """
    try:
        return _cipher().decrypt(kept.encode()).decode()
    except InvalidToken:
        raise KeyChanged("key-changed", "SPIEGEL_ENCRYPTION_KEY is not the one it was.") from None


def _cipher() -> Fernet:
    digest = hashlib.sha256(settings.SPIEGEL_ENCRYPTION_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))

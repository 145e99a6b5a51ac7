"""`make run` and `spiegel serve` on one's own machine: plain http on localhost, SQLite.

A secret key is made at the first start and kept in the data folder. Cookies are not marked
secure, because a browser would then not send them over http.
"""

from __future__ import annotations

import os
import secrets

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403  (settings are layered)
from .base import DATA

DEBUG = os.environ.get("SPIEGEL_DEBUG") == "1"


def _hosts() -> list[str]:
    """The names one may be called by: those given, else this machine and the HOST served.

    Serving on every address of the machine (HOST=0.0.0.0) is answering to all of its names.
    """
    if given := os.environ.get("SPIEGEL_HOSTS"):
        return given.split(",")
    host = os.environ.get("HOST", "localhost")
    return ["*"] if host in {"0.0.0.0", "::"} else ["localhost", "127.0.0.1", "[::1]", host]  # noqa: S104  (compared, not bound)


ALLOWED_HOSTS = _hosts()
CSRF_TRUSTED_ORIGINS: list[str] = []


def _local_secret(name: str) -> str:
    path = DATA / name
    try:
        if not path.exists():
            DATA.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50))
        return path.read_text().strip()
    except OSError as error:
        message = (
            f"{path} cannot be used ({error.strerror}): set SPIEGEL_DATA to a folder of yours."
        )
        raise ImproperlyConfigured(message) from error


SECRET_KEY = os.environ.get("SPIEGEL_SECRET_KEY") or _local_secret("secret-key")
SPIEGEL_ENCRYPTION_KEY = os.environ.get("SPIEGEL_ENCRYPTION_KEY") or SECRET_KEY
SPIEGEL_LANGUAGE_MODEL_HOSTS = [
    host.strip()
    for host in os.environ.get("SPIEGEL_LANGUAGE_MODEL_HOSTS", "localhost,127.0.0.1,[::1]")
    .lower()
    .split(",")
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

"""Behind https, with every secret from the environment. `manage check --deploy` is clean here."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403  (settings are layered)


def _required(name: str, meaning: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        message = f"{name} is not set: give {meaning} in the environment."
        raise ImproperlyConfigured(message)
    return value


SECRET_KEY = _required("SPIEGEL_SECRET_KEY", "a random string of at least 50 characters")
SPIEGEL_ENCRYPTION_KEY = _required(
    "SPIEGEL_ENCRYPTION_KEY", "a random string of at least 50 characters, never changed"
)
ALLOWED_HOSTS = _required("SPIEGEL_HOSTS", "the host names, separated by commas").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
# A CRM is asked at its own hosts only.
SPIEGEL_CRM_TEST_SERVERS = {}
EMAIL_BACKEND = os.environ.get(
    "SPIEGEL_MAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = os.environ.get("SPIEGEL_MAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("SPIEGEL_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("SPIEGEL_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SPIEGEL_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("SPIEGEL_MAIL_TLS") == "1"

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies of one's own stand in front. Limits per visitor count the address that the
# outermost of them saw; with 0 the address of the connection itself.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("SPIEGEL_PROXIES", "1"))
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
# Counters of the rate limits are shared by all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "spiegel_cache",
    }
}

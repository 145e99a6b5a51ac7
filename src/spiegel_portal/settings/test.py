"""Tests: SQLite or the server of DATABASE_URL, fast hashes, mail kept in memory."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .base import *  # noqa: F403  (settings are layered)
from .base import ACCOUNT_RATE_LIMITS, Q_CLUSTER, database

SECRET_KEY = "tests-only-and-long-enough-for-the-deploy-check-0123456789"  # noqa: S105  (guards nothing)
SPIEGEL_ENCRYPTION_KEY = SECRET_KEY
ALLOWED_HOSTS = ["*"]
DATA = Path(tempfile.mkdtemp(prefix="spiegel-test-"))
MEDIA_ROOT = DATA / "files"
DATABASES = {"default": database()}
if not os.environ.get("DATABASE_URL"):
    # A file, as in real life, so that several connections meet as they do there; thrown away
    # afterwards, so it need not reach the disk.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = dict.fromkeys(ACCOUNT_RATE_LIMITS, "1000/m/ip")
SPIEGEL_LANGUAGE_MODEL_HOSTS = ["127.0.0.1"]
# Jobs run at once, in the test's own process and transaction.
Q_CLUSTER = {**Q_CLUSTER, "sync": True}
SPIEGEL_CRM_CLIENTS = {
    system: (f"id-of-{system}", f"secret-of-{system}")
    for system in ("hubspot", "pipedrive", "salesforce", "teamleader")
}

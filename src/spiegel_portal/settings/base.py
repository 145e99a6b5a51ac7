"""What every way of running Spiegel shares. Secrets and places come from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SPIEGEL_DATA", Path.cwd() / "var")).resolve()

SECRET_KEY = os.environ.get("SPIEGEL_SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "django_q",
    "spiegel_portal.common",
    "spiegel_portal.people",
    "spiegel_portal.deals",
    "spiegel_portal.debriefs",
    "spiegel_portal.practice",
    "spiegel_portal.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "spiegel_portal.people.middleware.LanguageMiddleware",
    "spiegel_portal.people.middleware.TenantMiddleware",
]

ROOT_URLCONF = "spiegel_portal.urls"
WSGI_APPLICATION = "spiegel_portal.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the apps' own: our pages stand in for allauth's.
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["template_partials.templatetags.partials"],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
        },
    }
]
FORM_RENDERER = "spiegel_portal.web.rendering.Forms"


def database() -> dict[str, Any]:
    """Read DATABASE_URL; without one, SQLite in the data folder.

    Returns:
        One entry of Django's ``DATABASES``. SQLite runs in WAL mode and takes its write lock at
        the start of a transaction (IMMEDIATE): deferred locks fail under concurrent writers.

    Raises:
        ImproperlyConfigured: DATABASE_URL is not an address of a database.
    """
    url = os.environ.get("DATABASE_URL")
    if url:
        try:
            config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60))
        except ValueError:
            message = "DATABASE_URL cannot be read: write postgres://USER:PASSWORD@HOST:PORT/NAME."
            raise ImproperlyConfigured(message) from None
        config["CONN_HEALTH_CHECKS"] = True
        return config
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "spiegel.sqlite3",
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456;"
            ),
        },
    }


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "today"
LOGIN_URL = "account_login"
LOGOUT_REDIRECT_URL = "front"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "spiegel_portal.people.signup.SignupForm"
ACCOUNT_ADAPTER = "spiegel_portal.people.adapters.AccountAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Spiegel"
MFA_ADAPTER = "spiegel_portal.people.adapters.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "spiegel_portal.people.keys.AddKeyForm",
    "edit_webauthn": "spiegel_portal.people.keys.EditKeyForm",
}

LANGUAGE_CODE = "en"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = sorted(path for path in (PACKAGE / "locale").iterdir() if path.is_dir())
FORMAT_MODULE_PATH = "spiegel_portal.settings.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
SPIEGEL_IMPORT_MAX_BYTES = 250_000_000

# What CRMs call this installation where it was registered with them: system to id and secret.
SPIEGEL_CRM_CLIENTS = {
    "hubspot": (
        os.environ.get("SPIEGEL_HUBSPOT_CLIENT_ID", ""),
        os.environ.get("SPIEGEL_HUBSPOT_CLIENT_SECRET", ""),
    ),
    "pipedrive": (
        os.environ.get("SPIEGEL_PIPEDRIVE_CLIENT_ID", ""),
        os.environ.get("SPIEGEL_PIPEDRIVE_CLIENT_SECRET", ""),
    ),
    "salesforce": (
        os.environ.get("SPIEGEL_SALESFORCE_CLIENT_ID", ""),
        os.environ.get("SPIEGEL_SALESFORCE_CLIENT_SECRET", ""),
    ),
    "teamleader": (
        os.environ.get("SPIEGEL_TEAMLEADER_CLIENT_ID", ""),
        os.environ.get("SPIEGEL_TEAMLEADER_CLIENT_SECRET", ""),
    ),
}
# Minutes between two looks at a CRM.
SPIEGEL_CRM_MINUTES = max(5, int(os.environ.get("SPIEGEL_CRM_MINUTES", "60")))
# Servers that stand in for a CRM in tests: "hubspot=http://localhost:8123,…". Never in production.
SPIEGEL_CRM_TEST_SERVERS = {
    system.strip(): server.strip()
    for system, _equals, server in (
        pair.partition("=") for pair in os.environ.get("SPIEGEL_CRM_TEST_SERVERS", "").split(",")
    )
    if server
}

# Hosts (with or without a port) of language models that administrators may choose; * for any.
SPIEGEL_LANGUAGE_MODEL_HOSTS = [
    host.strip() for host in os.environ.get("SPIEGEL_LANGUAGE_MODEL_HOSTS", "").lower().split(",")
]


def seconds() -> float:
    """How long a page waits for a language model before the built-in mirror stands in.

    Raises:
        ImproperlyConfigured: SPIEGEL_LANGUAGE_MODEL_SECONDS is no number from 0.5 to 10.
    """
    given = os.environ.get("SPIEGEL_LANGUAGE_MODEL_SECONDS", "3")
    try:
        if 0.5 <= (wanted := float(given)) <= 10:
            return wanted
    except ValueError:
        pass
    message = f"SPIEGEL_LANGUAGE_MODEL_SECONDS is {given}: give a number from 0.5 to 10."
    raise ImproperlyConfigured(message)


SPIEGEL_LANGUAGE_MODEL_SECONDS = seconds()

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("SPIEGEL_MAIL_FROM", "Spiegel <spiegel@localhost>")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "spiegel_portal.web.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# A job runs again when it has not answered within `retry` seconds, so `retry` exceeds the longest
# job (`timeout`) and every job is idempotent.
Q_CLUSTER = {
    "name": "spiegel",
    "orm": "default",
    "workers": int(os.environ.get("SPIEGEL_WORKERS", "1")),
    "timeout": 300,
    "retry": 360,
    "max_attempts": 5,
    "ack_failures": True,
    "poll": 0.5,
    "save_limit": 1000,
    "catch_up": False,
    "guard_cycle": 1,
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

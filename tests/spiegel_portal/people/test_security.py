from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from tests.factories import PASSWORD

from spiegel_portal.settings import base

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper
    from tests.conftest import House


def test_secrets_of_authenticator_apps_are_encrypted_in_the_database(house: House) -> None:
    secret = generate_totp_secret()
    TOTP.activate(house.owner, secret)
    kept = Authenticator.objects.get()
    assert secret not in str(kept.data)
    assert kept.wrap().validate_code("000000") in {True, False}


def test_passwords_are_hashed_with_argon2_first() -> None:
    assert base.PASSWORD_HASHERS[0].endswith(Argon2PasswordHasher.__name__)


def test_guessing_a_password_is_stopped(
    client: Client, house: House, settings: SettingsWrapper
) -> None:
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    guess = {"login": "owner@test.example", "password": "wrong-password"}
    pages = [client.post("/account/login/", guess).content.decode() for _ in range(7)]
    right = {"login": "owner@test.example", "password": PASSWORD}
    assert "Too many failed" in pages[-1]
    assert client.post("/account/login/", right).status_code == 200
    cache.clear()


def test_a_login_page_does_not_tell_who_has_an_account(client: Client, house: House) -> None:
    def answer(email: str) -> str:
        data = {"login": email, "password": "wrong-password"}
        page = client.post("/account/login/", data).content.decode()
        return page.replace(email, "")[page.find("<main") :].split("csrfmiddlewaretoken")[0]

    assert answer("owner@test.example") == answer("nobody@test.example")


def test_every_page_sends_a_strict_policy(client: Client, db: None) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert dict(part.split(" ", 1) for part in policy.split("; ")) == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }

"""What Django and allauth say of forms, log-ins and mails is Dutch too, and says je."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import allauth
import django
import pytest
from django.core import mail
from django.utils import translation
from tests.rules.tools import tool
from tests.rules.tree import PORTAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

DJANGO, ALLAUTH = Path(django.__file__).parent, Path(allauth.__file__).parent
OURS = PORTAL / "web" / "templates"
#: Pages and mails of ways to log in that are not offered here.
NOT_OFFERED = re.compile(
    r"phone|email_change\.|login_code|_code\.|_code_|signup_|verified_email|trust"
)
#: The same word in both languages.
SAME = {"Code", "IPv4", "IPv6", "Passkey"}
_STIFF = re.compile(r"\b(?:[Uu]w?|a\.u\.b\.|alstublieft|zijn of haar|[Aa]anmelden)\b")


def sources() -> Iterator[Path]:
    yield from [DJANGO / "forms" / name for name in ("fields.py", "models.py")]
    yield DJANGO / "contrib" / "auth" / "password_validation.py"
    for app in ("account", "mfa"):
        yield from (ALLAUTH / app).rglob("adapter.py")
        yield from (ALLAUTH / app).rglob("forms.py")
        templates = ALLAUTH / "templates"
        for path in sorted((templates / app).rglob("*.*")):
            if not (OURS / path.relative_to(templates)).exists():
                yield path


def texts() -> list[str | tuple[str, str]]:
    found = {
        text
        for path in sources()
        if not NOT_OFFERED.search(path.name) and "phone" not in path.parts
        for _line, text, _comments, _context in tool("messages").strings(path)
        if text
    }
    return sorted(found, key=str)


def dutch(text: str | tuple[str, str]) -> str:
    with translation.override("nl"):
        if isinstance(text, tuple):
            return translation.ngettext(*text, 2)
        return translation.gettext(text)


@pytest.mark.parametrize("text", texts(), ids=lambda text: str(text)[:60])
def test_it_is_said_in_dutch(text: str | tuple[str, str]) -> None:
    said = dutch(text)
    if text not in SAME:
        assert said not in text
    assert _STIFF.search(said) is None


def test_a_password_that_is_too_short_is_refused_in_dutch(client: Client, db: None) -> None:
    form = {"name": "Noor", "email": "noor@test.example", "password1": "kort"}
    page = client.post("/account/signup/", form, headers={"accept-language": "nl"})
    assert "Dit wachtwoord is te kort: minstens 10 tekens." in page.content.decode()


def test_the_mail_that_confirms_an_address_speaks_of_spiegel(client: Client, db: None) -> None:
    form = {"name": "Noor", "email": "noor@test.example", "password1": "right-horse-battery"}
    client.post("/account/signup/", form, headers={"accept-language": "nl"})
    (sent,) = mail.outbox
    assert sent.subject == "Bevestig je e-mailadres"
    link = re.search(r"^http://\S+/account/confirm-email/\S+$", str(sent.body), re.MULTILINE)
    assert link is not None
    assert str(sent.body).split("\n\n") == [
        (
            "Iemand, waarschijnlijk jij, gaf dit adres op voor een account in Spiegel. Klopt dat? "
            "Open dan deze link:"
        ),
        link.group(),
        "Was jij dit niet, dan hoef je niets te doen.",
        "--\nSpiegel",
    ]


def test_logging_in_says_what_is_wrong_and_nothing_else(client: Client, db: None) -> None:
    form = {"login": "nobody@test.example", "password": "a guess"}
    page = client.post("/account/login/", form, headers={"accept-language": "nl"})
    text = page.content.decode()
    assert "Dit e-mailadres en dit wachtwoord horen niet bij elkaar." in text
    assert "Nog niet opgeslagen" not in text

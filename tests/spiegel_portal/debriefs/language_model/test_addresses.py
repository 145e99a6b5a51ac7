"""Which addresses can be chosen, read as the program that sends to them reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from spiegel_portal.debriefs.language_model.addresses import Address, is_allowed, read_address

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "http://xn--bcher-kva.example",
            ("http://xn--bcher-kva.example", "xn--bcher-kva.example", 80),
        ),
        (" http://localhost:11434/v1/ ", ("http://localhost:11434/v1", "localhost", 11434)),
        ("https://Models.Example/v1", ("https://models.example/v1", "models.example", 443)),
        ("http://[::1]:8000", ("http://[::1]:8000", "::1", 8000)),
        ("http://10.0.0.7", ("http://10.0.0.7", "10.0.0.7", 80)),
    ],
)
def test_good_addresses(text: str, address: tuple[str, str, int]) -> None:
    assert read_address(text) == Address(*address)


@pytest.mark.parametrize(
    "text",
    [
        "", "localhost", "localhost:11434", "//localhost", "/v1", "http://", "http:///v1",
        "ftp://localhost", "file:///etc/passwd", "gopher://localhost", "javascript:alert(1)",
        "unix:/run/docker.sock", "http://user@localhost", "http://user:word@localhost",
        "http://localhost?x=1", "http://localhost/#a", "http://localhost\\@elsewhere.example",
        "http://local host", "http://[::1", "http://localhost:99999", "http://local\nhost", "http://bücher.example",
        "http://localhost/\x00",
    ],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        read_address(text)


@pytest.mark.parametrize(
    ("hosts", "url", "allowed"),
    [
        ([""], "http://localhost", False),
        (["localhost"], "http://localhost:11434/v1", True),
        (["localhost"], "http://LOCALHOST:11434/v1", True),
        (["localhost"], "http://127.0.0.1:11434/v1", False),
        (["localhost"], "http://localhost.elsewhere.example/v1", False),
        (["localhost:11434"], "http://localhost:11434/v1", True),
        (["localhost:11434"], "http://localhost:6379", False),
        (["models.example:443"], "https://models.example/v1", True),
        (["models.example:443"], "http://models.example/v1", False),
        (["[::1]"], "http://[::1]:8000/v1", True),
        (["[::1]:8000"], "http://[::1]:8001/v1", False),
        (["*"], "https://anything.example/v1", True),
    ],
)
def test_hosts_that_may_be_chosen(
    settings: SettingsWrapper, hosts: list[str], url: str, allowed: bool
) -> None:
    settings.SPIEGEL_LANGUAGE_MODEL_HOSTS = hosts
    assert is_allowed(read_address(url)) is allowed

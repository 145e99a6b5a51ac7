"""Which addresses a language model may be asked at.

An administrator gives the address, and anybody may found an organisation of their own. So whoever
runs the installation says which hosts may be chosen (SPIEGEL_LANGUAGE_MODEL_HOSTS): without that,
a stranger could have the server knock on doors inside its own network.
"""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from django.conf import settings

#: Ports that need not be written.
_USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """A base address, as the program that sends to it reads it.

    Attributes:
        url: Without a slash at its end.
        host: Its host, lower case, without a port.
        port: Its port, also where it is not written.
    """

    url: str
    host: str
    port: int


def read_address(text: str) -> Address:
    """Read a base address such as ``http://localhost:11434/v1``.

    Raises:
        ValueError: It is none: another scheme than http or https, no host, with a user's name, a
            query or a fragment in it, or with anything but plain ASCII.
    """
    text = text.strip()
    if not text.isascii() or not text.isprintable() or not {" ", "\\"}.isdisjoint(text):
        raise ValueError(text)
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ValueError(text) from error
    host, port = url.raw_host.decode("ascii").lower(), url.port or _USUAL_PORTS.get(url.scheme, 0)
    extras = url.userinfo or url.query or url.fragment
    if url.scheme not in _USUAL_PORTS or not host or not 0 < port < 65_536 or extras:
        raise ValueError(text)
    return Address(str(url).rstrip("/"), host, port)


def is_allowed(address: Address) -> bool:
    """Tell whether whoever runs the installation lets this host be chosen."""
    names = {address.host, f"[{address.host}]"}
    allowed = {*names, *(f"{name}:{address.port}" for name in names), "*"}
    return not allowed.isdisjoint(settings.SPIEGEL_LANGUAGE_MODEL_HOSTS)

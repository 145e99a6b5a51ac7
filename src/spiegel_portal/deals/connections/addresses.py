"""Which addresses may be asked: the CRM's own hosts, over https, and nothing else.

Answers name addresses too (where to ask with these tokens, where a page moved), so each one is
looked at before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from django.conf import settings

from .errors import ConnectorError

if TYPE_CHECKING:
    from .base import Connector

_HTTPS = 443


def address(connector: Connector, text: str) -> str:
    """Give the address to ask at, once it is sure that it may be.

    For a connector with a test server (SPIEGEL_CRM_TEST_SERVERS) that is the same path there.

    Raises:
        ConnectorError: It is not one of the CRM's own.
    """
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        raise ConnectorError("host-refused", permanent=True) from None
    test = settings.SPIEGEL_CRM_TEST_SERVERS.get(connector.id)
    if test:
        return _at_test_server(url, httpx.URL(test))
    host = url.raw_host.decode("ascii").lower()
    known = any(
        host.endswith(own) if own.startswith(".") else host == own for own in connector.hosts
    )
    if url.scheme != "https" or not known or url.port not in {None, _HTTPS} or url.userinfo:
        raise ConnectorError("host-refused", permanent=True)
    return str(url)


def _at_test_server(url: httpx.URL, test: httpx.URL) -> str:
    plain_and_elsewhere = url.scheme == "http" and url.netloc != test.netloc
    if plain_and_elsewhere:
        raise ConnectorError("host-refused", permanent=True)
    return str(url.copy_with(scheme=test.scheme, host=test.host, port=test.port))


def base(connector: Connector, text: str) -> str:
    """Give an address that an answer with tokens names, without a slash at its end.

    Raises:
        ConnectorError: It is not one of the CRM's own.
    """
    if not text:
        return ""
    address(connector, text)
    return text.rstrip("/")

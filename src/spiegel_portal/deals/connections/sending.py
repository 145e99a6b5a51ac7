"""One question over HTTP, within hard limits: time, size, and where an answer may lead."""

from __future__ import annotations

import json
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

from .addresses import address
from .errors import ConnectorError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .base import Connector

#: The most bytes of an answer.
MOST = 20_000_000
#: The longest that one answer may take to come in, in seconds.
LONGEST = 60.0
_TIMEOUT = httpx.Timeout(30, connect=10)
#: How often an answer may lead to another of the CRM's own addresses.
_MOVES = 3
_MOVED = {301, 302, 303, 307, 308}
_WAITS = ("Retry-After", "X-RateLimit-Reset")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: httpx.Headers
    body: bytes

    def json(self) -> Any:
        """Give what was answered.

        Raises:
            ConnectorError: It is no JSON; trying again may help.
        """
        try:
            return json.loads(self.body.decode("utf-8")) if self.body else {}
        except (ValueError, RecursionError):
            raise ConnectorError("unreadable", permanent=False, status=self.status) from None

    def wait(self) -> float | None:
        """How long the CRM asks to be left alone, in seconds; None where it does not say."""
        for name in _WAITS:
            text = self.headers.get(name, "").strip()
            seconds = _seconds(text) if text else None
            if seconds is not None:
                return max(seconds, 0.0)
        return None


def _seconds(text: str) -> float | None:
    """Read a number of seconds, or how far away a moment is."""
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        # A large number is a moment in seconds since 1970.
        moment = datetime.now(UTC).timestamp()
        return number - moment if number > 1_000_000_000 else number
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            at = read(text)
        except ValueError:
            continue
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return (at - datetime.now(UTC)).total_seconds()
    return None


def open_client() -> httpx.Client:
    """Make what asks: no settings from the environment, no redirects by itself."""
    return httpx.Client(
        timeout=_TIMEOUT, trust_env=False, follow_redirects=False, verify=_trusted()
    )


def send(
    http: httpx.Client,
    connector: Connector,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    params: Mapping[str, str] | None = None,
    body: Any = None,
    form: Mapping[str, str] | None = None,
) -> Answer:
    """Ask once; a GET may be led on to another address of the same CRM.

    Raises:
        ConnectorError: There is no whole answer, or it leads elsewhere.
    """
    asked, query = address(connector, url), params
    for _ in range(_MOVES):
        sent = {**headers, "Accept": "application/json", "Accept-Encoding": "identity"}
        answer = _once(http, method, asked, headers=sent, params=query, json=body, data=form)
        if answer.status not in _MOVED:
            return answer
        target = str(httpx.URL(asked).join(answer.headers.get("Location", "")))
        if method != "GET":
            break
        asked, query = address(connector, target), None
    raise ConnectorError("host-refused", permanent=True)


def _once(http: httpx.Client, method: str, url: str, **sent: Any) -> Answer:
    try:
        until = time.monotonic() + LONGEST
        with http.stream(method, url, **sent) as response:
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise ConnectorError("unreadable", permanent=False)
            taken = bytearray()
            for chunk in response.iter_raw():
                taken += chunk
                if len(taken) > MOST:
                    raise ConnectorError("too-large", permanent=True)
                if time.monotonic() > until:
                    raise ConnectorError("slow", permanent=False)
            return Answer(response.status_code, response.headers, bytes(taken))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError):
        raise ConnectorError("unreachable", permanent=False) from None


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities the system trusts, an organisation's own among them."""
    return ssl.create_default_context()

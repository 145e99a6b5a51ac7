"""Asks a CRM with patience: waits as it says, renews a token once, reports what does not pass."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

from .errors import ConnectorError
from .sending import open_client, send

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .base import Connector
    from .oauth import Tokens
    from .sending import Answer

#: How often one question is asked, and the longest that is waited in between, in seconds.
TRIES = 5
LONGEST = 30.0
_OK = {200, 201, 207}
_PERMANENT = {400: "rejected", 402: "forbidden", 403: "forbidden", 404: "missing", 410: "missing"}


class Client:
    """Asks one CRM.

    Args:
        connector: Which.
        tokens: What lets it in.
        renew: Gives new tokens for old; None where a person has to.
        sleep: Waits.
        seconds: How long all questions together may take.
    """

    def __init__(
        self,
        connector: Connector,
        tokens: Tokens,
        *,
        renew: Callable[[Tokens], Tokens] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        seconds: float = 60.0,
    ) -> None:
        self.tokens = tokens
        self._connector = connector
        self._renew = renew
        self._sleep = sleep
        self._until = time.monotonic() + seconds
        self._http = open_client()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def is_late(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self._until

    def get(self, path: str, **params: str | int) -> Any:
        """Ask with GET.

        Raises:
            ConnectorError: There is no answer that can be used.
        """
        return self._ask("GET", path, {name: str(value) for name, value in params.items()}, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Ask with POST, for questions that a CRM wants so; none of them changes anything there.

        Raises:
            ConnectorError: There is no answer that can be used.
        """
        return self._ask("POST", path, None, body)

    def _ask(self, method: str, path: str, params: Mapping[str, str] | None, body: Any) -> Any:
        renewed, tried = False, 0
        while True:
            if self.is_late:
                raise ConnectorError("slow", permanent=False)
            try:
                answer = self._send(method, path, params, body)
                if answer.status == 401 and self._renew and not renewed:
                    self.tokens, renewed = self._renew(self.tokens), True
                    continue
                return self._taken(answer)
            except ConnectorError as problem:
                tried += 1
                self._wait(problem, tried)

    def _send(self, method: str, path: str, params: Mapping[str, str] | None, body: Any) -> Answer:
        base = self.tokens.base_url or self._connector.api_url
        headers = self._connector.headers(self.tokens.access, is_key=self.tokens.is_key)
        return send(
            self._http, self._connector, method, base + path,
            headers=headers, params=params, body=body,
        )  # fmt: skip

    def _taken(self, answer: Answer) -> Any:
        if answer.status in _OK:
            return answer.json()
        if answer.status == 401:
            raise ConnectorError("unauthorised", permanent=True, status=401)
        if answer.status == 429 or b"REQUEST_LIMIT_EXCEEDED" in answer.body[:2000]:
            raise ConnectorError("throttled", permanent=False, wait=answer.wait(), status=429)
        if answer.status >= 500 or answer.status == 408:
            raise ConnectorError(
                "server", permanent=False, wait=answer.wait(), status=answer.status
            )
        code = _PERMANENT.get(answer.status, "rejected")
        raise ConnectorError(code, permanent=True, status=answer.status)

    def _wait(self, problem: ConnectorError, tried: int) -> None:
        """Wait as the CRM says, or twice as long every time; give up where that is too long."""
        wait = problem.wait if problem.wait is not None else 2.0 ** (tried - 1)
        if problem.permanent or tried >= TRIES or wait > LONGEST or self.is_late:
            raise problem
        self._sleep(wait)

"""OAuth 2: a person allows Spiegel to read; a code becomes tokens, and old tokens new ones."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
from django.conf import settings

from .addresses import address, base
from .errors import ConnectorError
from .sending import open_client, send

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .base import Connector


@dataclass(frozen=True, slots=True)
class Tokens:
    """What lets Spiegel in.

    Attributes:
        access: Goes along with every question.
        refresh: Gets new ones; "" where there is none.
        expires_at: When the first stops working, where it was told.
        base_url: Where to ask with them, where the CRM names an address of its own.
        is_key: Whether a person took it from the CRM's settings.
    """

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires_at: datetime | None = None
    base_url: str = ""
    is_key: bool = False


def is_offered(connector: Connector) -> bool:
    """Whether whoever runs the installation registered it with this CRM."""
    return all(settings.SPIEGEL_CRM_CLIENTS.get(connector.id, ("", "")))


def authorize_address(connector: Connector, *, redirect_uri: str, state: str, verifier: str) -> str:
    """Give the address where a person allows Spiegel to read.

    Args:
        connector: The CRM.
        redirect_uri: Where the person comes back.
        state: Comes back with them, so that nobody else's answer is taken for theirs.
        verifier: Proves later that the code is exchanged by who asked for it.
    """
    query = {
        "client_id": _client(connector)[0],
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "state": state,
    }
    if connector.scopes:
        query["scope"] = " ".join(connector.scopes)
    if connector.pkce:
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    return str(httpx.URL(address(connector, connector.authorize_url), params=query))


def exchange(
    connector: Connector, *, code: str, redirect_uri: str, verifier: str, now: datetime
) -> Tokens:
    """Turn the code that a person came back with into tokens.

    Raises:
        ConnectorError: The CRM does not take it.
    """
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    if connector.pkce:
        asked["code_verifier"] = verifier
    return _tokens(connector, asked, Tokens(""), now)


def renew(connector: Connector, old: Tokens, now: datetime) -> Tokens:
    """Get new tokens for old ones.

    Raises:
        ConnectorError: Permanent when the person has to allow it again.
    """
    if not old.refresh:
        raise ConnectorError("unauthorised", permanent=True, status=401)
    asked = {"grant_type": "refresh_token", "refresh_token": old.refresh}
    return _tokens(connector, asked, old, now)


def _tokens(connector: Connector, asked: Mapping[str, str], old: Tokens, now: datetime) -> Tokens:
    client_id, secret = _client(connector)
    headers, form = {}, dict(asked)
    if connector.basic:
        pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    else:
        form |= {"client_id": client_id, "client_secret": secret}
    with open_client() as http:
        answer = send(http, connector, "POST", connector.token_url, headers=headers, form=form)
    if answer.status == 429 or answer.status >= 500:
        raise ConnectorError("server", permanent=False, wait=answer.wait(), status=answer.status)
    if answer.status != 200:
        raise ConnectorError("unauthorised", permanent=True, status=answer.status)
    return _read(connector, answer.json(), old, now)


def _read(connector: Connector, given: Any, old: Tokens, now: datetime) -> Tokens:
    access = given.get("access_token") if isinstance(given, dict) else None
    if not isinstance(access, str) or not access:
        raise ConnectorError("unreadable", permanent=False)
    lasts = given.get("expires_in")
    where = given.get(connector.base_field) if connector.base_field else None
    return Tokens(
        access=access,
        refresh=given.get("refresh_token") or old.refresh,
        expires_at=now + timedelta(seconds=lasts) if isinstance(lasts, int) else None,
        base_url=base(connector, where) if isinstance(where, str) else old.base_url,
    )


def _client(connector: Connector) -> tuple[str, str]:
    client_id, secret = settings.SPIEGEL_CRM_CLIENTS.get(connector.id, ("", ""))
    if not client_id or not secret:
        raise ConnectorError("not-offered", permanent=True)
    return client_id, secret

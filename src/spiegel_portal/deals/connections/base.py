"""What a connector is, and what it gives: pages of deals, each with where to go on from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from spiegel.crm.payloads.common import text
from spiegel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from spiegel.crm.payloads import Book, Told

    from .client import Client

#: Where a sync has come, as JSON; an empty one begins from nothing.
Cursor = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gone:
    """A deal that is not in the CRM any more.

    Attributes:
        id: Which.
        at: Since when, where the CRM tells.
    """

    id: str
    at: datetime | None = None


@dataclass(frozen=True)
class Page:
    """A part of what a CRM has to tell, and where to go on from once it is written down.

    Attributes:
        cursor: Where the next page begins; kept in the same transaction as this one's deals.
        done: Whether this was the last one; the cursor is then where the next sync begins.
        told: Deals as they are now.
        gone: Deals that are deleted.
        refused: Deals that cannot be taken: id and code.
    """

    cursor: Cursor
    done: bool = False
    told: tuple[Told, ...] = ()
    gone: tuple[Gone, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Setting:
    """What a connector knows of where it brings the deals.

    Attributes:
        book: The zone, and what a deal is called that is merely won or lost.
        now: When the sync began.
        known: Gives ids of deals that were brought before, after one and so many of them.
    """

    book: Book
    now: datetime
    known: Callable[[str, int], list[str]] = field(default=lambda _after, _many: [])


class Walk(ABC):
    """Goes through one CRM, page by page.

    Args:
        client: Asks it.
        setting: Where the deals go.
    """

    def __init__(self, client: Client, setting: Setting) -> None:
        self.client = client
        self.setting = setting

    @abstractmethod
    def page(self, cursor: Cursor) -> Page:
        """Read the page that a cursor points at.

        Raises:
            ConnectorError: It cannot be read; the cursor stays good.
        """


class Connector(ABC):
    """A CRM that can be read: its addresses, and how one goes through it.

    Attributes:
        id: As :func:`spiegel.crm.systems` knows it; kept with the deals.
        name: As its makers write it.
        authorize_url: Where a person allows Spiegel to read.
        token_url: Where a code is exchanged and tokens are renewed.
        api_url: Where deals are asked for, unless the tokens name another address.
        hosts: Hosts that may be asked; one that begins with a dot stands for all below it.
        scopes: What is asked for.
        pkce: Whether the exchange of the code is proven as by RFC 7636.
        basic: Whether the client's id and secret go in a header.
        offers_token: Whether a token from the CRM's own settings works too.
        base_field: Where an answer with tokens names the address to ask at.
        fields: What it tells of a deal, as the reader of files calls it; the rest is left alone.
    """

    id: str
    name: str
    authorize_url: str
    token_url: str
    api_url: str
    hosts: tuple[str, ...]
    scopes: tuple[str, ...] = ()
    pkce: bool = False
    basic: bool = False
    offers_token: bool = False
    base_field: str = ""
    fields: tuple[str, ...] = (
        "name", "account", "owner", "stage", "amount", "currency", "created_on",
        "expected_close_on", "closed_on", "reason",
    )  # fmt: skip

    @abstractmethod
    def walk(self, client: Client, setting: Setting) -> Walk:
        """Begin to go through the CRM."""

    @abstractmethod
    def account(self, client: Client) -> str:
        """Name the account that is read, and thereby try the tokens.

        Raises:
            ConnectorError: They do not work.
        """

    def headers(self, token: str, *, is_key: bool) -> dict[str, str]:  # noqa: ARG002  (some CRMs want keys elsewhere)
        """Give the headers that carry a token; `is_key` when a person took it from the CRM."""
        return {"Authorization": f"Bearer {token}"}


def read_each(
    payloads: Iterable[Mapping[str, Any]], read: Callable[[Mapping[str, Any]], Told]
) -> tuple[tuple[Told, ...], tuple[tuple[str, str], ...]]:
    """Read deals one by one; one that cannot be taken does not stop the others.

    Returns:
        The deals, and id and code of those that cannot be taken.
    """
    told, refused = [], []
    for payload in payloads:
        try:
            told.append(read(payload))
        except InputError as fault:
            known = text(payload.get("id", payload.get("Id")))
            refused.append((known[:40], fault.code))
    return tuple(told), tuple(refused)

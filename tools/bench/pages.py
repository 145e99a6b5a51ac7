"""Measure pages: server time in this process, through Django's test client."""

from __future__ import annotations

import html
import random
import re
import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.models import Deal
from spiegel_portal.debriefs.models import Debrief

if TYPE_CHECKING:
    from collections.abc import Callable

    from data import Big
    from spiegel_portal.people.models import User

MEDIAN_MS, P95_MS, QUERIES = 50, 100, 15


@dataclass
class Measured:
    """One kind of page: its addresses in turn, its times in milliseconds, its queries.

    `times` is what the clock on the wall says, and what the limits are about. `busy` is the time
    this process itself computed: on a machine that does other work too it tells the page's own
    cost (without PostgreSQL's part, which another process does).
    """

    name: str
    client: Client
    addresses: list[str]
    times: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    queries: int = 0

    @property
    def median(self) -> float:
        """The time that half the requests stay under."""
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """The time that 95 of 100 requests stay under."""
        return _p95(self.times)

    @property
    def passes(self) -> bool:
        """Whether the page is within all three limits."""
        return self.median <= MEDIAN_MS and self.p95 <= P95_MS and self.queries <= QUERIES

    @property
    def passes_alone(self) -> bool:
        """Whether it would be, counting only what this process computed."""
        median, p95 = statistics.median(self.busy), _p95(self.busy)
        return median <= MEDIAN_MS and p95 <= P95_MS and self.queries <= QUERIES


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def measure(*, big: Big, requests: int) -> list[Measured]:
    """Ask for every kind of page in turn, so that no page enjoys its own caches.

    Args:
        big: The organisation made for it.
        requests: How many of each kind are timed, after a few that are not.
    """
    pages = _pages(big)
    for page in pages:
        for address in page.addresses[:3]:
            with CaptureQueriesContext(connection) as queries:
                _get(page.client, address)
            page.queries = max(page.queries, len(queries))
    for turn in range(requests):
        for page in pages:
            address = page.addresses[turn % len(page.addresses)]
            start, computed = time.perf_counter(), time.process_time()
            _get(page.client, address)
            page.times.append((time.perf_counter() - start) * 1000)
            page.busy.append((time.process_time() - computed) * 1000)
    return pages


def _get(client: Client, address: str) -> str:
    response = client.get(address)
    if response.status_code != 200:
        message = f"{address} answers {response.status_code}"
        raise RuntimeError(message)
    return response.content.decode()


def _client(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def _pages(big: Big) -> list[Measured]:
    rng = random.Random(7)  # noqa: S311  (which deals to open)
    seller, manager, director = map(_client, (big.seller, big.manager, big.director))
    with organisation_scope(big.organisation):
        deals = list(Deal.objects.filter(owner=big.seller).values_list("pk", flat=True))
        anybodys = list(Deal.objects.values_list("pk", flat=True))
        debriefs = list(Debrief.objects.filter(author=big.seller).values_list("pk", "finished_at"))
    lists = [
        Measured(
            f"deals, {who}: {name}", client, [_address("deal_list") + query for query in queries]
        )
        for who, client in (("seller", seller), ("manager", manager), ("director", director))
        for name, queries in _LISTS.items()
    ]
    lists += [
        Measured(f"deals, {who}: far on, {sort}", client, _deep(client, sort))
        for who, client in (("seller", seller), ("manager", manager))
        for sort in ("recent", "customer")
    ]
    drafts = [pk for pk, finished in debriefs if not finished]
    done = [pk for pk, finished in debriefs if finished]
    others: list[tuple[str, Client, Callable[[], list[str]]]] = [
        ("today", seller, lambda: [_address("today")]),
        ("deal page, seller", seller, lambda: _some(rng, "deal_detail", deals)),
        ("deal page, manager", manager, lambda: _some(rng, "deal_detail", anybodys)),
        ("edit a deal", seller, lambda: _some(rng, "deal_edit", deals)),
        ("debriefs", seller, lambda: [_address("debrief_list")]),
        ("debrief, writing", seller, lambda: _some(rng, "debrief_edit", drafts)),
        ("debrief, reading", seller, lambda: _some(rng, "debrief_detail", done)),
        ("lessons", seller, lambda: [_address("lesson_list")]),
        ("practice", seller, lambda: [_address("practice")]),
    ]
    for name, client, addresses in others:
        try:
            lists.append(Measured(name, client, addresses()))
        except NoReverseMatch:
            continue  # this page is not built yet
    return lists


#: What is asked of the list, and in which ways.
_LISTS = {
    "first page": ["", "?sort=recent"],
    "by state": ["?type=lost", "?type=open", "?type=won", "?type=parked"],
    "sorted": ["?sort=customer", "?sort=amount", "?sort=close"],
    "state and sorted": ["?type=parked&sort=customer", "?type=no_decision&sort=amount"],
    "period": [
        "?since=2024-03-01&until=2024-03-31",
        "?since=2025-01-01&until=2025-12-31&sort=amount",
    ],
    "search, many hits": ["?q=bakker", "?q=contract", "?q=visser+zorg"],
    "search, one hit": ["?q=opp-000417", "?q=OPP-054321", "?q=opp-099999", "?q=opp-070007"],
    "search, none": ["?q=zzyzx", "?q=qwqw+pilot", "?q=xxxxx&type=lost", "?q=yyyyy&sort=amount"],
}


def _deep(client: Client, sort: str) -> list[str]:
    """Walk forty pages on by their own links, and give the last ten addresses."""
    address = f"{_address('deal_list')}?sort={sort}"
    seen = []
    for _turn in range(40):
        later = re.search(r'rel="next" href="([^"]+)"', _get(client, address))
        if later is None:
            break
        address = _address("deal_list") + html.unescape(later[1])
        seen.append(address)
    return seen[-10:]


def _address(name: str, *args: object) -> str:
    return reverse(name, args=args)


def _some(rng: random.Random, name: str, keys: list[object]) -> list[str]:
    return [_address(name, key) for key in rng.sample(keys, min(60, len(keys)))]

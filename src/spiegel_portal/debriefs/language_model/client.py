"""One question to an OpenAI-compatible endpoint, over HTTP, within a fixed time.

No retries, no redirects, no proxies from the environment, no compressed answers, at most
:data:`MOST` bytes. The time holds for all of it together, also for finding the host and for an
answer that drips in byte by byte: the question is asked in a thread, and after the time nobody
waits for it any longer.
"""

from __future__ import annotations

import json
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Literal

import httpx

from spiegel.errors import InputError
from spiegel.mirror import chat

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The most bytes of an answer.
MOST = 64_000
#: How many questions one process asks at once; who comes too many gets the built-in marks. Half of
#: the threads that serve pages, so that a slow endpoint cannot take them all.
AT_ONCE = 2

Reason = Literal[
    "unreachable",  # no connection, or it broke off
    "slow",  # no whole answer in time
    "refused",  # another status than 200, a redirect among them
    "unreadable",  # too big, compressed, not UTF-8, or not what was asked for
    "busy",  # this process is asking enough already
    "resting",  # it failed a moment ago
    "too-long",  # the text is longer than is sent
    "not-allowed",  # the host is not one that may be chosen
    "key-changed",  # the key was encrypted with another SPIEGEL_ENCRYPTION_KEY
]


class Unusable(Exception):  # noqa: N818  (named for what happened)
    """There is no answer that can be used; the built-in mirror stands in."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is asked.

    Attributes:
        url: The base address; ``/chat/completions`` is added.
        model: The model's name there.
        key: Sent along as bearer token; empty for none.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)


_free = BoundedSemaphore(AT_ONCE)
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="language-model")


def ask(endpoint: Endpoint, sentences: Sequence[str], *, seconds: float) -> list[chat.Found]:
    """Ask a model to mark sentences.

    Args:
        endpoint: Where, and which.
        sentences: What is sent; nothing else goes along but the instructions.
        seconds: How long all of it may take.

    Returns:
        Per sentence, its labels with the place of their words.

    Raises:
        Unusable: There is no answer in time, or not exactly the one that was asked for.
    """
    if not _free.acquire(blocking=False):
        raise Unusable("busy")
    asked = _threads.submit(_post, endpoint, sentences, time.monotonic() + seconds)
    asked.add_done_callback(lambda _: _free.release())
    try:
        answer = asked.result(timeout=seconds)
    except (TimeoutError, httpx.TimeoutException):
        raise Unusable("slow") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError):
        raise Unusable("unreachable") from None
    try:
        return chat.read(_content(answer), sentences)
    except InputError:
        raise Unusable("unreadable") from None


def _post(endpoint: Endpoint, sentences: Sequence[str], until: float) -> bytes:
    """Send the question and take in the answer, up to its limits."""
    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    left = max(until - time.monotonic(), 0.01)
    with (
        httpx.Client(timeout=left, trust_env=False, verify=_trusted()) as client,
        client.stream(
            "POST", f"{endpoint.url}/chat/completions",
            content=_question(endpoint.model, sentences), headers=headers, follow_redirects=False,
        ) as response,
    ):  # fmt: skip
        if response.status_code != httpx.codes.OK:
            raise Unusable("refused")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise Unusable("unreadable")
        return _body(response, until)


def _body(response: httpx.Response, until: float) -> bytes:
    taken = bytearray()
    for chunk in response.iter_raw():
        taken += chunk
        if len(taken) > MOST:
            raise Unusable("unreadable")
        if time.monotonic() > until:
            raise Unusable("slow")
    return bytes(taken)


def _question(model: str, sentences: Sequence[str]) -> bytes:
    shape = {"name": "marks", "strict": True, "schema": chat.SCHEMA}
    question = {
        "model": model,
        "messages": chat.messages(sentences),
        "temperature": 0,
        "stream": False,
        "response_format": {"type": "json_schema", "json_schema": shape},
    }
    return json.dumps(question).encode("ascii")


def _content(answer: bytes) -> str:
    """Give the text of an answer's one choice."""
    try:
        parsed: Any = json.loads(answer.decode("utf-8"))
        content = parsed["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError):
        raise Unusable("unreadable") from None
    if not isinstance(content, str):
        raise Unusable("unreadable")
    return content


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities the system trusts, an organisation's own among them."""
    return ssl.create_default_context()

"""Asking an endpoint over real HTTP: a good answer is taken, every bad one refused in time."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.chat_server import (
    chat_server,
    drips,
    envelope,
    gives,
    hangs_up,
    is_silent,
    mark,
    never_ends,
    says,
    says_text,
)

from spiegel.mirror import chat
from spiegel_portal.debriefs.language_model import client
from spiegel_portal.debriefs.language_model.client import Endpoint, Unusable, ask

if TYPE_CHECKING:
    from tests.chat_server import Handler, Manner

NOTE = ["They never decided.", "I never asked who had to sign."]
GOOD = json.dumps({"marks": [mark(2, "own", "never asked")]})


def refusal(manner: Manner, seconds: float = 3) -> str:
    with chat_server(manner) as server, pytest.raises(Unusable) as caught:
        ask(Endpoint(server.url, "m"), NOTE, seconds=seconds)
    assert len(server.asked) == 1  # once, and never again
    return caught.value.reason


def test_a_good_answer_is_taken() -> None:
    with chat_server(says(mark(2, "own", "never asked"))) as server:
        found = ask(Endpoint(server.url, "llama", "s3cret"), NOTE, seconds=3)
    assert found == [{}, {"own": (2, 13)}]
    [(path, headers, body)] = server.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer s3cret"
    assert headers["Accept-Encoding"] == "identity"
    assert (body["model"], body["temperature"], body["stream"]) == ("llama", 0, False)
    assert body["messages"] == chat.messages(NOTE)
    assert body["response_format"]["json_schema"]["schema"] == chat.SCHEMA


def test_without_a_key_none_is_sent_and_a_key_is_never_shown() -> None:
    with chat_server(says()) as server:
        ask(Endpoint(server.url, "llama"), ["x"], seconds=3)
    assert "Authorization" not in server.asked[0][1]
    assert "s3cret" not in repr(Endpoint(server.url, "llama", "s3cret"))


@pytest.mark.parametrize(
    ("manner", "reason"),
    [
        (says_text("Sentence 2 is their own part."), "unreadable"),
        (says_text(f"```json\n{GOOD}\n```"), "unreadable"),
        (says_text(GOOD[:-5]), "unreadable"),
        (says(mark(2, "guilty", "never asked")), "unreadable"),
        (says(mark(3, "own", "never asked")), "unreadable"),
        (says(mark(1, "own", "never asked")), "unreadable"),
        (says(mark(2, "own", "did not ask")), "unreadable"),
        (says_text(None), "unreadable"),
        (says_text([{"type": "text", "text": GOOD}]), "unreadable"),
        (gives(b""), "unreadable"),
        (gives(b"<html>"), "unreadable"),
        (gives(b"[" * 50_000), "unreadable"),
        (gives(b"null"), "unreadable"),
        (gives(b'{"choices": []}'), "unreadable"),
        (gives(b'{"choices": {"0": 1}}'), "unreadable"),
        (gives(b'{"choices": [{"message": "x"}]}'), "unreadable"),
        (gives(envelope(GOOD).replace(b"never", b"n\xe9ver")), "unreadable"),
        (gives(envelope(GOOD).decode().encode("utf-16")), "unreadable"),
        (gives(gzip.compress(envelope(GOOD)), Content_Encoding="gzip"), "unreadable"),
        (gives(envelope(GOOD) + b" " * client.MOST), "unreadable"),
        (never_ends, "unreadable"),
        (hangs_up, "unreachable"),
        (gives(b"", 401), "refused"),
        (gives(envelope(GOOD), 404), "refused"),
        (gives(envelope(GOOD), 429, Retry_After="0"), "refused"),
        (gives(envelope(GOOD), 500), "refused"),
        (gives(b"", 204), "refused"),
    ],
)
def test_what_was_not_asked_for_is_refused(manner: Manner, reason: str) -> None:
    assert refusal(manner) == reason


def test_a_redirect_is_not_followed() -> None:
    with chat_server(says(mark(2, "own", "never asked"))) as elsewhere:
        for status in (301, 302, 303, 307, 308):
            moved = gives(b"", status, Location=f"{elsewhere.url}/chat/completions")
            assert refusal(moved) == "refused"
    assert elsewhere.asked == []


@pytest.mark.parametrize("manner", [is_silent, drips])
def test_who_is_slow_is_not_waited_for(manner: Manner) -> None:
    begun = time.monotonic()
    with chat_server(manner) as server:
        with pytest.raises(Unusable, match="slow"):
            ask(Endpoint(server.url, "m"), NOTE, seconds=0.3)
        assert time.monotonic() - begun < 1


def test_nobody_at_home() -> None:
    with socket.socket() as taken:  # bound, and not listening
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(Unusable, match="unreachable"):
            ask(Endpoint(url, "m"), NOTE, seconds=3)


@pytest.mark.parametrize(
    ("url", "key"),
    [("http://[::1", ""), ("http://127.0.0.1:9", "é"), ("http://127.0.0.1:9", "a\n")],
)
def test_what_cannot_be_sent_is_no_answer(url: str, key: str) -> None:
    with pytest.raises(Unusable, match="unreachable"):
        ask(Endpoint(url, "m", key), NOTE, seconds=3)


def test_an_endpoint_that_hangs_takes_only_so_many_threads() -> None:
    arrived = threading.Semaphore(0)

    def waits(handler: Handler) -> None:
        arrived.release()
        is_silent(handler)

    def asks(_: int) -> str:
        with pytest.raises(Unusable) as caught:
            ask(endpoint, NOTE, seconds=5)
        return caught.value.reason

    with ThreadPoolExecutor() as pages:
        with chat_server(waits) as server:
            endpoint = Endpoint(server.url, "m")
            waiting = [pages.submit(asks, number) for number in range(client.AT_ONCE)]
            for _ in waiting:
                arrived.acquire()
            assert asks(0) == "busy"
        assert [page.result() for page in waiting] == ["unreachable"] * client.AT_ONCE


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with chat_server(gives(b"", 500)) as proxy, chat_server(says()) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert ask(Endpoint(server.url, "m"), ["x"], seconds=3) == [{}]
    assert proxy.asked == []

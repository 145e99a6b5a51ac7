"""A small server that speaks the chat protocol, over real HTTP, as well or as badly as a test says.

    with chat_server(says(mark(1, "own", "never asked"))) as server:
        ...  # server.url is the base address, server.asked what arrived

How it answers is a function of the handler; :func:`says` and its neighbours make the usual ones.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Manner = Callable[["Handler"], None]


@dataclass
class ChatServer:
    """What a test sees of the server."""

    url: str
    manner: Manner
    #: Every question that arrived: its path, its headers and its body.
    asked: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    #: Set when the test is over: who makes a client wait waits for this.
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def sentences(self) -> list[list[str]]:
        """The sentences of each question."""
        contents = [json.loads(body["messages"][1]["content"]) for _, _, body in self.asked]
        return [[row["text"] for row in content["sentences"]] for content in contents]


class Handler(BaseHTTPRequestHandler):
    """Takes a question in, and answers in the manner of the test."""

    chat: ChatServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.chat.asked.append((self.path, dict(self.headers), json.loads(body)))
        try:
            self.chat.manner(self)
        except OSError:
            self.close_connection = True  # the client has hung up, as it should

    def give(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base's name)
        """Say nothing."""


@contextmanager
def chat_server(manner: Manner) -> Iterator[ChatServer]:
    """Serve on a free port of this machine, until the block ends."""
    handler = type("OneHandler", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    chat = ChatServer(f"http://127.0.0.1:{server.server_address[1]}/v1", manner)
    handler.chat = chat  # type: ignore[attr-defined]  # of Handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield chat
    finally:
        chat.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def mark(sentence: int, label: str, words: str) -> dict[str, Any]:
    """One mark, as the protocol wants it."""
    return {"sentence": sentence, "label": label, "words": words}


def envelope(content: object) -> bytes:
    """A chat completion around a content."""
    message = {"role": "assistant", "content": content}
    return json.dumps({"choices": [{"index": 0, "message": message}]}).encode()


def says(*marks: dict[str, Any]) -> Manner:
    """Answer with these marks."""
    return says_text(json.dumps({"marks": marks}))


def says_text(content: object) -> Manner:
    """Answer with this content, whatever it is."""
    return lambda handler: handler.give(envelope(content))


def gives(body: bytes, status: int = 200, **headers: str) -> Manner:
    """Answer with these bytes."""
    return lambda handler: handler.give(body, status, **headers)


def is_silent(handler: Handler) -> None:
    """Take the question in and never answer."""
    handler.chat.over.wait()


def drips(handler: Handler) -> None:
    """Send a byte now and then, each within any timeout of one reading."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.chat.over.wait(0.02):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def never_ends(handler: Handler) -> None:
    """Send as much as the client takes."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.chat.over.is_set():
        handler.wfile.write(b"[" * 10_000)


def hangs_up(handler: Handler) -> None:
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices"')
    handler.close_connection = True

"""A local HTTP server that stands in for a CRM, and can be told to misbehave."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Asked:
    """A question as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Reply:
    """An answer; `cut` breaks it off half-way, `raw` stands in for its JSON."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    raw: bytes | None = None


@dataclass
class Fault:
    """Answers `reply` to the next `times` questions whose path matches."""

    path: str
    reply: Reply
    times: int = 1


class CrmServer:
    """What every stand-in has: tokens, faults, and a record of what was asked.

    Attributes:
        access: The access token that works now.
        key: The token that a person may take from the settings.
        refresh: The refresh token that works now.
        asked: Every question so far.
        faults: What goes wrong next.
        meanwhile: Called before each answer, to change things behind a reader's back.
    """

    token_path = ""
    system = ""

    def __init__(self) -> None:
        self.access = "access-1"
        self.key = "key-1"
        self.refresh = "refresh-1"
        self.renewals = 0
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []
        self.meanwhile: Callable[[Asked], None] = lambda _asked: None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def fail(self, path: str, reply: Reply, times: int = 1) -> None:
        """Let the next questions whose path matches go wrong."""
        self.faults.append(Fault(path, reply, times))

    def paths(self) -> list[str]:
        """What was asked, as method and path."""
        return [f"{asked.method} {asked.path}" for asked in self.asked]

    def reply(self, asked: Asked) -> Reply:
        """Answer one question."""
        with self._lock:
            self.asked.append(asked)
            self.meanwhile(asked)
            for fault in self.faults:
                if re.search(fault.path, asked.path) and fault.times:
                    fault.times -= 1
                    return fault.reply
            if asked.path == self.token_path:
                return self.tokens(asked)
            if not self.lets_in(asked):
                return Reply({"message": "unauthorised"}, 401)
            return self.answer(asked)

    def lets_in(self, asked: Asked) -> bool:
        """Whether a question carries what lets it in."""
        return asked.headers.get("authorization") == f"Bearer {self.access}"

    def tokens(self, asked: Asked) -> Reply:
        """Give tokens for a code or for a refresh token, which then works no more."""
        given = asked.body
        if given.get("grant_type") == "refresh_token":
            if given.get("refresh_token") != self.refresh:
                return Reply({"error": "invalid_grant"}, 400)
            self.renewals += 1
            self.access, self.refresh = f"access-r{self.renewals}", f"refresh-r{self.renewals}"
        elif given.get("code") != "good-code":
            return Reply({"error": "invalid_grant"}, 400)
        return Reply(
            {"access_token": self.access, "refresh_token": self.refresh, "expires_in": 1800}
        )

    def answer(self, asked: Asked) -> Reply:
        """Answer a question that was let in; each CRM in its own way."""
        return Reply({"message": f"nothing at {asked.path}"}, 404)


def _handler(server: CrmServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

        def _answer(self, method: str) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            sent = self.rfile.read(length).decode()
            form = "json" not in self.headers.get("Content-Type", "")
            body: Any = (
                {name: values[0] for name, values in parse_qs(sent).items()}
                if form
                else json.loads(sent or "null")
            )
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._write(server.reply(Asked(method, parts.path, query, headers, body)))

        def _write(self, reply: Reply) -> None:
            data = json.dumps(reply.body).encode() if reply.raw is None else reply.raw
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if reply.cut:
                self.wfile.write(data[: len(data) // 2])
                self.close_connection = True
                return
            self.wfile.write(data)

    return Handler

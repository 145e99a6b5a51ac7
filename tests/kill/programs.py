"""Real `spiegel serve` processes on a data folder, or a database, of their own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something another process does."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s in vain: {what}"
        time.sleep(0.02)


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> list[int]:
    """The processes that a process started, and those that they started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = stat.read_text().rpartition(")")[2].split()
            if int(words[1]) == pid and words[0] != "Z":
                found.append(int(stat.parent.name))
    return [each for child in found for each in (child, *children(child))]


def is_running(pid: int) -> bool:
    """Whether a process is there, and not merely waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@dataclass
class Program:
    """One `spiegel serve`, which can be started, killed outright and started again."""

    folder: Path
    database_url: str = ""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "HOST"}}
        own = {
            "SPIEGEL_DATA": str(self.folder),
            "PORT": str(self.port),
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": "spiegel_portal.settings.local",
            "PYTHONUNBUFFERED": "1",
        }
        return {**kept, **own, **({"DATABASE_URL": self.database_url} if self.database_url else {})}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a Python program beside it, on the same data."""
        return subprocess.run(
            [sys.executable, *words], env=self.environment(), cwd=self.folder,
            capture_output=True, text=True, check=False, timeout=PATIENCE * 2,
        )  # fmt: skip

    def start(self, *options: str) -> None:
        """Start it and wait until it answers."""
        log = (self.folder / "log.txt").open("a")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "spiegel", "serve", *options], env=self.environment(),
            cwd=self.folder, stdout=log, stderr=log, text=True, start_new_session=True,
        )  # fmt: skip
        log.close()
        until(self.answers, f"the server to answer: {self.log()}")

    def answers(self) -> bool:
        """Whether the server answers now."""
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        with suppress(OSError, http.client.HTTPException):
            return self.request("GET", "/account/login/").status == 200
        return False

    def log(self) -> str:
        """What it has printed so far."""
        return (self.folder / "log.txt").read_text()

    def request(
        self, method: str, path: str, body: object = None, cookies: dict[str, str] | None = None
    ) -> http.client.HTTPResponse:
        """Ask it for something; the answer has been read."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        token = "a" * 32
        jar = {"csrftoken": token, **(cookies or {})}
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in jar.items()),
            "X-CSRFToken": token,
            "Content-Type": "application/json",
        }
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        return response

    def kill(self) -> None:
        """Kill it and all it started, outright, and wait until they are gone."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        until(lambda: not self._group(), "the killed processes to go")

    def _group(self) -> list[int]:
        assert self.process is not None
        members = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                words = stat.read_text().rpartition(")")[2].split()
                if int(words[2]) == self.process.pid and words[0] != "Z":
                    members.append(int(stat.parent.name))
        return members

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE)

    def clean_up(self) -> None:
        """Leave nothing running."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def ask(self, script: str, *words: str) -> Any:
        """Run one of this folder's scripts on the data; what it printed, as JSON."""
        done = self.run(str(self.script(script)), *words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    @staticmethod
    def script(name: str) -> Path:
        """Where one of this folder's scripts is."""
        return Path(__file__).parent / name

"""A sync is killed outright, again and again: deals are whole or absent, and come once."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.crm_servers.pipedrive import PipedriveServer

if TYPE_CHECKING:
    import pytest
    from tests.crm_servers.server import Asked
    from tests.kill.programs import Program

HERE = Path(__file__).parent
DEALS = 240
KILLS = 10
#: What every deal's timeline must hold, once.
WHOLE = ["amount", "created", "date", "stage", "stage", "stage"]


def _filled() -> PipedriveServer:
    server = PipedriveServer()
    for known in range(1, DEALS + 1):
        server.put(known, expected_close_date="2026-03-31")
        server.put(known, stage_id=2, value=1200, expected_close_date="2026-04-30")
        server.put(known, status="lost", lost_time="2026-04-03T09:00:00Z")
    return server


class Killer:
    """Kills a job some questions after it began, and a moment later still."""

    def __init__(self, program: Program, words: list[str], chance: random.Random) -> None:
        self.left = chance.randint(1, 70)
        self.moment = chance.uniform(0, 0.08)
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "sync_connection.py"), *words],
            env=program.environment(), cwd=program.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def count(self, _asked: Asked) -> None:
        """Count a question; kill after the last one."""
        self.left -= 1
        if self.left == 0:
            threading.Timer(self.moment, self.process.kill).start()


def _check_whole(found: dict[str, Any]) -> None:
    """Every deal that is there has all its events once, and there are as many as pages say."""
    assert found["count"] == len(found["deals"])
    assert {tuple(kinds) for kinds in found["deals"].values()} <= {tuple(WHOLE)}
    ids = sorted(int(known) for known in found["deals"])
    assert ids == list(range(1, len(ids) + 1))
    assert len(ids) == min(DEALS, found["step"] * 25)


def test_a_sync_that_is_killed_goes_on_where_it_was(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(4711)
    with _filled() as server:
        monkeypatch.setenv("SPIEGEL_CRM_TEST_SERVERS", f"pipedrive={server.url}")
        words = program.ask("make_connection.py")
        killed, seen = 0, 0
        for _ in range(KILLS):
            killer = Killer(program, words, chance)
            server.meanwhile = killer.count
            killed += killer.process.wait(timeout=60) == -9
            found = program.ask("read_deals.py")
            _check_whole(found)
            assert len(found["deals"]) >= seen
            seen = len(found["deals"])
        assert killed >= KILLS // 2
        server.meanwhile = lambda _asked: None
        program.ask("sync_connection.py", *words)
        found = program.ask("read_deals.py")
    assert (len(found["deals"]), found["state"], found["problem"]) == (DEALS, "ready", "")
    assert {tuple(kinds) for kinds in found["deals"].values()} == {tuple(WHOLE)}
    assert set(found["cursor"]) == {"since"}
    assert found["last_counts"]["new"] in {0, DEALS}

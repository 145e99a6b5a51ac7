"""The server is killed outright while people type: what it confirmed is there afterwards."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.kill.programs import until

if TYPE_CHECKING:
    from tests.kill.programs import Program

FIELDS = ("agreed", "happened", "differed", "own_part")
#: Saves confirmed before the server is killed.
ENOUGH = 40


@dataclass
class Typist:
    """Somebody typing in one field, sentence after sentence, each sent as it is typed."""

    field: str
    program: Program
    writer: dict[str, Any]
    sent: int = 0
    confirmed: int = 0

    def type(self) -> None:
        """Type until the server is gone."""
        try:
            while True:
                self.sent += 1
                if self._save(f"sentence {self.sent}") != 200:
                    return
                self.confirmed = self.sent
        except OSError:
            return

    def _save(self, text: str) -> int:
        body = {
            "client": self.field,
            "base_version": self.writer["version"],
            "texts": {self.field: text},
        }
        path = f"/debriefs/{self.writer['debrief']}/save/"
        return self.program.request("POST", path, body, self.writer["cookies"]).status


def test_what_was_confirmed_survives(program: Program) -> None:
    program.start("--no-worker")
    writer = program.ask("make_writer.py")
    typists = [Typist(field, program, writer) for field in FIELDS]
    threads = [threading.Thread(target=typist.type) for typist in typists]
    for thread in threads:
        thread.start()
    until(
        lambda: (
            min(typist.confirmed for typist in typists) > 0
            and sum(typist.confirmed for typist in typists) >= ENOUGH
        ),
        "saves to be confirmed",
    )
    program.kill()
    for thread in threads:
        thread.join()

    program.start("--no-worker")
    texts = program.ask("read_debrief.py")[writer["debrief"]]
    for typist in typists:
        kept = int(texts[typist.field].removeprefix("sentence "))
        assert typist.confirmed <= kept <= typist.sent
    if not program.database_url:
        with sqlite3.connect(program.folder / "spiegel.sqlite3") as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    page = program.request("GET", f"/debriefs/{writer['debrief']}/edit/", cookies=writer["cookies"])
    assert page.status == 200

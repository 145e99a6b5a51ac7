"""`spiegel serve` starts, starts again, says what is wrong, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import time
from typing import TYPE_CHECKING

from tests.kill.programs import children, is_running, until

if TYPE_CHECKING:
    from tests.kill.programs import Program

#: Seconds in which a second start is up, on the two cores of a small machine.
SECOND_START = 3.0


def test_a_first_and_a_second_start(program: Program) -> None:
    program.start()
    assert program.log().splitlines() == [
        f"Spiegel: http://localhost:{program.port}",
        "Nobody has an account yet: open the address to make the first one.",
    ]
    assert program.stop() == 0
    started = time.monotonic()
    program.start()
    assert time.monotonic() - started < SECOND_START
    assert program.stop() == 0


def test_a_port_in_use_is_said_in_one_sentence(program: Program) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", program.port))
        taken.listen()
        done = program.run("-m", "spiegel", "serve")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"spiegel: port {program.port} is in use on localhost; "
        f"stop what runs there, or choose another with PORT={program.port + 1}.\n"
    )


def test_nothing_outlives_a_killed_server(program: Program) -> None:
    program.start()
    assert program.process is not None
    started = children(program.process.pid)
    assert len(started) >= 2  # the web server and the worker
    os.kill(program.process.pid, signal.SIGKILL)
    program.process.wait()
    until(lambda: not any(is_running(pid) for pid in started), "the children to end")

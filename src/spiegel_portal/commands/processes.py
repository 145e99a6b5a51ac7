"""Child processes that never outlive the program that started them."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Ask Linux to end this child when its parent is killed outright (prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a child process that ends with this one."""
    return subprocess.Popen(  # noqa: S603  (commands are written here, not taken from input)
        command,
        preexec_fn=_die_with_parent,  # noqa: PLW1509  (no threads run before this)
    )


def supervise(children: Sequence[subprocess.Popen[bytes]]) -> int:
    """Wait until one child ends or we are asked to stop; then stop them all.

    Returns:
        0 after a request to stop, else the exit code of the child that ended by itself.
    """
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping and all(child.poll() is None for child in children):
        time.sleep(0.2)
    ended = next((child.returncode for child in children if child.returncode is not None), 0)
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
    return 0 if stopping else int(ended or 1)

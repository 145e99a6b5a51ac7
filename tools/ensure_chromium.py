"""Find Chromium for the browser tests, or install it where that needs no password.

    python tools/ensure_chromium.py      prints the path of the program

CHROMIUM=/path/to/it goes before what is found.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium on this machine, or None."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _as_root() -> list[str] | None:
    """The words to put before a command that needs root; None when we cannot be root."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode:
        return None
    return [sudo, "-n"] if sudo else None


def install() -> str | None:
    """Install Debian's or Ubuntu's chromium package; the path of the program, or None."""
    prefix = _as_root()
    if prefix is None or shutil.which("apt-get") is None:
        return None
    print("Installing Chromium for the browser tests (once) …", file=sys.stderr)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu"],
    ):
        subprocess.run([*prefix, *command], check=False, env=quiet, stdout=subprocess.DEVNULL)
    return find()


def main() -> int:
    """Print the path.

    Returns:
        0 with a Chromium, 2 without.
    """
    path = find() or install()
    if path is None:
        print(
            "spiegel: the browser tests need Chromium and it could not be installed from here. "
            "Install it (Debian: sudo apt-get install chromium), or give its path: "
            "make test CHROMIUM=/path/to/chromium",
            file=sys.stderr,
        )
        return 2
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Check the vendored browser files against the sums written down when they were fetched.

    python tools/vendor.py [FOLDER]

To renew htmx: `npm pack htmx.org@2`, take `dist/htmx.min.js` and `LICENSE` from the package into
the folder, and write `sha256sum *.js` to SHA256SUMS. Nothing is fetched at run time.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

VENDOR = (
    Path(__file__).resolve().parents[1] / "src" / "spiegel_portal" / "web" / "static" / "vendor"
)


def problems(folder: Path) -> list[str]:
    """List what is wrong with a folder of vendored files: changed, missing or not written down."""
    sums = {}
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        sums[name] = digest
    found = []
    for name, digest in sums.items():
        path = folder / name
        if not path.exists():
            found.append(f"{name}: not there")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            found.append(f"{name}: not the file that was fetched")
    scripts = {path.name for path in folder.glob("*.js")}
    return found + [f"{name}: has no sum" for name in sorted(scripts - set(sums))]


def main(argv: list[str]) -> int:
    """Print what is wrong.

    Returns:
        0 when every file is as it was fetched, 1 otherwise.
    """
    found = problems(Path(argv[0]) if argv else VENDOR)
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Find the files that the rules are about. Only files that git tracks, or would."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "src" / "spiegel"
PORTAL = ROOT / "src" / "spiegel_portal"


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project, as git sees it; without git, what lies in the known folders."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        names = [name for name in listing.stdout.split("\0") if name]
        return tuple(path for name in sorted(names) if (path := ROOT / name).is_file())
    folders = ("src", "tests", "tools", "docs", "requirements")
    return tuple(
        path for folder in folders for path in sorted((ROOT / folder).rglob("*")) if path.is_file()
    )


def under(folder: Path, *suffixes: str) -> list[Path]:
    """The project's files below a folder, with one of these suffixes."""
    return [path for path in tracked() if path.suffix in suffixes and folder in path.parents]


def source() -> list[Path]:
    """Every module that runs: the engine and the portal, migrations apart."""
    modules = under(ROOT / "src", ".py")
    return [path for path in modules if "migrations" not in path.parts]


def templates() -> list[Path]:
    """Every template, pages and mails."""
    return [path for path in under(PORTAL, ".html", ".txt") if "templates" in path.parts]


def name_of(path: Path) -> str:
    """A file's name as it is shown in a finding."""
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    """The dotted name of a module below src."""
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read(path: Path) -> str:
    """The text of a file."""
    return path.read_text(encoding="utf-8")

"""Text files read whole, line by line."""

from __future__ import annotations

from pathlib import Path

from .errors import InputError


def lines_of(path: str | Path) -> list[str]:
    """Read a UTF-8 text file, with or without a byte order mark, as its lines.

    Raises:
        InputError: ``unreadable-file`` or ``not-utf-8``; the message names the file.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise InputError(
            "unreadable-file", f"{path} cannot be read: {reason}.", file=str(path), reason=reason
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            "not-utf-8", f"{path} is not UTF-8 text; save it as UTF-8.", file=str(path)
        ) from error

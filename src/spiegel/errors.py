"""The engine's errors, as one tree.

SpiegelError
├── InputError      what was given cannot be used: says what was wrong, where, what would be right
└── DataError       a file that ships with Spiegel is missing or damaged
"""

from __future__ import annotations


class SpiegelError(Exception):
    """Base of every error the engine raises on purpose.

    Args:
        code: A stable, lower-case name for programs, such as ``"not-a-table"``.
        message: One clear English sentence for people.
        data: Values the sentence was made from, so that a portal can say it in another language.
    """

    def __init__(self, code: str, message: str, **data: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


class InputError(SpiegelError):
    """What was given cannot be used."""


class DataError(SpiegelError):
    """A file that ships with Spiegel is missing or damaged."""

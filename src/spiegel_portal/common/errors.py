"""The portal's own errors, as one tree.

PortalError
├── NotAllowed     the person may see the thing but not do this to it (403)
├── Refused        what was given cannot be done: one clear sentence, in the reader's language (422)
└── Conflict       somebody, or another device, changed the same thing meanwhile (409)

"Not yours" and "not there" are both ``Http404``: nothing tells them apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise


class PortalError(Exception):
    """Base of the portal's own errors.

    Args:
        code: A stable, lower-case name for programs.
        message: One clear sentence, usually a lazy translation.
    """

    status = 500

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


class NotAllowed(PortalError):  # noqa: N818  (named for what happened)
    """The person may see the thing but not do this to it."""

    status = 403


class Refused(PortalError):  # noqa: N818  (named for what happened)
    """What was given cannot be done."""

    status = 422


class Conflict(PortalError):  # noqa: N818  (named for what happened)
    """Somebody, or another device, changed the same thing meanwhile."""

    status = 409

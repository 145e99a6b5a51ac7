"""What goes wrong between Spiegel and a CRM: one error, permanent or not."""

from __future__ import annotations


class ConnectorError(Exception):
    """A CRM cannot be read.

    Args:
        code: A stable, lower-case name; :mod:`.words` says it for people.
        permanent: Whether trying again is of no use until a person does something.
        wait: How long the CRM asks to be left alone, in seconds.
        status: The answer's HTTP status, where there was an answer.
    """

    def __init__(
        self,
        code: str,
        *,
        permanent: bool,
        wait: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.wait = wait
        self.status = status

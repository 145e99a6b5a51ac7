"""The pages people see when something is not there, not allowed, too much or broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import RequestDataTooBig
from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: not understood; 413 where it was simply too much at once."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "web/errors/413.html", status=413)
    return render(request, "web/errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  (Django's signature)
    """403: may not do this."""
    return render(request, "web/errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  (Django's signature)
    """404: not there, or not yours; the same page for both."""
    return render(request, "web/errors/404.html", status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: too often in a short time."""
    return render(request, "web/errors/429.html", status=429)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return render(request, "web/errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (Django's signature)
    """403: the form was too old to trust; what was typed is still in the browser."""
    return render(request, "web/errors/csrf.html", status=403)

"""Every page's address: each module in this folder is an area and has a ``urlpatterns``.

An area is added by adding its module.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    pattern
    for area in iter_modules(__path__)
    for pattern in import_module(f"{__name__}.{area.name}").urlpatterns
]

"""What the APIs of CRMs answer in, deals and events out: one module per system, no network."""

from . import hubspot, pipedrive, salesforce, teamleader
from .common import Book, Person, Phase, Told

__all__ = [
    "Book",
    "Person",
    "Phase",
    "Told",
    "hubspot",
    "pipedrive",
    "salesforce",
    "teamleader",
]

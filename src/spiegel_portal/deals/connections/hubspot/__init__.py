"""HubSpot: search for what changed, then read those deals with the history of their properties."""

from .connector import HubSpot

CONNECTOR = HubSpot()

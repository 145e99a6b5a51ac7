"""Pipedrive: deals by API v2, archived and deleted ones apart, each with its changelog."""

from .connector import Pipedrive

CONNECTOR = Pipedrive()

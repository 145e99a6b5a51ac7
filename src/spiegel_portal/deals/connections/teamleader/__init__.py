"""Teamleader: what changed by ``deals.list``, each deal by ``deals.info`` with its phases."""

from .connector import Teamleader

CONNECTOR = Teamleader()

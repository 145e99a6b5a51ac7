"""Salesforce: opportunities by SOQL, with OpportunityHistory and the recycle bin."""

from .connector import Salesforce

CONNECTOR = Salesforce()

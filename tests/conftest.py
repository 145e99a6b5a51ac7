"""Fixtures for every test: an organisation with people in all roles, and a stranger's."""

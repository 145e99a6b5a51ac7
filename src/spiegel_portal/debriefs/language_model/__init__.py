"""The optional language model: an endpoint an administrator chose, asked to mark look-backs.

Off by default. ``asking`` is the way in; whatever goes wrong, the built-in mirror's marks are
shown.
"""

"""Spiegel's portal: the Django project around the engine."""

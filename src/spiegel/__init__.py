"""Spiegel's engine: pure Python, without Django, network, clock or global random."""

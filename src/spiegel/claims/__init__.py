"""Claims: what a prospect said about budget, authority, timing, need and competition.

``spiegel.find_claims`` and ``spiegel.find_contradictions`` are the way in. Nothing is loaded here,
so that its parts load when needed.
"""

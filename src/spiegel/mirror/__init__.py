"""The mirror: marks where each sentence of a look-back puts the cause.

``spiegel.reflect`` is the way in. Nothing is loaded here, so that its parts load when needed.
"""

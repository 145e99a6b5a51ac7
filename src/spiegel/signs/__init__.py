"""Signs: a deal's timeline and a date in, warning signs with their evidence out.

``spiegel.find_signs`` is the way in. Nothing is loaded here, so that its parts load when needed.
"""

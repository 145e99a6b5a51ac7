"""Pages about people: themselves, their organisation, its members."""

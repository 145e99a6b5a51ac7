"""Pages on which people look back: debriefs, the three situations, lessons and plans."""

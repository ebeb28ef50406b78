"""Records and outcomes as files: one writer, one reader."""

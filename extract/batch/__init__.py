"""Runs over folders: which files, which workers, what became of each."""

"""Form declarations and the shared lexicon, as data."""

"""Where the lines of a page are, and their pictures."""

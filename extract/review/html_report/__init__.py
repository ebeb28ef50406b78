"""The HTML report of an output folder."""

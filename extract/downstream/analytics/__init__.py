"""Questions asked of the records of an output folder."""

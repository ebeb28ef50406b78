"""Scans as PDFs that can be searched: the picture as it is, the text that was read invisibly where its ink is."""

"""Matched texts as values: parsed, repaired, doubted, assembled."""

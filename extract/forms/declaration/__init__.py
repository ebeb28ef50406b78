"""Declarations of forms: read from TOML, checked, turned into a schema."""

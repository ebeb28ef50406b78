"""The clean stage: a page made upright, straight, evenly lit and free of seals, by one invertible transform."""

from __future__ import annotations

from extract.clean.clean_page import CleanTrace, clean, clean_traced

__all__ = ["CleanTrace", "clean", "clean_traced"]

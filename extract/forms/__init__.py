"""The forms stage: declarations, and sheets read by them."""

from __future__ import annotations

from extract.forms.declaration.loader import load_form, load_forms
from extract.forms.spec import FormSpec

__all__ = ["FormSpec", "load_form", "load_forms"]

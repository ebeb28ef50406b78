"""The forms stage: declarations, and sheets read by them. `FormReader.trace` keeps what each step gave."""

from __future__ import annotations

from extract.forms.declaration.loader import load_form, load_forms
from extract.forms.read_form import FormReader, FormReading, Scan, SheetTrace
from extract.forms.spec import FormSpec

__all__ = ["FormReader", "FormReading", "FormSpec", "Scan", "SheetTrace", "load_form", "load_forms"]

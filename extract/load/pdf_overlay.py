"""Text that a viewer shows on a PDF page but the text layer lacks: filled-in fields and typed notes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

_TEXT_FIELDS = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)


def has_overlaid_text(page: Any) -> bool:
    """Whether a field of the page holds a value or a note is typed on it; such a page is read from its image."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        with _annotation(page, index) as annotation:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            if kind == pdfium.FPDF_ANNOT_FREETEXT or (
                kind == pdfium.FPDF_ANNOT_WIDGET and _is_filled(page, annotation)
            ):
                return True
    return False


@contextmanager
def _annotation(page: Any, index: int) -> Iterator[Any]:
    annotation = pdfium.FPDFPage_GetAnnot(page, index)
    try:
        yield annotation
    finally:
        if annotation:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _is_filled(page: Any, annotation: Any) -> bool:
    if page.formenv is None or pdfium.FPDFAnnot_GetFormFieldType(page.formenv, annotation) not in _TEXT_FIELDS:
        return False
    # the length is in bytes of UTF-16 with its closing zero: 2 for an empty value
    return bool(pdfium.FPDFAnnot_GetFormFieldValue(page.formenv, annotation, None, 0) > 2)

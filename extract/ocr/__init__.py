"""The OCR stage: the text lines of a clean page, cut at the cells of its grids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extract.ocr.read_page import ReadTrace, read, read_traced

__all__ = ["ReadTrace", "read", "read_traced"]


def __getattr__(name: str) -> Any:
    """The driver, imported when it is first asked for: commands that only look for weights start without OpenCV."""
    if name not in __all__:
        raise AttributeError(name)
    from extract.ocr import read_page

    return getattr(read_page, name)

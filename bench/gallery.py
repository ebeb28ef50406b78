"""Silent errors as one HTML page: the ink, what was read, what is printed, what stood on it. No file besides."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image, ImageOps

from bench.sets import Case
from bench.silent import SilentError

Page = npt.NDArray[np.uint8]
_AROUND = 2.5
"""How much of the page is shown above and below the ink, in heights of it."""
_HEAD = """<!doctype html><meta charset="utf-8"><title>Silent errors</title>
<style>body{font:15px sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:6px;
vertical-align:top;text-align:left}img{max-width:640px;display:block}.accepted{background:#fdd}</style>
<table><tr><th>ink<th>printed<th>read<th>where<th>what stood on it<th>should have seen it"""


def write(errors: Sequence[SilentError], cases: Mapping[str, Case], path: Path) -> None:
    """Write the gallery of some errors."""
    rows = [_row(error, cases[error.field.file]) for error in errors]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([_HEAD, *rows, "</table>"]) + "\n", encoding="utf-8")


def _row(error: SilentError, case: Case) -> str:
    field, evidence = error.field, error.evidence
    crop = crop_of(error, case)
    picture = ""
    if crop is not None:
        _, png = cv2.imencode(".png", crop)
        picture = f'<img src="data:image/png;base64,{base64.b64encode(png.tobytes()).decode()}">'
    stood = [f"certainty {field.certainty:.3f}", f"origin {evidence.get('origin', '-')}", *error.checks]
    where = f"{field.file}<br>form {field.form}, page {error.page}<br>{field.pointer}<br>{field.status}"
    cells = [picture, _cell(field.expected), _cell(field.got), where, "<br>".join(stood), error.witness]
    return f'<tr class="{field.status}">' + "".join(f"<td>{cell}" for cell in cells)


def _cell(value: object) -> str:
    return "<i>blank</i>" if value is None else escape(str(value))


def crop_of(error: SilentError, case: Case) -> Page | None:
    """The page around an error's ink, framed in red, as BGR; None where no place is known."""
    if error.quad is None:
        return None
    page = _page(case.path, error.page, case.dpi)
    quad = np.array(error.quad, dtype=np.float64)
    (x0, y0), (x1, y1) = quad.min(axis=0), quad.max(axis=0)
    margin = max(24.0, min(x1 - x0, y1 - y0) * _AROUND)
    left, top = max(0, int(x0 - margin)), max(0, int(y0 - margin))
    crop = np.ascontiguousarray(page[top : int(y1 + margin), left : int(x1 + margin)])
    if crop.size == 0:
        return None
    corners = np.asarray(quad - (left, top), dtype=np.int32)
    cv2.polylines(crop, [corners], True, (60, 60, 230), 1, cv2.LINE_AA)
    return crop


@lru_cache(maxsize=2)
def _page(path: Path, number: int, dpi: float) -> Page:
    """A page of a scan as BGR, turned as its EXIF says; a PDF's at a resolution."""
    if path.suffix == ".pdf":
        picture = pypdfium2.PdfDocument(path)[number - 1].render(scale=dpi / 72).to_pil()
    else:
        with Image.open(path) as file:
            if number > 1:
                file.seek(number - 1)
            picture = ImageOps.exif_transpose(file).copy()
    return np.asarray(picture.convert("RGB"), dtype=np.uint8)[..., ::-1]

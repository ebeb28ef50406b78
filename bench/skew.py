"""The clean stage alone: the angle of skewed pages and the turn of turned ones, on public scans.

The angles stated with the skewed pages are whole degrees (the answers of the tool whose test suite they come from), so
up to half a degree of the first error is theirs. The second error is exact: each page is turned further by known
angles, and what was measured must follow.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.text import markdown
from extract.clean import clean
from extract.geometry import rotation
from extract.load import open_document
from extract.model import Page
from extract.ocr.engines.factory import open_engine
from extract.ocr_engine import OcrEngine
from extract.settings.defaults import CleanSettings

REAL = Path(__file__).resolve().parents[2] / "shared" / "real"
EXTRA_DEG = (-5.0, -2.3, -0.7, 0.4, 1.6, 4.2)


def report(real: Path = REAL) -> str:
    """Two Markdown tables: errors of angles, and turns found; a sentence where the public scans are not there."""
    if not (real / "index.json").is_file():
        return f"No public scans under {real}."
    entries = json.loads((real / "index.json").read_text(encoding="utf-8"))
    return f"{_angles(entries, real)}\n\n{_turns(entries, real, open_engine())}"


def _angles(entries: list[dict[str, Any]], real: Path) -> str:
    rows = []
    for entry in entries:
        if entry["set"] != "skew":
            continue
        page = _page(real / entry["file"])
        found, stated = _skew(page), -float(entry["expected_angle_deg"])
        follows = [abs(_skew(_turned(page, extra)) - found - extra) for extra in EXTRA_DEG]
        rows.append((entry["file"], f"{stated:g}", f"{found:.2f}", f"{abs(found - stated):.2f}", f"{max(follows):.2f}"))
    header = ("page", "stated, whole degrees", "found", "error against it", "largest error under known further turns")
    return markdown(header, rows)


def _turns(entries: list[dict[str, Any]], real: Path, engine: OcrEngine) -> str:
    rows = []
    for entry in entries:
        if entry["set"] != "rotated":
            continue
        found, stated = clean(_page(real / entry["file"]), engine).turn_deg, entry["true_rotation_deg"]
        rows.append((entry["file"], stated, found, "yes" if (found + stated) % 360 == 0 else "no"))
    return markdown(("page", "lies turned by (counter-clockwise)", "turned further by", "right"), rows)


def _page(path: Path) -> Page:
    page = next(p for p in open_document(path) if isinstance(p, Page))
    return dataclasses.replace(page, words=(), rules=())


def _skew(page: Page) -> float:
    return clean(page, None, dataclasses.replace(CleanSettings(), min_skew_deg=0.0)).skew_deg


def _turned(page: Page, degrees: float) -> Page:
    """The page turned counter-clockwise on a canvas that keeps all of it, with the ground that it lies on."""
    h, w = page.image.shape[:2]
    side = int(np.hypot(h, w)) + 1
    matrix = rotation(degrees, (w / 2, h / 2))
    matrix[:2, 2] += [(side - w) / 2, (side - h) / 2]
    image = page.image if page.image.ndim == 2 else np.asarray(cv2.cvtColor(page.image, cv2.COLOR_BGR2GRAY))
    ground = float(np.median(np.concatenate((image[0], image[-1], image[:, 0], image[:, -1]))))
    image = cv2.warpAffine(image, matrix[:2], (side, side), flags=cv2.INTER_LINEAR, borderValue=ground)
    return dataclasses.replace(page, image=image)

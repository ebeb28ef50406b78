from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.paths import ROOT

PEN = ROOT / "fixtures" / "scans" / "pen" / "pen-05.jpg"


@pytest.fixture
def small_page(tmp_path: Path) -> Path:
    """The upper quarter of a form: read in a second, and still a form."""
    path = tmp_path / "quarter.png"
    with Image.open(PEN) as image:
        image.crop((0, 0, image.width, image.height // 4)).save(path)
    return path

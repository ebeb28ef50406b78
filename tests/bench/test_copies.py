from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from bench.copies import at_a4, commented
from tests.paths import ROOT

SCANS = ROOT / "fixtures" / "scans"


@pytest.mark.parametrize("name", ["office/office-01.jpg", "office/office-04.png"])
def test_copies_look_the_same_and_are_other_files(name: str) -> None:
    data = (SCANS / name).read_bytes()
    copies = [commented(data, f"copy {number}") for number in (1, 2)]
    assert len({data, *copies}) == 3
    for copy in copies:
        with Image.open(SCANS / name) as first, Image.open(io.BytesIO(copy)) as second:
            assert np.array_equal(first, second)
            assert second.info["dpi"] == first.info["dpi"]


def test_other_formats_are_refused() -> None:
    with pytest.raises(ValueError, match="neither"):
        commented(b"II*\0", "copy")


def test_a4_at_300_dpi() -> None:
    with Image.open(io.BytesIO(at_a4(SCANS / "fax" / "fax-04.png"))) as image:
        assert image.size == (2481, 3508)
        assert image.info["dpi"] == (300, 300)
        assert image.format == "JPEG"

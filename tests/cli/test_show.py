"""`zhibiao show`: what a stage found, drawn on the scan."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from extract.cli.show import write_picture
from extract.errors import ExitCode, OutputError, UsageError
from tests.commands import zhibiao
from tests.paths import FIXTURES

SCAN = FIXTURES / "scans" / "fax" / "fax-04.png"


def test_the_picture_has_the_size_of_the_scan_and_colours_on_it(tmp_path: Path) -> None:
    done = zhibiao("show", SCAN, "-o", tmp_path / "seen.png", "--stage", "cells")
    assert (done.returncode, done.stdout) == (ExitCode.OK, f"{tmp_path / 'seen.png'}\n")
    drawn, scan = cv2.imread(str(tmp_path / "seen.png")), cv2.imread(str(SCAN))
    assert drawn.shape == scan.shape
    assert int(np.ptp(drawn.astype(int), axis=2).max()) > 100


def test_a_page_that_is_not_there(tmp_path: Path) -> None:
    done = zhibiao("show", SCAN, "-o", tmp_path / "seen.png", "--page", "9")
    assert done.returncode == ExitCode.INPUT
    assert "no page image 9" in done.stderr


def test_pictures_are_png_or_jpg(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.png or \.jpg"):
        write_picture(tmp_path / "x.gif", np.zeros((4, 4, 3), np.uint8))
    with pytest.raises(OutputError, match="cannot write"):
        write_picture(tmp_path / "no" / "x.png", np.zeros((4, 4, 3), np.uint8))

from pathlib import Path

import cv2
import numpy as np

from extract.geometry import Quad
from extract.model import Evidence, Issue, Origin, Record, Severity
from extract.review.thumbnail import WIDTH_PX, thumbnail
from extract.settings.defaults import LoadSettings


def doubtful(page: int, quad: Quad) -> Record:
    return Record(
        form="f",
        form_version="1.0.0",
        status="review",
        source={},
        data={"a": "x"},
        evidence={"/a": Evidence(page, quad, "x", 0.5, Origin.OCR)},
        checks=(),
        issues=(Issue("low-confidence", Severity.ERROR, "/a", "hard to read"),),
        engine={},
    )


def test_the_doubtful_value_is_framed(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.full((1400, 1000), 255, np.uint8))
    quad = Quad.of([[500, 700], [900, 700], [900, 1200], [500, 1200]])
    jpeg = thumbnail(tmp_path / "a.png", [doubtful(1, quad)], LoadSettings())
    assert jpeg is not None
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (420, WIDTH_PX, 3)
    marked = np.argwhere(picture[..., 2].astype(int) - picture[..., 0] > 60)
    assert np.allclose(marked.min(axis=0), (210, 150), atol=2)
    assert np.allclose(marked.max(axis=0), (360, 270), atol=2)


def test_the_page_of_the_doubt_is_shown(tmp_path: Path) -> None:
    pages = [np.full((300, 200), grey, np.uint8) for grey in (250, 100)]
    cv2.imwritemulti(str(tmp_path / "a.tif"), pages)
    quad = Quad.of([[1, 1], [9, 1], [9, 9], [1, 9]])
    jpeg = thumbnail(tmp_path / "a.tif", [doubtful(2, quad)], LoadSettings())
    assert jpeg is not None
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert abs(float(np.median(picture)) - 100) < 5


def test_texts_and_broken_files_have_none(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x\ty\n")
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert thumbnail(tmp_path / "a.txt", [], LoadSettings()) is None
    assert thumbnail(tmp_path / "b.png", [], LoadSettings()) is None

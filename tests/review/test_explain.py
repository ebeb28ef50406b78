from pathlib import Path

import cv2
import numpy as np
import pytest

from extract.errors import InputError, UsageError
from extract.review.explain import crop, explain, read_record

RECORD = {
    "data": {"a/b": 1, "rows": [{"score": 6}], "none": None},
    "evidence": {
        "/rows/0/score": {
            "page": 1,
            "quad": [[100, 50], [100, 150], [60, 150], [60, 50]],
            "text": "6",
            "confidence": 0.9,
            "origin": "ocr",
        }
    },
    "checks": [
        {"id": "sum", "status": "passed", "message": "", "pointers": ["/rows/0/score"]},
        {"id": "other", "status": "passed", "message": "", "pointers": ["/a~1b"]},
    ],
    "issues": [{"code": "low-confidence", "severity": "warning", "pointer": "/rows/0/score", "message": ""}],
    "source": {"path": "a.png", "sha256": "", "pages": [1], "index": 0},
}


def test_what_belongs_to_a_value() -> None:
    found = explain(RECORD, "/rows/0/score")
    assert found.value == 6
    assert [check["id"] for check in found.checks] == ["sum"]
    assert [issue["code"] for issue in found.issues] == ["low-confidence"]
    assert explain(RECORD, "/a~1b").value == 1
    assert explain(RECORD, "/none").evidence is None


@pytest.mark.parametrize("pointer", ["rows", "/row", "/rows/1", "/rows/x", "/rows/0/score/x"])
def test_pointers_that_lead_nowhere(pointer: str) -> None:
    with pytest.raises(UsageError):
        explain(RECORD, pointer)


def test_ink_is_cut_out_upright(tmp_path: Path) -> None:
    """A mark in the top left of a value on a page that lies on its side."""
    page = np.full((200, 200), 255, np.uint8)
    page[52:58, 92:98] = 0
    cv2.imwrite(str(tmp_path / "a.png"), page)
    ink = crop(tmp_path / "a.png", explain(RECORD, "/rows/0/score"))
    assert ink.shape == (80, 140, 3)
    rows, cols = np.nonzero(ink[:, :, 0] < 128)
    assert abs(rows.mean() - (20 + 5)) < 1.5
    assert abs(cols.mean() - (20 + 5)) < 1.5


def test_no_ink_no_crop(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no ink"):
        crop(tmp_path / "a.png", explain(RECORD, "/none"))
    with pytest.raises(InputError):
        crop(tmp_path / "a.png", explain(RECORD, "/rows/0/score"))


@pytest.mark.parametrize("text", ["[]", "{}", "no json", ""])
def test_files_that_are_no_record(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(UsageError):
        read_record(tmp_path / "x.json")

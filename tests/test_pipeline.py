from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from extract.forms import load_forms
from extract.model import Source
from extract.pipeline import Digitised, Pipeline
from extract.settings.defaults import Settings
from tests.paths import ROOT

FORM = ROOT / "fixtures" / "scans" / "office" / "office-01.jpg"
SOURCE = Source("scan.tif", "0" * 64)


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(load_forms(), Settings())


def digitised(pipeline: Pipeline, path: Path, *pages: Image.Image) -> Digitised:
    first, *others = pages
    first.save(path, save_all=True, append_images=others, compression="tiff_lzw")
    return pipeline.digitise(path, SOURCE)


def letter(size: tuple[int, int]) -> Image.Image:
    """A page of text that is no form."""
    page = Image.fromarray(np.full((size[1], size[0]), 255, np.uint8))
    draw = ImageDraw.Draw(page)
    for line in range(12):
        draw.text((120, 150 + 60 * line), "This page is a letter and not a form at all.", fill=0, font_size=34)
    return page


def test_a_page_without_a_form_beside_one_with_a_form_is_named(pipeline: Pipeline, tmp_path: Path) -> None:
    form = Image.open(FORM).convert("L")
    read = digitised(pipeline, tmp_path / "scan.tif", form, letter(form.size), Image.new("L", form.size, 255))
    assert [record.source["pages"] for record in read.records] == [[1]]
    assert read.warnings == ("Page 2 shows no declared form; nothing on it is in a record.",)


def test_a_file_without_any_form_has_no_such_warning(pipeline: Pipeline, tmp_path: Path) -> None:
    read = digitised(pipeline, tmp_path / "scan.tif", letter((1240, 1754)), letter((1240, 1754)))
    assert (read.records, read.warnings) == ((), ())

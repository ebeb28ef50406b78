from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from extract.errors import TooLarge, TruncatedFile
from extract.load import open_document
from extract.model import Page
from extract.settings.defaults import LoadSettings

OpenPage = Callable[..., Page]
INK = np.full((40, 60), 255, np.uint8)
INK[5:15, 5:25] = 0


def encoded(picture: Image.Image, format_: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format_, **options)
    return out.getvalue()


@pytest.mark.parametrize("compression", ["raw", "group3", "group4", "tiff_lzw", "packbits", "tiff_adobe_deflate"])
def test_1_bit_tiff(open_page: OpenPage, compression: str) -> None:
    data = encoded(Image.fromarray(INK).convert("1"), "TIFF", compression=compression)
    assert np.array_equal(open_page(data, "a.tif").image, INK)


@pytest.mark.parametrize("format_", ["PNG", "TIFF", "BMP", "GIF"])
def test_grey_is_lossless(open_page: OpenPage, format_: str) -> None:
    assert np.array_equal(open_page(encoded(Image.fromarray(INK), format_), "a").image, INK)


def test_webp_and_jpeg(open_page: OpenPage) -> None:
    assert np.array_equal(open_page(encoded(Image.fromarray(INK), "WEBP", lossless=True), "a").image[:, :, 0], INK)
    assert np.abs(open_page(encoded(Image.fromarray(INK), "JPEG"), "a").image.astype(int) - INK).mean() < 4


@pytest.mark.parametrize("dtype", [np.uint16, np.int32])
def test_wide_tiff(open_page: OpenPage, dtype: type) -> None:
    wide = Image.fromarray(INK.astype(dtype) * 257)
    assert np.array_equal(open_page(encoded(wide, "TIFF"), "a.tif").image, INK)


def test_16_bit_png(open_page: OpenPage) -> None:
    assert np.array_equal(open_page(encoded(Image.fromarray(INK.astype(np.uint16) * 257), "PNG"), "a").image, INK)


@pytest.mark.parametrize("options", [{}, {"compression": "tiff_lzw"}, {"compression": "jpeg"}])
def test_colour_tiff(open_page: OpenPage, options: dict[str, str]) -> None:
    blue = Image.new("RGB", (32, 32), (0, 0, 255))
    assert np.abs(open_page(encoded(blue, "TIFF", **options), "a.tif").image.astype(int) - (255, 0, 0)).max() < 3


@pytest.mark.parametrize("format_", ["TIFF", "JPEG"])
def test_cmyk_paper_is_white(open_page: OpenPage, format_: str) -> None:
    """Pillow writes CMYK JPEG as Adobe does: inverted."""
    assert open_page(encoded(Image.new("CMYK", (16, 16)), format_), "a").image.min() > 250


@pytest.mark.parametrize("format_", ["JPEG", "TIFF", "PNG", "WEBP"])
def test_exif_rotation_is_applied_once(open_page: OpenPage, format_: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    options = {"lossless": True} if format_ == "WEBP" else {}
    page = open_page(encoded(Image.fromarray(INK), format_, exif=exif, **options), "a")
    expected = np.rot90(INK, -1).astype(int)
    grey = page.image if page.image.ndim == 2 else page.image[:, :, 0]
    assert np.abs(grey - expected).mean() < 4


@pytest.mark.parametrize(("stated", "dpi"), [(300, 300), (200, 200), (72, None), (1, None), (96, None), (30000, None)])
def test_only_sane_dpi_is_taken(open_page: OpenPage, stated: int, dpi: int | None) -> None:
    data = encoded(Image.fromarray(INK), "TIFF", dpi=(stated, stated))
    assert open_page(data, "a.tif").ref.dpi == dpi


def test_fax_rows_are_made_as_fine_as_columns(open_page: OpenPage) -> None:
    page = open_page(encoded(Image.fromarray(INK).convert("1"), "TIFF", compression="group3", dpi=(204, 98)), "a.tif")
    assert page.image.shape == (83, 60)
    assert page.ref.dpi == 204


def test_pages_of_a_tiff_are_numbered_and_a_broken_one_comes_last(tmp_path: Path) -> None:
    first, second = Image.fromarray(INK), Image.fromarray(INK[:, :30])
    path = tmp_path / "a.tif"
    path.write_bytes(encoded(first, "TIFF", save_all=True, append_images=[second]))
    pages = list(open_document(path))
    assert [(page.ref.page, page.image.shape) for page in pages if isinstance(page, Page)] == [
        (1, (40, 60)),
        (2, (40, 30)),
    ]
    path.write_bytes(path.read_bytes()[:-600])
    seen: list[int] = []
    with pytest.raises(TruncatedFile):
        seen.extend(page.ref.page for page in open_document(path))
    assert seen == [1]


def test_too_many_pages_are_refused(open_page: OpenPage) -> None:
    page = Image.fromarray(INK)
    data = encoded(page, "TIFF", save_all=True, append_images=[page])
    with pytest.raises(TooLarge, match="more than 1 page"):
        open_page(data, "a.tif", LoadSettings(max_pages=1))


def test_size_is_checked_before_decoding(open_page: OpenPage) -> None:
    with pytest.raises(TooLarge, match="megapixels"):
        open_page(encoded(Image.fromarray(INK), "PNG"), "a.png", LoadSettings(max_megapixels=0.002))


def test_pillows_own_limit_is_left_as_it_was(open_page: OpenPage) -> None:
    before = Image.MAX_IMAGE_PIXELS
    open_page(encoded(Image.fromarray(INK), "PNG"), "a.png")
    assert before == Image.MAX_IMAGE_PIXELS


@pytest.mark.parametrize(("size", "word"), [((33_000, 400), "one side"), ((15, 3_100), "long and narrow")])
def test_pictures_that_no_stage_can_work_on_are_refused(open_page: OpenPage, size: tuple[int, int], word: str) -> None:
    with pytest.raises(TooLarge, match=word):
        open_page(encoded(Image.new("L", size, 255), "PNG"), "a.png")


def test_a_long_picture_is_read(open_page: OpenPage) -> None:
    assert open_page(encoded(Image.new("L", (32_766, 170), 255), "PNG"), "a.png").image.shape == (170, 32_766)

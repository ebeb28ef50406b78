from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from extract.errors import InputError, TruncatedFile
from extract.load import open_document
from extract.load.tiff_directories import page_data
from extract.model import Page


def tiff(pages: int, **options: object) -> bytes:
    """A TIFF whose pages are grey all over, each darker than the one before."""
    first, *others = [Image.fromarray(np.full((8, 12), 200 - 50 * i, np.uint8)) for i in range(pages)]
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=others, **options)
    return out.getvalue()


def links(data: bytes) -> list[int]:
    """Where each directory's link to the next one stands."""
    found, here = [], struct.unpack_from("<I", data, 4)[0]
    while here:
        found.append(here + 2 + 12 * struct.unpack_from("<H", data, here)[0])
        here = struct.unpack_from("<I", data, found[-1])[0]
    return found


def linked(data: bytes, page: int, target: int) -> bytes:
    """The file with the link that follows a page (from 0) changed."""
    out = bytearray(data)
    struct.pack_into("<I", out, links(data)[page], target)
    return bytes(out)


def start(data: bytes, page: int) -> int:
    """Where the directory of a page (from 0) stands."""
    return int(struct.unpack_from("<I", data, links(data)[page - 1] if page else 4)[0])


def read(data: bytes, tmp_path: Path) -> tuple[list[int], InputError | None]:
    """The first pixel of each page that was given out, and the error that ended the file."""
    path = tmp_path / "a.tif"
    path.write_bytes(data)
    seen: list[int] = []
    try:
        for page in open_document(path):
            assert isinstance(page, Page)
            seen.append(int(page.image[0, 0]))
    except InputError as error:
        return seen, error
    return seen, None


@pytest.mark.parametrize("options", [{}, {"big_tiff": True}, {"compression": "tiff_lzw"}])
def test_pages_of_a_whole_file_are_all_there(tmp_path: Path, options: dict[str, object]) -> None:
    assert read(tiff(3, **options), tmp_path) == ([200, 150, 100], None)


def test_where_the_pixels_of_a_page_lie() -> None:
    data = tiff(2)
    first, second = page_data(io.BytesIO(data), len(data))
    ((place, length),) = first
    assert data[place : place + length] == bytes([200]) * 96
    assert first.isdisjoint(second)


def test_a_file_cut_anywhere_gives_no_page_twice_and_says_so(tmp_path: Path) -> None:
    data = tiff(3)
    whole = [200, 150, 100]
    for end in range(8, len(data)):
        seen, error = read(data[:end], tmp_path)
        assert seen == whole[: len(seen)]
        # the last byte of the file may be padding, without which every page is there
        assert isinstance(error, TruncatedFile) or seen == whole


def test_pages_in_a_circle_are_given_once_and_the_file_is_called_damaged(tmp_path: Path) -> None:
    data = tiff(3)
    seen, error = read(linked(data, 1, start(data, 0)), tmp_path)
    assert (seen, str(error)) == ([200, 150], "The TIFF picture is damaged: its pages follow one another in a circle.")


def test_a_link_beyond_the_end_of_the_file_breaks_it_off(tmp_path: Path) -> None:
    data = tiff(3)
    seen, error = read(linked(data, 0, len(data) + 1000), tmp_path)
    assert seen == [200]
    assert isinstance(error, TruncatedFile)


def test_a_second_directory_with_the_pixels_of_the_first_is_no_page(tmp_path: Path) -> None:
    data = tiff(2)
    twin = data[start(data, 0) : links(data)[0]] + bytes(4)
    seen, error = read(linked(data, 0, len(data)) + twin, tmp_path)
    assert (seen, str(error)) == ([200], "The TIFF picture is damaged: two of its pages show the same pixels.")


def test_a_page_that_cannot_be_decoded_costs_that_page_alone(tmp_path: Path) -> None:
    data = bytearray(tiff(3, compression="tiff_adobe_deflate"))
    ((place, length),) = list(page_data(io.BytesIO(data), len(data)))[1]
    data[place : place + length] = bytes(length)
    seen, error = read(bytes(data), tmp_path)
    assert seen == [200, 100]
    assert isinstance(error, InputError)

"""What is on the paper beside the print: seals, pens, specks, shadows, borders, holes."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from extract.clean import clean
from extract.geometry import Points
from extract.model import Image

Drawn = Callable[..., Any]
PageOf = Callable[[Image], Any]
DPI = 150


@pytest.fixture(scope="module")
def ruled(drawn: Drawn) -> Any:
    return drawn(dpi=DPI)


def true_ink(ruled: Any) -> npt.NDArray[np.bool_]:
    return np.asarray(ruled.image < 128)


def kept(ink: Image, truth: npt.NDArray[np.bool_]) -> float:
    """Share of the true ink that is ink still, a pixel of leeway at its edges."""
    near = cv2.dilate(ink, np.ones((3, 3), np.uint8)) > 0
    return float(near[truth].mean())


def added(ink: Image, truth: npt.NDArray[np.bool_]) -> int:
    """Ink pixels that no true ink is near to."""
    near = cv2.dilate(truth.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return int(((ink > 0) & ~near).sum())


def stamped(ruled: Any) -> tuple[Image, tuple[int, int]]:
    """The page with a red ring and star-like bars over its middle, in multiply blend; and the ring's centre."""
    h, w = ruled.image.shape
    where = np.zeros((h, w), np.uint8)
    centre = (w // 2, h // 2)
    cv2.circle(where, centre, 110, 255, 9)
    for k in range(5):
        a = 2 * np.pi * k / 5
        cv2.line(where, centre, (int(centre[0] + 60 * np.sin(a)), int(centre[1] - 60 * np.cos(a))), 255, 8)
    paper = cv2.cvtColor(ruled.image, cv2.COLOR_GRAY2BGR).astype(np.float64)
    red = np.where(where[..., None] > 0, np.array([70, 60, 215]), 255)
    return (paper * red / 255).astype(np.uint8), centre


def test_a_red_seal_is_lifted_and_the_ink_below_it_kept(ruled: Any, page_of: PageOf) -> None:
    image, centre = stamped(ruled)
    cleaned = clean(page_of(image))
    assert len(cleaned.seals) == 1
    assert cleaned.seals[0].contains(*centre)
    assert 180 < cleaned.seals[0].width < 280
    assert kept(cleaned.ink, true_ink(ruled)) > 0.99
    assert added(cleaned.ink, true_ink(ruled)) < 100


def scrawl(ruled: Any, colour: tuple[int, int, int]) -> tuple[Image, npt.NDArray[np.bool_]]:
    """The page with a stroke of a pen over its print, and where the stroke is."""
    image = cv2.cvtColor(ruled.image, cv2.COLOR_GRAY2BGR)
    pen = np.zeros(ruled.image.shape, np.uint8)
    cv2.polylines(pen, [np.array([[500, 300], [560, 240], [600, 330], [680, 260]], np.int32)], False, 255, 4)
    black = true_ink(ruled)
    image[(pen > 0) & ~black] = colour
    return np.asarray(image, np.uint8), np.asarray((pen > 0) & ~black)


def test_a_black_pen_stays_ink(ruled: Any, page_of: PageOf) -> None:
    image, pen = scrawl(ruled, (0, 0, 0))
    cleaned = clean(page_of(image))
    assert cleaned.seals == cleaned.lifted == ()
    assert kept(cleaned.ink, pen) > 0.97


def test_a_blue_mark_at_print_is_lifted_and_reported(ruled: Any, page_of: PageOf) -> None:
    image, _ = scrawl(ruled, (150, 60, 20))
    cleaned = clean(page_of(image))
    assert cleaned.seals == ()
    assert len(cleaned.lifted) == 1
    assert cleaned.lifted[0].contains(590, 285)
    assert added(cleaned.ink, true_ink(ruled)) < 60
    assert kept(cleaned.ink, true_ink(ruled)) > 0.98


def test_blue_handwriting_stays(drawn: Drawn, page_of: PageOf) -> None:
    """Several strokes away from print may be the only ink of a cell."""
    blank = np.full((1754, 1240, 3), 255, np.uint8)
    for k in range(6):
        cv2.line(blank, (500 + 30 * k, 800), (515 + 30 * k, 840), (170, 60, 20), 4)
    cleaned = clean(page_of(blank))
    assert cleaned.lifted == ()
    assert cleaned.ink[800:841, 500:680].any()


def test_a_warm_page_has_no_seal(ruled: Any, page_of: PageOf) -> None:
    warm = (ruled.image[..., None] * np.array([0.78, 0.88, 1.0])).astype(np.uint8)
    cleaned = clean(page_of(warm))
    assert cleaned.seals == ()
    assert float(np.percentile(cleaned.image, 60)) >= 240


def test_a_shadow_is_flattened(ruled: Any, page_of: PageOf) -> None:
    h, w = ruled.image.shape
    light = np.linspace(0.45, 1.0, w)[None] * np.linspace(1.0, 0.8, h)[:, None]
    cleaned = clean(page_of((ruled.image * light).astype(np.uint8)))
    assert kept(cleaned.ink, true_ink(ruled)) > 0.99
    assert added(cleaned.ink, true_ink(ruled)) < 200
    assert float(np.percentile(cleaned.image, 40)) >= 235


def test_faint_rules_and_text_are_kept(ruled: Any, page_of: PageOf) -> None:
    noise = np.random.default_rng(1).normal(0, 4, ruled.image.shape)
    faint = np.clip(np.where(true_ink(ruled), 185, 235) + noise, 0, 255).astype(np.uint8)
    cleaned = clean(page_of(faint))
    assert kept(cleaned.ink, true_ink(ruled)) > 0.97
    assert added(cleaned.ink, true_ink(ruled)) < 400


def test_a_1_bit_page_passes_through(ruled: Any, page_of: PageOf) -> None:
    cleaned = clean(page_of(ruled.image))
    assert np.array_equal(cleaned.image, ruled.image)
    assert kept(cleaned.ink, true_ink(ruled)) == 1.0


def margin_points(rng: np.random.Generator, shape: tuple[int, int], crossings: Points) -> npt.NDArray[np.int64]:
    """Places outside of the table."""
    top = int(crossings[0, 0, 1])
    x = rng.integers(60, shape[1] - 60, 150)
    return np.column_stack((x, rng.integers(60, top - 25, 150)))


def test_specks_go(ruled: Any, page_of: PageOf) -> None:
    image = ruled.image.copy()
    for x, y in margin_points(np.random.default_rng(2), image.shape, ruled.crossings):
        image[y, x] = 0
    cleaned = clean(page_of(image))
    assert added(cleaned.ink, true_ink(ruled)) == 0
    assert kept(cleaned.ink, true_ink(ruled)) > 0.99


def test_dots_and_signs_stay(ruled: Any, page_of: PageOf) -> None:
    """A full stop, an ideographic comma, `=` and `-` beside characters are larger than specks."""
    image = ruled.image.copy()
    size = ruled.char_px
    x, y = int(ruled.crossings[3, 3, 0]) - 3 * size, int(ruled.crossings[3, 3, 1]) + size
    dot = max(3, round(0.14 * size))
    marks = np.zeros(image.shape, bool)
    marks[y + size - dot : y + size, x : x + dot] = True
    marks[y + size // 3 : y + size // 3 + 2, x + size : x + size + size // 2] = True
    marks[y + 2 * size // 3 : y + 2 * size // 3 + 2, x + size : x + size + size // 2] = True
    image[marks] = 0
    assert kept(clean(page_of(image)).ink, marks) == 1.0


def test_scanner_borders_and_holes_go(ruled: Any, page_of: PageOf) -> None:
    image = ruled.image.copy()
    image[:, :14] = 0
    image[:9] = 0
    for y in (500, 1000):
        cv2.circle(image, (55, y), 18, 0, -1)
    cleaned = clean(page_of(image))
    assert added(cleaned.ink, true_ink(ruled)) == 0
    assert kept(cleaned.ink, true_ink(ruled)) > 0.99

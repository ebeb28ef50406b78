"""Two inks one on the other: the coloured one lifted, the black one kept."""

import cv2
import numpy as np

from extract.clean.colour_ink import lift
from extract.model import Image


def printed() -> Image:
    """A white page of 1,200 by 900 px with twelve black bars as wide as strokes."""
    image = np.full((1200, 900, 3), 255, np.uint8)
    for y in range(300, 900, 50):
        cv2.line(image, (200, y), (700, y), (20, 20, 20), 5)
    return image


def stained(image: Image, colour: tuple[int, int, int]) -> Image:
    """The page below a ring of ink: each channel absorbs what the ring's colour absorbs (multiply blend)."""
    ring = np.full_like(image, 255)
    cv2.circle(ring, (450, 600), 150, colour, 12)
    return (image.astype(np.uint16) * ring // 255).astype(np.uint8)


def test_a_red_ring_goes_and_the_bars_below_it_stay() -> None:
    lifted = lift(stained(printed(), (60, 60, 220)))
    assert len(lifted.seals) == 1
    assert lifted.seals[0].contains(450, 600)
    assert lifted.grey[600, 302] < 90  # where the ring crosses a bar
    assert lifted.grey[577, 303] > 200  # where the ring stands alone
    assert not lifted.marks


def test_a_page_of_black_ink_has_nothing_to_lift() -> None:
    lifted = lift(printed())
    assert (lifted.seals, lifted.marks) == ((), ())
    assert lifted.grey[300, 400] < 40


def test_a_grey_page_passes_through() -> None:
    grey = np.full((40, 40), 200, np.uint8)
    assert lift(grey).grey is grey


def test_a_red_table_top_is_no_seal() -> None:
    image = np.full((1200, 900, 3), 255, np.uint8)
    image[:, :500] = (60, 60, 220)
    assert lift(image).seals == ()

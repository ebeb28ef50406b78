"""A scan to draw on, in its own pixels."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from extract.geometry import Points, Quad
from extract.model import Image

Colour = tuple[int, int, int]

GREEN: Colour = (0, 140, 60)
AMBER: Colour = (215, 130, 0)
RED: Colour = (205, 30, 30)
BLUE: Colour = (20, 90, 200)
VIOLET: Colour = (130, 50, 170)


class Canvas:
    """The source scan, to draw on in its own pixels; sizes follow the height of the page's characters."""

    def __init__(self, image: Image, char_height: float) -> None:
        colour = cv2.cvtColor(image, cv2.COLOR_GRAY2RGB if image.ndim == 2 else cv2.COLOR_BGR2RGB)
        self._image = PillowImage.fromarray(colour)
        self._draw = ImageDraw.Draw(self._image, "RGBA")
        self.unit = max(8.0, char_height)
        self._font = ImageFont.load_default(round(self.unit * 0.5))
        self._pen = max(1, round(self.unit / 12))

    def outline(self, quad: Quad, colour: Colour, fill: int = 0, pen: float = 1.0) -> None:
        """A quad's border; `fill` is the opacity of its inside, 0 to 255."""
        self._draw.polygon(quad.points, fill=(*colour, fill) if fill else None)
        self._draw.line([*quad.points, quad.points[0]], fill=(*colour, 255), width=max(1, round(self._pen * pen)))

    def stroke(self, points: Points, colour: Colour, pen: float = 1.0) -> None:
        """Draw a line through points, (n, 2)."""
        path = [(float(x), float(y)) for x, y in points]
        self._draw.line(path, fill=(*colour, 255), width=max(1, round(self._pen * pen)))

    def label(self, x: float, y: float, text: str, colour: Colour) -> None:
        """White text on a coloured ground, its lower left corner at the point, pushed back onto the page."""
        left, top, right, bottom = self._draw.textbbox((0, 0), text, font=self._font)
        x = min(max(0.0, x), max(0.0, self._image.width - (right - left) - 4))
        y = max(0.0, y - (bottom - top) - 4)
        self._draw.rectangle((x, y, x + right - left + 4, y + bottom - top + 4), fill=(*colour, 215))
        self._draw.text((x + 2 - left, y + 2 - top), text, fill=(255, 255, 255, 255), font=self._font)

    def notes(self, lines: list[tuple[str, Colour]]) -> None:
        """Lines of text at the top left of the page."""
        y = self.unit
        for text, colour in lines:
            self.label(self.unit / 2, y, text, colour)
            y += self.unit

    def image(self) -> Image:
        """What was drawn, (h, w, 3) BGR."""
        return np.asarray(cv2.cvtColor(np.asarray(self._image), cv2.COLOR_RGB2BGR), dtype=np.uint8)

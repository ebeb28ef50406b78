"""Ink -> how rule-like every pixel is.

A rule is thin across and long along. So darkness is averaged along and what stays dark over more than the
thickness of a rule is taken off (white top-hat, Serra 1982): text, dense over a character's height, cancels out,
while rules stay, though they be dotted, broken, slightly slanted or touched by characters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from extract.grid.ruling_line import Floats
from extract.model import CleanPage, Image
from extract.settings.defaults import GridSettings

PAPER = 0


@dataclass(frozen=True, eq=False)
class Working:
    """The page at a scale where a character is `unit` px high, with a white margin: darkness from 0 to 255.

    `dark` is the darker of the binarised page and the grey one, where faint rules are still to be seen.
    """

    dark: Image
    unit: float
    scale: float
    margin: int

    def to_clean(self, work: Floats) -> Floats:
        """Working coordinates in clean pixels."""
        return (work - self.margin + 0.5) / self.scale

    def to_work(self, clean: float) -> float:
        """A clean coordinate in working pixels."""
        return clean * self.scale + self.margin - 0.5


def rescale(page: CleanPage, settings: GridSettings) -> Working:
    """The page at the working scale."""
    scale = min(settings.max_upscale, settings.working_char_px / max(page.char_height, 1.0))
    unit = page.char_height * scale
    margin = round(2 * unit)
    height, width = page.ink.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    # both at once: how pixels share out is worked out but once
    ink, grey = cv2.split(cv2.resize(cv2.merge((page.ink, page.image)), size, interpolation=how))
    # a rule thinner than a working pixel is smeared over two: the gain restores it
    ink = cv2.convertScaleAbs(ink, alpha=settings.ink_gain)
    faint, plain = settings.faint_grey, _plain_grey(page, settings)
    ramp = np.clip((faint - np.arange(256.0)) * 255 / (faint - plain), 0, 255).astype(np.uint8)
    dark = cv2.max(ink, cv2.LUT(grey, ramp))
    padded = cv2.copyMakeBorder(dark, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=PAPER)
    return Working(np.asarray(padded, dtype=np.uint8), unit, scale, margin)


def _plain_grey(page: CleanPage, settings: GridSettings) -> float:
    """The grey that counts as fully dark: lighter on a page whose toner is faint as a whole."""
    inked = page.image[::4, ::4][page.ink[::4, ::4] > 0]
    usual = float(np.median(inked)) if inked.size else 0.0
    return min(max(settings.plain_grey, usual), settings.faint_grey - 20)


def thicken(dark: Image) -> Image:
    """The darkness that `respond` and `respond_to_frames` look at: grown by a pixel, so that slanted rules hold on."""
    return np.asarray(cv2.dilate(dark, np.ones((3, 3), np.uint8)), dtype=np.uint8)


def respond(thickened: Image, window_chars: float, unit: float, settings: GridSettings) -> Image:
    """(h, w) 0..255: how much each pixel looks like part of a horizontal rule, seen over a window along it."""
    return _top_hat(_mean_along(thickened, window_chars * unit), settings.max_thickness_chars * unit)


def respond_to_frames(thickened: Image, unit: float, settings: GridSettings) -> Image:
    """The same for thick and double frames only: over so long a window that no text is as dark and as thin."""
    window = settings.frame_window_chars * unit
    mean = _mean_along(thickened, window)
    thick = _top_hat(mean, settings.max_frame_chars * unit)
    thin = _top_hat(mean, settings.max_thickness_chars * unit)
    plain = cv2.inRange(thin, 0, math.ceil(settings.min_response * 255) - 1)
    _, frames = cv2.threshold(thick, math.ceil(settings.min_frame_response * 255) - 1, 0, cv2.THRESH_TOZERO)
    frames = cv2.bitwise_and(frames, plain)
    # half a window in white still answers by half: what the threshold took off the ends is given back
    lost = (2 * settings.min_frame_response - 1) * window
    rows = np.flatnonzero(frames.any(axis=1))
    if len(rows):  # rows do not touch one another here, and few show a frame
        frames[rows] = cv2.dilate(frames[rows], np.ones((1, _odd(lost)), np.uint8))
    return np.asarray(frames, dtype=np.uint8)


def _mean_along(thickened: Image, window: float) -> Image:
    return np.asarray(cv2.blur(thickened, (_odd(window), 1), borderType=cv2.BORDER_CONSTANT), dtype=np.uint8)


def _top_hat(mean: Image, thickness: float) -> Image:
    kernel = np.ones((_odd(thickness) + 2, 1), np.uint8)
    return np.asarray(cv2.morphologyEx(mean, cv2.MORPH_TOPHAT, kernel), dtype=np.uint8)


def _odd(length: float) -> int:
    return 2 * max(1, round((length - 1) / 2)) + 1

"""Drawn lines kept on disk in shards: drawn once, by seed, and read in every pass."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extract.ocr.figure_reader.prepare import resized
from training.figures import damage, draw, text
from training.figures.fonts import Fonts, find

LINES = 4000
_WIDEST_PX = 640
_WAIT_SECONDS = 1800


@dataclass(frozen=True, eq=False)
class Line:
    """A line at the network's height, its text, and its classes."""

    image: npt.NDArray[np.uint8]
    text: str
    label: tuple[int, ...]


def lines(fonts: Fonts, seed: tuple[int, ...], low: float = 0.0, high: float = 1.0) -> Iterator[Line]:
    """Lines without end; the same seed gives the same lines."""
    rng = np.random.default_rng(seed)
    while True:
        says = text.line(rng)
        drawn = draw.drawn(says, fonts, rng)
        if drawn is None:
            continue
        image = resized(damage.damaged(drawn, rng, low, high))
        if image.shape[1] <= _WIDEST_PX:
            yield Line(image, says, draw.label(says))


def write(path: Path, fonts: Fonts, seed: tuple[int, ...]) -> None:
    """One shard of LINES lines, whole or not at all."""
    if path.exists():
        return
    own = [line for line, _ in zip(lines(fonts, seed), range(LINES), strict=False)]
    part = path.with_suffix(".part.npz")
    np.savez(
        part,
        pixels=np.concatenate([line.image.ravel() for line in own]),
        widths=np.array([line.image.shape[1] for line in own]),
        labels=np.concatenate([np.array(line.label, dtype=np.int64) for line in own]),
        lengths=np.array([len(line.label) for line in own]),
    )
    part.replace(path)


def write_all(work: Path, folder: Path, seed: int, count: int) -> None:
    """The shards that are not there yet, in the fonts below a folder."""
    found = find(folder)
    for number in range(count):
        write(work / f"{number:03d}.npz", found, (seed, number))


def read(path: Path) -> list[Line]:
    """The lines of a shard; waits for one that is still being drawn. Raises TimeoutError when none comes."""
    for _ in range(_WAIT_SECONDS):
        if path.exists():
            break
        time.sleep(1)
    else:
        raise TimeoutError(path)
    with np.load(path) as data:
        widths, lengths = data["widths"], data["lengths"]
        images = np.split(data["pixels"], np.cumsum(widths * 32)[:-1])
        labels = np.split(data["labels"], np.cumsum(lengths)[:-1])
    return [
        Line(image.reshape(32, width), "", tuple(label.tolist()))
        for image, width, label in zip(images, widths, labels, strict=True)
    ]

"""Measure the figure reader against each of the product's hand-made tests on glyphs, on the signs that these settle.

`python -m training.figures.signs --fonts DIR` prints how many lines hold a wrong sign: as the product's networks read
them, after the hand-made test, and as the figure reader reads them. Fonts are held out of training.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from extract.geometry import Box
from extract.model import Char, Image
from extract.ocr.characters import comparators, confusables, fragile_figures, line_confidence, per_mille
from extract.ocr.characters.charset import folded
from extract.ocr.characters.glyph_geometry import Shown
from extract.ocr.figure_reader import FigureReader
from extract.ocr.lines import dash
from extract.ocr.lines.line_finding import Band
from extract.ocr_engine import Care, OcrEngine
from training.figures import capture, damage, draw, text
from training.figures.fonts import Fonts, find

Rng = np.random.Generator
Settle = Callable[[tuple[Char, ...], Image, float], tuple[Char, ...]]

_SEED = 4711
_NUMBERS = ("100", "95", "5", "3.5", "0.8", "12", "97.19", "1,200", "88")
_UNITS = ("", "%", "个", "天", "万元", "\N{PER MILLE SIGN}", "人次")


@dataclass(frozen=True)
class Contest:
    """A hand-made test, what lines it is tried on, which characters count, and how it settles a reading."""

    name: str
    says: Callable[[Rng], str]
    signs: frozenset[str]
    settle: Settle


def _one(rng: Rng, options: tuple[str, ...] | str) -> str:
    return options[int(rng.integers(len(options)))]


def _compared(rng: Rng) -> str:
    return _one(rng, "><\u2265\u2264=") + _one(rng, _NUMBERS) + _one(rng, _UNITS)


def _share(rng: Rng) -> str:
    return _one(rng, ("", "\u2265", "")) + _one(rng, _NUMBERS) + _one(rng, "%\N{PER MILLE SIGN}")


def _lone(rng: Rng) -> str:
    return _one(rng, ("\N{EM DASH}", "-", "\N{EM DASH}" * 2, "/", "一", "0", "1", "="))


def _alike(rng: Rng) -> str:
    digits = "".join(
        _one(rng, "01") if rng.random() < 0.6 else _one(rng, "23456789") for _ in range(rng.integers(1, 7))
    )
    return _one(rng, ("", "=", "")) + digits + _one(rng, ("", "", "日", "个", "%"))


def _fragile(rng: Rng) -> str:
    while True:
        says = text._number(rng, 9)
        if fragile_figures.fragile(says) or "," in says or "." in says:
            return says


def _comparators(chars: tuple[Char, ...], crop: Image, em: float) -> tuple[Char, ...]:
    return comparators.settle(chars, Shown.of(crop, em))


def _per_mille(chars: tuple[Char, ...], crop: Image, em: float) -> tuple[Char, ...]:
    return per_mille.settle(chars, Shown.of(crop, em))


def _dash(chars: tuple[Char, ...], crop: Image, em: float) -> tuple[Char, ...]:
    _, _, stats, _ = cv2.connectedComponentsWithStats(Shown.of(crop, em).mask.astype(np.uint8), connectivity=8)
    x, y, w, h, area = stats[1:].T.astype(float)
    region = Box(0, 0, crop.shape[1], crop.shape[0])
    band = Band(region, np.stack([x, y, x + w, y + h, area], axis=1), region)
    found = dash.read(band, em)
    return chars if found is None else found


def _confusables(chars: tuple[Char, ...], crop: Image, em: float) -> tuple[Char, ...]:
    return confusables.settle(line_confidence.without_flecks(chars))


def _as_read(chars: tuple[Char, ...], crop: Image, em: float) -> tuple[Char, ...]:
    return chars


CONTESTS = (
    Contest("comparators", _compared, frozenset("><\u2265\u2264="), _comparators),
    Contest("per_mille", _share, frozenset("%\N{PER MILLE SIGN}"), _per_mille),
    Contest("dash", _lone, frozenset("-/一01=二日"), _dash),
    Contest("confusables", _alike, frozenset("0123456789=日"), _confusables),
    Contest("fragile_figures (both networks, where they differ)", _fragile, frozenset("0123456789.,"), _as_read),
)


def contest(one: Contest, fonts: Fonts, count: int, engine: OcrEngine, reader: FigureReader) -> str:
    """How many of some lines hold a wrong sign, as three readers see them; silent: the product is sure and wrong."""
    rng = np.random.default_rng(_SEED)
    drawn = [d for d in (draw.drawn(one.says(rng), fonts, rng) for _ in range(count)) if d is not None]
    crops = [damage.damaged(d, rng) for d in drawn]
    network = engine.recognise(crops, Care.USUAL)
    settled = [one.settle(chars, crop, d.em) for chars, crop, d in zip(network, crops, drawn, strict=True)]
    truth = [_signs(d.text, one.signs) for d in drawn]
    before = [_signs(_text(chars), one.signs) != said for chars, said in zip(network, truth, strict=True)]
    after = [_signs(_text(chars), one.signs) != said for chars, said in zip(settled, truth, strict=True)]
    sure = [line_confidence.confidence(chars) >= 0.85 for chars in settled]
    own = reader.read(crops)
    wrong = [_signs(reading.text, one.signs) != said for reading, said in zip(own, truth, strict=True)]
    silent = [i for i in range(len(drawn)) if after[i] and sure[i]]
    caught = [i for i in silent if _signs(own[i].text, one.signs) != _signs(_text(settled[i]), one.signs)]
    return (
        f"{one.name} | {len(drawn)} | {sum(before)} | {sum(after)} | {sum(wrong)} | "
        f"{len(silent)} | {len(caught)} | {sum(a and b for a, b in zip(after, wrong, strict=True))}"
    )


def _signs(said: str, signs: frozenset[str]) -> str:
    return "".join(one for one in map(folded, said) if one in signs)


def _text(chars: tuple[Char, ...]) -> str:
    return "".join(char.text for char in chars)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m training.figures.signs", description=__doc__)
    parser.add_argument("--fonts", type=Path, default=Path("training/out/figures/fonts"))
    parser.add_argument("--lines", type=int, default=1000)
    given = parser.parse_args()
    engine, reader = capture.engine(), FigureReader()
    print("test | lines | networks wrong | after the test | figure reader wrong | silent | of these seen | both wrong")
    for one in CONTESTS:
        print(contest(one, find(given.fonts, held_out=True), given.lines, engine, reader), flush=True)


if __name__ == "__main__":
    main()

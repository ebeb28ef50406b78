"""Measure the figure reader against the product's networks: errors of each alone, errors they share, false alarms.

`python -m training.figures.measure --fonts DIR [--fiscal DIR]` prints one table row a group; the rows are in README.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np

from extract.model import Char
from extract.ocr.characters import comparators, confusables, line_confidence, per_mille
from extract.ocr.characters.charset import folded
from extract.ocr.characters.glyph_geometry import Shown
from extract.ocr.figure_reader import OTHER, Difference, FigureReader, FigureReading, differences
from extract.ocr_engine import Care, OcrEngine
from training.figures import capture, damage, draw, text
from training.figures.alphabet import CHARACTERS, DIGITS, MARKS
from training.figures.capture import Captured, Truth
from training.figures.fonts import Fonts, find

SURE = 0.85
"""From this confidence on the product takes a line for sure."""

_ALPHABET = frozenset(map(folded, CHARACTERS)) - {OTHER}
_SEED = 77
_DRAWN = ((150, "clean"), (200, "clean"), (200, "scanned"), (150, "scanned"), (200, "copied"), (200, "faxed"))
_HEAD = (
    "group | lines | product wrong | of these sure | seen | networks agree wrong | seen | reader wrong | unknown | "
    "false alarms"
)


@dataclass(frozen=True, eq=False)
class Judged:
    """A line with all readings judged. `differs` is where the figure reader contradicts the product."""

    line: Captured
    reading: FigureReading
    differs: tuple[Difference, ...]

    @property
    def product_right(self) -> bool:
        """Whether the product's last word on the line is what is printed."""
        return same(_text(self.line.final), self.line.truth)

    @property
    def product_sure(self) -> bool:
        """Whether the product takes its reading for sure."""
        return line_confidence.confidence(self.line.final) >= SURE

    @property
    def reader_right(self) -> bool:
        """Whether the figure reader read what is printed."""
        return same(self.reading.text, self.line.truth)

    @property
    def networks_agree_wrong(self) -> bool:
        """Whether the product's two networks read the same, both surely, and it is not what is printed."""
        quick, better = self.line.quick, self.line.better
        alike = symbols(_text(quick)) == symbols(_text(better)) and not same(_text(quick), self.line.truth)
        return alike and min(map(line_confidence.confidence, (quick, better))) >= SURE


def symbols(said: str) -> str:
    """A text as far as the figure reader's alphabet tells it apart; unknown characters in a row are one."""
    found: list[str] = []
    for char in said:
        one = folded(char)
        one = one if one in _ALPHABET else "" if one.isspace() else OTHER
        if one != OTHER or found[-1:] != [OTHER]:
            found.append(one)
    return "".join(found)


def same(said: str, truth: Truth) -> bool:
    """Whether a text says what is printed; where only a number is known, whether it is that number."""
    if not truth.number:
        return symbols(said) == symbols(truth.text)
    try:
        return Decimal(symbols(said).replace(",", "").rstrip("%")) == Decimal(truth.text)
    except InvalidOperation:
        return False


def figures_alone(line: Captured) -> bool:
    """Whether a line holds nothing but what the figure reader knows."""
    return line.truth.number or OTHER not in symbols(line.truth.text)


def material(one: Difference) -> bool:
    """Whether a difference is about a digit or a mark: units are not what the reader is for."""
    return bool((set(one.theirs) | set(one.own)) & set(DIGITS + MARKS))


def made(fonts: Fonts, count: int, strengths: tuple[float, float], group: str, engine: OcrEngine) -> list[Captured]:
    """Lines of figures drawn afresh, read by the product's networks and settled by its tests on the glyphs."""
    rng = np.random.default_rng((_SEED, count))
    drawn: list[draw.Drawn] = []
    while len(drawn) < count:
        says = text.line(rng)
        one = draw.drawn(says, fonts, rng) if all(char in CHARACTERS for char in says) else None
        if one is not None:
            drawn.append(one)
    crops = [damage.damaged(one, rng, *strengths) for one in drawn]
    quick, better, usual = (engine.recognise(crops, care) for care in (Care.GLANCE, Care.THOROUGH, Care.USUAL))
    return [
        Captured(group, crop, one.em, Truth(np.zeros((4, 2)), one.text, False), q, b, u, settled(u, crop, one.em))
        for one, crop, q, b, u in zip(drawn, crops, quick, better, usual, strict=True)
    ]


def settled(chars: tuple[Char, ...], crop: damage.Crop, em: float) -> tuple[Char, ...]:
    """What the tests on glyphs make of a reading, in the order of the product."""
    shown = Shown.of(crop, em)
    chars = confusables.settle(line_confidence.without_flecks(chars))
    return per_mille.settle(comparators.settle(chars, shown), shown)


def judged(lines: Iterable[Captured], reader: FigureReader) -> Iterator[Judged]:
    """Each line read by the figure reader and held against the product's reading."""
    for line in lines:
        (reading,) = reader.read([line.crop])
        found = differences(reading, line.final, reader.characters)
        yield Judged(line, reading, tuple(filter(material, found)))


def row(group: str, lines: Sequence[Judged], least: float = 0.0) -> str:
    """The table row of some lines; only differences of which the reader is at least this sure count."""
    alarmed = [any(d.confidence >= least for d in one.differs) for one in lines]
    wrong = [(one, alarm) for one, alarm in zip(lines, alarmed, strict=True) if not one.product_right]
    silent = [alarm for one, alarm in wrong if one.product_sure]
    joint = [any(differences_of(one, least)) for one in lines if one.networks_agree_wrong]
    right = [alarm for one, alarm in zip(lines, alarmed, strict=True) if one.product_right]
    return (
        f"{group} | {len(lines)} | {len(wrong)} | {len(silent)} | {sum(silent)} | {len(joint)} | {sum(joint)} | "
        f"{sum(not one.reader_right for one in lines)} | {sum(not one.reading.known for one in lines)} | "
        f"{1000 * sum(right) / max(1, len(right)):.0f} in 1000"
    )


def differences_of(one: Judged, least: float) -> Iterator[bool]:
    """Whether each difference from what the two networks agreed on is one of which the reader is sure enough."""
    known = frozenset(CHARACTERS)
    return (d.confidence >= least for d in differences(one.reading, one.line.quick, known) if material(d))


def _text(chars: Sequence[Char]) -> str:
    return "".join(char.text for char in chars)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m training.figures.measure", description=__doc__)
    parser.add_argument("--fonts", type=Path, default=Path("training/out/figures/fonts"))
    parser.add_argument("--fiscal", type=Path, help="folder of born-digital budgets with truth/*.json")
    parser.add_argument("--lines", type=int, default=1500, help="drawn lines a group")
    given = parser.parse_args()
    engine, reader = capture.engine(), FigureReader()
    held_out, seen = find(given.fonts, held_out=True), find(given.fonts)
    groups = [
        made(held_out, given.lines, (0.0, 1.0), "drawn, fonts held out", engine),
        made(held_out, given.lines, (1.0, 1.4), "drawn, fonts and strengths held out", engine),
        made(seen, given.lines, (0.0, 1.0), "drawn, fonts trained with", engine),
    ]
    pages = list(
        capture.scans(Path("fixtures"), ("clean", "office", "seal", "turned", "fax", "poor", "photo", "pen"), 8)
    )
    if given.fiscal:
        pages += [page for dpi, harm in _DRAWN for page in capture.fiscal(given.fiscal, dpi, 11, harm)]
    named: dict[str, list[Captured]] = {}
    for group, page, truths in pages:
        named.setdefault(group, []).extend(capture.captured(group, page, truths, engine))
    print(_HEAD)
    for lines in (*groups, *(list(filter(figures_alone, own)) for own in named.values())):
        start = time.process_time()
        own = list(judged(lines, reader))
        spent = 1000 * (time.process_time() - start) / max(1, len(own))
        for least in (0.0, 0.5, 0.9):
            print(row(f"{lines[0].group}, from {least}", own, least), flush=True)
        print(f"  {spent:.2f} ms a line")


if __name__ == "__main__":
    main()

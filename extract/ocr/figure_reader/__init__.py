"""A second reader for lines of figures, trained apart from the product's networks (see training/figures).

`FigureReader().read(crops)` gives a `FigureReading` for each crop; `differences(reading, chars)` says where it
contradicts another reading of the same line.
"""

from extract.ocr.figure_reader.difference import Difference, differences
from extract.ocr.figure_reader.reader import FigureReader
from extract.ocr.figure_reader.reading import OTHER, FigureReading

__all__ = ["OTHER", "Difference", "FigureReader", "FigureReading", "differences"]

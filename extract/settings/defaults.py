"""Settings of every stage: frozen, units in the names, defaults, ranges and meaning on the field and nowhere else.

`_chars` are multiples of the height of a character, so that resolution drops out; shares, confidences and responses
of filters run from 0 to 1. docs/settings.md is written from this file by `zhibiao settings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from extract.settings.ranges import Amount, Angle, Count, Grey, Share, Slope, Threads, about, speed


@dataclass(frozen=True)
class LoadSettings:
    """Limits on what is opened, and the resolution at which PDF pages are drawn.

    A page at 300 dpi has 9 megapixels (A4) or 17 (A3); A3 at 600 dpi has 70 and passes.
    """

    max_megapixels: Annotated[Amount, about("Largest page image, in megapixels.")] = 100.0
    max_pages: Annotated[Count, about("Most pages of one file.")] = 2000
    max_file_megabytes: Annotated[Amount, about("Largest file.")] = 2000.0
    max_text_megabytes: Annotated[Amount, about("Largest text export, as a whole.")] = 50.0
    max_unpacked_megabytes: Annotated[Amount, about("Most XML inside of an office file, once unpacked.")] = 200.0
    max_cells: Annotated[Count, about("Most cells of one table of an export.")] = 500_000
    min_stated_dpi: Annotated[Amount, about("A resolution below this, stated by a picture, is not believed.")] = 100.0
    max_stated_dpi: Annotated[Amount, about("A resolution above this, stated by a picture, is not believed.")] = 2400.0
    render_dpi: Annotated[Amount, about("Resolution for PDF pages that hold no scan.")] = 200.0
    min_render_dpi: Annotated[Amount, about("Least resolution for PDF pages that hold a scan.")] = 150.0
    max_render_dpi: Annotated[Amount, about("Greatest resolution for PDF pages that hold a scan.")] = 300.0
    min_scan_share: Annotated[Share, about("A PDF page is a scan when images cover this share of it.")] = 0.2
    max_insane_share: Annotated[Share, about("A text layer with more senseless glyphs is not believed.")] = 0.02


@dataclass(frozen=True)
class CleanSettings:
    """Orientation, straightening and light."""

    working_px: Annotated[Count, about("Longest side of the copy on which geometry is estimated.")] = 1600
    max_skew_deg: Annotated[Angle, about("Greatest skew that is looked for.")] = 15.0
    min_skew_deg: Annotated[Angle, about("A smaller skew is left as it is.")] = 0.05
    min_bend_chars: Annotated[Amount, about("A page whose lines bend less than this is left as it is.")] = 0.12
    upright_confidence: Annotated[Share, about("A way round that reads this well is the right one.")] = 0.85
    turn_gain: Annotated[Amount, about("How much more must read well for a page to be turned.")] = 1.3
    min_char_px: Annotated[Amount, about("Characters smaller than this are enlarged before they are read.")] = 18.0
    max_char_px: Annotated[Amount, about("Characters larger than this are shrunk before they are read.")] = 38.0


@dataclass(frozen=True)
class OcrSettings:
    """Detection and recognition."""

    engine: Annotated[str, about("`direct` (PP-OCR on ONNX Runtime) or `paddle` (PaddleOCR).")] = "direct"
    size: Annotated[str, about("Network for what the first one doubts: `tiny` or `small`.")] = "small"
    first_size: Annotated[str, about("The network that reads first; empty for none.")] = "tiny"
    first_sure: Annotated[Share, about("What the first network reads this surely is not read again.")] = 0.98
    figures_first_sure: Annotated[Share, about("The same for lines with figures.")] = 0.998
    threads: Annotated[Threads, speed("Threads of one worker's networks.")] = 2
    min_input_px: Annotated[Count, about("Least width of a line's picture as the network gets it.")] = 64
    batch_px: Annotated[Count, about("Most width of the lines of one batch, together.")] = 1280
    detect_char_px: Annotated[Amount, about("Height of characters on the copy on which lines are detected.")] = 12.0
    max_detect_px: Annotated[Count, about("Longest side of that copy.")] = 2400
    second_look_below: Annotated[Share, about("A line read less surely is read a second time, cut differently.")] = 0.9

    @property
    def sizes(self) -> tuple[str, ...]:
        """Of the networks in use, the first to read in front."""
        return (self.first_size, self.size) if self.first_size and self.engine == "direct" else (self.size,)


@dataclass(frozen=True)
class GridSettings:
    """Ruled lines and cells."""

    working_char_px: Annotated[Amount, about("Height of characters on the copy on which rules are found.")] = 18.0
    max_upscale: Annotated[Amount, about("Most that a page is enlarged for it.")] = 2.0
    ink_gain: Annotated[Amount, about("Factor on the darkness of ink, so that thin rules count in full.")] = 1.6
    faint_grey: Annotated[Grey, about("Grey at which the faintest rule begins.")] = 250.0
    plain_grey: Annotated[Grey, about("Grey at which a plain rule is ink in full.")] = 150.0
    window_chars: Annotated[Amount, about("Length over which darkness is averaged along a rule.")] = 1.2
    near_window_chars: Annotated[Amount, about("The same for short walls between two rules.")] = 0.4
    max_thickness_chars: Annotated[Amount, about("Thickest rule.")] = 0.4
    frame_window_chars: Annotated[Amount, about("Length over which darkness is averaged along a thick frame.")] = 6.0
    max_frame_chars: Annotated[Amount, about("Thickest frame.")] = 0.8
    min_frame_response: Annotated[Share, about("Response from which a thick frame is one.")] = 0.8
    min_response: Annotated[Share, about("Response of a plain rule.")] = 0.45
    min_faint_rule: Annotated[Share, about("Response from which a faint rule is looked at.")] = 0.22
    min_near_response: Annotated[Share, about("Response of a short wall, by the near window.")] = 0.35
    min_faint_response: Annotated[Share, about("Response of a short wall on a faint page.")] = 0.12
    min_faint_share: Annotated[Share, about("Share of a faint wall that must be there.")] = 0.95
    max_plain_share: Annotated[Share, about("A wall with a larger plain share is not judged as faint.")] = 0.3
    min_segment_chars: Annotated[Amount, about("Shortest segment of a rule.")] = 1.2
    min_faint_chars: Annotated[Amount, about("Shortest segment of a faint rule.")] = 2.5
    long_segment_chars: Annotated[Amount, about("Segments of this length tell the slope of all.")] = 6.0
    max_slope: Annotated[Slope, about("Greatest slope of a rule on a straightened page.")] = 0.02
    link_chars: Annotated[Amount, about("Most that two segments of one rule may stand beside each other.")] = 0.25
    link_gap_chars: Annotated[Amount, about("Widest gap between two segments of one rule.")] = 3.0
    link_drift: Annotated[Slope, about("What is added to that for each unit of the gap.")] = 0.015
    joint_chars: Annotated[Amount, about("How far two rules may end from each other and still meet.")] = 0.7
    overhang_chars: Annotated[Amount, about("How far rules reach past the last wall of an open side.")] = 0.8
    alike_chars: Annotated[Amount, about("How far the ends of such rules may differ.")] = 0.7
    same_line_chars: Annotated[Amount, about("Rules closer than this are one line of the table.")] = 0.65
    same_wall_chars: Annotated[Amount, about("Walls closer than this are one wall.")] = 0.45
    slack_chars: Annotated[Amount, about("How far a wall may stray from its line.")] = 0.12
    corner_chars: Annotated[Amount, about("What is left out of a wall at its corners.")] = 0.15
    stroke_chars: Annotated[Amount, about("A shorter piece with two open ends is a stroke.")] = 1.2
    stroke_gap_chars: Annotated[Amount, about("Clear space at the end of a piece that makes it open.")] = 0.15
    open_end_factor: Annotated[Share, about("Factor on a wall's share for each open end.")] = 0.75
    min_wall_share: Annotated[Share, about("Share of a wall that must be drawn.")] = 0.4
    wall_strictness: Annotated[Amount, about("How much more is asked where the table's other walls are whole.")] = 1.5
    min_worn_share: Annotated[Share, about("Share of a worn wall between two drawn ones.")] = 0.1
    worn_factor: Annotated[Share, about("Factor on the share asked of a wall beside a drawn one.")] = 0.6
    overrun_chars: Annotated[Amount, about("A piece that runs on past its corner by this is no wall.")] = 0.4
    min_table_width_chars: Annotated[Amount, about("Narrowest table.")] = 6.0
    min_table_height_chars: Annotated[Amount, about("Lowest table.")] = 1.2
    min_frame_share: Annotated[Share, about("A region with less of a frame than this is no cell.")] = 0.3
    camelot: Annotated[bool, about("Give born-digital pages to camelot first.")] = True
    camelot_line_scale: Annotated[Count, about("A rule is at least the page's width over this.")] = 40
    same_cell_chars: Annotated[Amount, about("How far camelot's cells may be from the rules that are drawn.")] = 0.5


@dataclass(frozen=True)
class StitchSettings:
    """Joining pages to forms."""

    snap_chars: Annotated[Amount, about("Column borders of two pages closer than this are one border.")] = 0.9


@dataclass(frozen=True)
class AlignSettings:
    """Rows to columns."""


@dataclass(frozen=True)
class CheckSettings:
    """Doubt and repair."""

    sure_confidence: Annotated[Share, about("Below it a reading is in doubt, and may be repaired.")] = 0.97
    min_confidence: Annotated[Share, about("Below it a value needs a person, whatever the checks say.")] = 0.85


@dataclass(frozen=True)
class BatchSettings:
    """Workers and their limits."""

    max_seconds: Annotated[Amount, speed("Most time for one file.")] = 600.0
    max_page_seconds: Annotated[Amount, speed("Most time for one page of it, but on a Ray cluster.")] = 60.0
    max_worker_megabytes: Annotated[Count, speed("Most memory that a worker may allocate.")] = 1000
    max_worker_files: Annotated[Count, speed("A worker is replaced after this many files.")] = 500
    max_table_rows: Annotated[Count, speed("Most rows of the table at the end of a run.")] = 500


@dataclass(frozen=True)
class Settings:
    """All stages' settings."""

    load: LoadSettings = LoadSettings()
    clean: CleanSettings = CleanSettings()
    ocr: OcrSettings = OcrSettings()
    grid: GridSettings = GridSettings()
    stitch: StitchSettings = StitchSettings()
    align: AlignSettings = AlignSettings()
    check: CheckSettings = CheckSettings()
    batch: BatchSettings = BatchSettings()

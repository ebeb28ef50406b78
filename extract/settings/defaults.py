"""Settings of every stage: frozen, units in the names, defaults here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LoadSettings:
    """Limits on what is opened, and the resolution at which PDF pages are rendered.

    A page at 300 dpi has 9 megapixels (A4) or 17 (A3); A3 at 600 dpi has 70 and passes.
    `max_unpacked_megabytes` bounds the XML inside office files, `max_text_megabytes` text exports as a whole.
    A PDF page is taken for a scan when images cover `min_scan_share` of it; `render_dpi` is for pages without one.
    """

    max_megapixels: float = 100.0
    max_pages: int = 2000
    max_file_megabytes: float = 2000.0
    max_text_megabytes: float = 50.0
    max_unpacked_megabytes: float = 200.0
    max_cells: int = 500_000
    min_stated_dpi: float = 100.0
    max_stated_dpi: float = 2400.0
    render_dpi: float = 200.0
    min_render_dpi: float = 150.0
    max_render_dpi: float = 300.0
    min_scan_share: float = 0.2
    max_insane_share: float = 0.02


@dataclass(frozen=True)
class CleanSettings:
    """Orientation, straightening and light; `_chars` are multiples of the character height.

    `working_px` is the longest side of the copies on which geometry is estimated. A page is turned only when
    `turn_gain` times as much of it reads well the other way; a way read with `upright_confidence` ends the search.
    """

    working_px: int = 1600
    max_skew_deg: float = 15.0
    min_skew_deg: float = 0.05
    min_bend_chars: float = 0.12
    upright_confidence: float = 0.85
    turn_gain: float = 1.3
    min_char_px: float = 18.0
    max_char_px: float = 38.0


@dataclass(frozen=True)
class OcrSettings:
    """Detection and recognition.

    The direct engine reads with the network of `first_size` first (none where it is empty) and reads again with that
    of `size` what the first one read with less confidence than `first_sure`, or `figures_first_sure` for figures.
    """

    engine: str = "direct"
    size: str = "small"
    first_size: str = "tiny"
    first_sure: float = 0.98
    figures_first_sure: float = 0.998
    threads: int = 2
    min_input_px: int = 64
    batch_px: int = 1280
    detect_char_px: float = 12.0
    max_detect_px: int = 2400
    second_look_below: float = 0.9
    below_pen_confidence: float = 0.84
    below_seal_confidence: float = 0.96

    @property
    def sizes(self) -> tuple[str, ...]:
        """Of the networks in use, the first to read in front."""
        return (self.first_size, self.size) if self.first_size and self.engine == "direct" else (self.size,)


@dataclass(frozen=True)
class GridSettings:
    """Ruled lines and cells. `_chars` are multiples of the character height, shares and responses run from 0 to 1."""

    working_char_px: float = 18.0
    max_upscale: float = 2.0
    ink_gain: float = 1.6
    faint_grey: float = 250.0
    plain_grey: float = 150.0
    window_chars: float = 1.2
    near_window_chars: float = 0.4
    max_thickness_chars: float = 0.4
    frame_window_chars: float = 6.0
    max_frame_chars: float = 0.8
    min_frame_response: float = 0.8
    min_response: float = 0.45
    min_faint_rule: float = 0.22
    min_near_response: float = 0.35
    min_faint_response: float = 0.12
    min_faint_share: float = 0.95
    max_plain_share: float = 0.3
    min_segment_chars: float = 1.2
    min_faint_chars: float = 2.5
    long_segment_chars: float = 6.0
    max_slope: float = 0.02
    link_chars: float = 0.25
    link_gap_chars: float = 3.0
    link_drift: float = 0.015
    joint_chars: float = 0.7
    overhang_chars: float = 0.8
    alike_chars: float = 0.7
    same_line_chars: float = 0.65
    same_wall_chars: float = 0.45
    slack_chars: float = 0.12
    corner_chars: float = 0.15
    stroke_chars: float = 1.2
    stroke_gap_chars: float = 0.15
    open_end_factor: float = 0.75
    min_wall_share: float = 0.4
    wall_strictness: float = 1.5
    min_worn_share: float = 0.1
    worn_factor: float = 0.6
    overrun_chars: float = 0.4
    min_table_width_chars: float = 6.0
    min_table_height_chars: float = 1.2
    min_frame_share: float = 0.3
    camelot: bool = True
    camelot_line_scale: int = 40
    same_cell_chars: float = 0.5


@dataclass(frozen=True)
class StitchSettings:
    """Joining pages to forms."""


@dataclass(frozen=True)
class AlignSettings:
    """Rows to columns."""


@dataclass(frozen=True)
class CheckSettings:
    """Doubt and repair: below `sure_confidence` a reading is in doubt, below `min_confidence` it needs a person."""

    sure_confidence: float = 0.97
    min_confidence: float = 0.85


@dataclass(frozen=True)
class BatchSettings:
    """Workers and their limits.

    `max_seconds` is for one file; `max_worker_megabytes` bounds what a worker may allocate; a worker is replaced
    after `max_worker_files` files, because decoders and networks leak; `max_table_rows` bounds the closing table.
    """

    max_seconds: float = 600.0
    max_worker_megabytes: int = 4000
    max_worker_files: int = 500
    max_table_rows: int = 500


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

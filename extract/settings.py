"""Settings of every stage: frozen, units in the names, defaults here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LoadSettings:
    """Limits on what is opened."""


@dataclass(frozen=True)
class CleanSettings:
    """Orientation, straightening and light."""


@dataclass(frozen=True)
class OcrSettings:
    """Detection and recognition."""


@dataclass(frozen=True)
class GridSettings:
    """Ruled lines and cells."""


@dataclass(frozen=True)
class StitchSettings:
    """Joining pages to forms."""


@dataclass(frozen=True)
class AlignSettings:
    """Rows to columns."""


@dataclass(frozen=True)
class CheckSettings:
    """Doubt and repair."""


@dataclass(frozen=True)
class BatchSettings:
    """Workers and their limits."""


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

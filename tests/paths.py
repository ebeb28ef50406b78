"""Where things lie that tests read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The checkout."""

FIXTURES = ROOT / "fixtures"

SHARED = ROOT.parent / "shared"
"""Material that is not the project's own; tests that read it skip where it is absent."""

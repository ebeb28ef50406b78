"""What tells a rule from strokes of characters, as measured.

Measured in November 2026 on 102 pages of public budgets drawn at 200 dpi, undamaged, and on 26 of them each as office
scan, fax and folded sheet (`python -m bench --section fiscal` draws them): 4,097 rules whose place the PDF states and
2,021 chains of strokes that the line filter takes for rules. Lengths are in heights of a character.
"""

from __future__ import annotations

INK = 100
"""Darkness from which a working pixel is ink: half of what a stroke of a single pixel leaves after scaling."""

FAINT_INK = 0.6
"""The same as a share of a rule's own median darkness, for rules fainter than that."""

NO_INK = 20
"""Darkness that may be left of the paper's grain."""

BLANK = 0.4
"""Share of the level of ink below which a gap that is too wide to be bridged is bare paper."""

BRIDGE = 0.3
"""Gaps up to this in a rule's ink are passed over: dots and dashes; strokes of two rows stand 0.4 apart and more."""

BESIDE = 0.35
"""How far from a rule ink is looked for that a character would have there."""

UNIFORM = 0.9
"""From this share on, what stands beside a rule is another rule or a shaded cell, no text."""

CROSSING = 0.12
"""Half of what a rule that crosses covers of another: its ink would join strokes above it to those below."""

WHOLE = 0.97
"""Share of ink of a wall that is drawn without a break."""

SURE_RUN = 5.0
"""Unbroken ink of this length is a rule if little stands beside it; 99 % of the rules of whole tables are longer."""

SURE_BESIDE = 0.2
"""Share with ink beside it that such a rule may have; of strokes longer than `SURE_RUN` 96 % have more."""

LONG_RUN = 12.0
"""Unbroken ink of this length is a rule whatever stands beside it; the longest run of strokes was 8.3."""

NEAR_END = 0.15
"""How close a short rule with ink beside it must come to the rules it ends at: strokes keep the row's padding."""

CLEAR_BESIDE = 0.12
"""A short rule with less ink beside it than this may miss the rules it ends at by `joint_chars`, as worn ones do."""

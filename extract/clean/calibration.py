"""Numbers of the clean stage, by step.

They were set in 2026 by looking at the simulated scans of fixtures/ and at public pages with a known turn, each at the
step that it belongs to. How far a page changes when one of them is moved has not been measured.
"""

from __future__ import annotations

# binarise
BINARISE_WINDOW_CHARS = 2.5
"""Side of the window of the local threshold, in character heights: wider than a character, so that paper is in it."""

SAUVOLA_K = 0.22
"""Sauvola & Pietikäinen 2000: threshold = mean * (1 + k * (deviation / 128 - 1)), k between 0.2 and 0.5."""

LIGHTEST_INK = 205
"""Grey. Nothing lighter is ink on a page whose light is even."""

ROUGH_THRESHOLD = 150
"""Grey. The one threshold of estimates, on a page whose light is even."""

DEFAULT_CHAR_SHARE = 1 / 96
"""Height of a character as a share of the page's longest side where nothing can be measured (24 px of 2300)."""

LEAST_GLYPHS = 8
"""Components of character shape. Fewer do not tell the height of a character."""

BOX_COST_PX = 3000
"""Painting one component takes as long, beside its own pixels, as looking up so many of a page."""


# deskew
SKEW_MIN_LENGTH = 1.2
"""Segments speak for a page when together they are this many times its longest side."""

SKEW_PROFILE_PX = 800
"""Longest side of the copy whose projection profiles are compared."""


# page_outline
OUTLINE_PX = 700
"""Longest side of the copy on which the sheet is looked for."""

MIN_SHEET_SHARE = 0.25
"""Least share of the picture that a sheet covers."""

MAX_SHEET_SHARE = 0.985
"""A sheet that covers more is the picture itself: a flat scan."""

MIN_SIDES_ALIKE = 0.8
"""Opposite sides of a sheet seen at an angle differ by no more than this ratio."""

MAX_CORNER_COSINE = 0.2
"""Corners of a sheet are within 11.5 degrees of square."""

MIN_EDGE_STEP = 18
"""Grey values by which paper is brighter than the ground beside it."""


# warp
WARP_LATTICE_PX = 32
"""Distance of the nodes between which a transform is interpolated."""

WARP_STRIP_PX = 512
"""Rows mapped at a time, a multiple of WARP_LATTICE_PX: maps of a whole photograph would need 200 MB."""


# border
BORDER_MARGIN = 0.05
"""Share of the page on each side in which borders lie."""

HOLE_MARGIN = (0.1, 0.07)
"""Shares of width and height in which the centre of a punch hole lies."""

MIN_HOLE_CHARS = 1.3
"""Least diameter of a punch hole in character heights (6 mm against 4 mm print)."""

MIN_DISC_IOU = 0.86
"""A punched hole covers its disc but for a ragged edge; the boldest glyphs stay below 0.75."""


# colour_ink
CHANNEL_STRIP_PX = 64
"""Rows that are split into channels at a time: so many stay in a processor's cache."""

PAGE_CHARS = 120
"""The longest side of a page is about so many characters: the unit before the true height is known."""

MIN_CHROMA = 28
"""How much a stain's weak channel outshines the strong one: more than a colour cast after white balance."""

PALE_CHROMA = 7
"""The same for pale pixels beside plain ones: thin strokes and edges."""

MIN_SEAL_SHARE = 0.0004
"""The least part of a page that a seal's ink covers."""

MIN_MARK_SHARE = 0.00002
"""The least part of a page that the ink of a pen covers (a tick at 150 dpi has 60 px)."""

MAX_SEAL_BOX_SHARE = 0.2
"""A seal of 4 cm covers 3 % of a page; a red table top far more."""

STAIN_REACH_PX = 3
"""How far beyond the coloured pixels a stain's edge is looked for."""

STAIN_SCATTER = 1.2
"""Standard deviations of a stain's scatter that count as none."""

LEAST_STAIN_SCATTER = 0.08
"""Optical density that counts as none on the most even stain: JPEG's own noise."""

FEW_STAIN_PX = 20
"""Fewer plain pixels of a stain do not tell its ratio of absorption."""

MAX_STAIN_RATIO = 0.65
"""A stain that absorbs nearly alike in both channels cannot be told from black."""

MIN_COLOURED_SHARE = 0.35
"""A stroke of which this share is coloured is a pen's as a whole, or touches print."""

MAX_REST_CHARS = 0.8
"""The rest of a lifted stroke is smaller than this; what is larger is print."""

FEW_STROKES = 4
"""A mark has fewer strokes than this; more are handwriting, which may be the only ink of a cell and stays."""


# dewarp
BEND_ORDER = 3
"""Order of the polynomial of the bend: a sheet that curls at both edges has its turning point within."""

BEND_MESH_PX = 24.0
"""Distance of the nodes of the mesh that straightens."""

BEND_ROUNDS = 6
"""Rounds of reweighting (IRLS); the fit moves by less than a tenth of a pixel after four."""

BEND_MIN_SEGMENTS = 6
"""Fewer segments in one direction say nothing of a bend."""

BEND_MIN_LENGTH = 1.5
"""Segments in one direction speak for the page when together they are this many times its size."""

BEND_MAX_REST = 0.6
"""The slope left on segments after the fit must be below this share of the slope before it."""

BEND_MAX_MOVE = 0.12
"""A fit that moves anything by more than this share of the page is none."""


# illumination
BACKGROUND_PX = 360
"""Longest side of the copy on which the background is estimated: far coarser than text."""

LIGHT_SAMPLE_PX = 1200
"""Longest side of the sample on which the depth of ink is measured."""

LIGHT_BLOCKS = 72
"""Blocks along the longest side in which the depth of ink is measured: about one and a half characters each."""

LIGHT_PRIOR_SHARE = 0.01
"""The page's usual ink weighs as much in a block as if it covered this share: specks alone say little."""

LEAST_INK_DEPTH = 0.4
"""Ink fainter than this share of the page's usual ink is not raised any further: it may be the other side's."""

FAINTEST_INK = 36.0
"""Grey values. Ink less dark than this against its paper is not raised any further."""

LIGHT_LATTICE_PX = 8
"""Distance of the nodes between which the light is interpolated."""

LIGHT_STRIP_PX = 64
"""Rows that are lit at a time, a multiple of LIGHT_LATTICE_PX: so many stay in a processor's cache."""

NOISE_DEPTH = 8.0
"""Grey values that the paper's own noise reaches on the cleanest scan."""


# despeckle
MAX_SPECK_CHARS = 0.34
"""A speck is no larger than this; what is larger may be a character."""

SPECK_REACH_CHARS = 0.5
"""A dot stands no further from its row of dots, a piece from its rule, one above the other."""

SPECK_BESIDE_CHARS = 2.1
"""A full stop behind a closing quote stands no further from the last character as high as itself."""

DASH_ASPECT = 2.2
"""A mark so much wider than high may be the dash of an empty cell."""

DUST_PX = 2
"""So few pixels are not even a point."""


# orientation
TURN_MIN_LINES = 3
"""Fewer lines of text than this are no evidence for turning a page."""

TURN_MIN_CONFIDENCE = 0.6
"""A page is turned only where its lines then read at least so well."""

TURN_CROP_ASPECT = 8
"""Of a longer line no more is read than this many times its height."""

SIDEWAYS_GAIN = 1.3
"""Lines down this many times as long as lines across are tried first."""

TURN_WEIGHED_LINES = 40
"""The longest lines, which weigh in the vote."""

TURN_MIN_RULE_PX = 12
"""A shorter straight run is no rule."""

STACK_SHARE = 0.2
"""Less text than this beside stacks is no page of its own: a page number, a side label of a page full of text."""

TURN_FEW_LINES = 5
"""Lines read at first."""

TURN_MANY_LINES = 10
"""Lines read where those leave a doubt."""


# segments
SEGMENT_MIN_SHARE = 0.03
"""Shortest segment used, as a share of the page's longest side."""

SEGMENT_PX = 960
"""The copy on which segments are looked for is not halved below this longest side."""

SEGMENT_PAPER = 240
"""Grey. What is lighter is too faint for the detector."""

SEGMENT_EDGE_PX = 8
"""Paper kept around the ink."""

SEGMENT_PHASE_PX = 5
"""The detector shrinks by 4/5 (Grompone von Gioi et al. 2010): cut so, a part is sampled as the whole would be."""

SEGMENT_MAX_SLOPE = 0.36
"""Twenty degrees: what runs more aslant is neither across nor down."""


# clean_page
LEAST_PAGE_PX = 8
"""No character is read from fewer pixels; operators on images want more than one row and column."""

FINE_CHAR_PX = 30.0
"""Characters of this height lose nothing that the recogniser would see to the quicker interpolation."""

HALVE_CHAR_PX = 12.0
"""Lines of characters of this height are still told apart on a copy of half the size."""

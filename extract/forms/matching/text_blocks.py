"""Texts below headings: the rows of a block added to the heading that they stand under."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.forms.matching.match import Found, field_match, lines_of, pointer_of, text_of
from extract.forms.matching.sections import Region, Section
from extract.forms.sheets.label_similarity import is_label, is_piece
from extract.forms.sheets.sheet import Sheet, Slot
from extract.forms.spec import FormSpec
from extract.geometry import overlap_1d
from extract.model import Cell, Issue, Severity


def match_text_block(found: Found, sheet: Sheet, section: Section, form: FormSpec) -> None:
    """Text below headings: every row of the section adds to the region it stands in."""
    parts: dict[str, list[Cell]] = {region.field.key: [] for region in section.regions}
    sides: list[Slot] = []
    for r in section.rows:
        for slot in sheet.rows[r]:
            if not slot.text or not slot.starts:
                continue
            region = _nearest(slot, section.regions)
            short = len(slot.text) <= 12 and _is_side_piece(slot.text, form.side_labels)
            if region is None or (short and slot.x0 < section.regions[0].x0 + 1e-6):
                sides.append(slot)
            else:
                parts[region.field.key].append(slot.cell)
    pieces = _lost_pieces(sides, form.side_labels) if not sheet.boxed else ()
    for region in section.regions:
        found.label(pointer_of(region.field.key), region.heading)
        cells = tuple(parts[region.field.key])
        text, dropped = _without_piece(text_of(cells), pieces)
        match = field_match(region.field, text, lines_of(cells), cells[0] if cells else None)
        found.add(match)
        if dropped:
            message = f"a piece of the label at the left stood in the text and was taken out: {dropped}"
            found.issues.append(Issue("restored-label", Severity.WARNING, match.pointer, message, None, dropped))
    found.unplaced([s for s in sides if not _is_side_piece(s.text, form.side_labels)], "")


def _nearest(slot: Slot, regions: Sequence[Region]) -> Region | None:
    """The region that most of a slot stands in; left of all regions stands a side label."""
    shares = [overlap_1d(slot.x0, slot.x1, g.x0, g.x1) / max(slot.x1 - slot.x0, 1e-9) for g in regions]
    best = max(range(len(regions)), key=shares.__getitem__)
    return regions[best] if shares[best] > 0.3 else None


def _is_side_piece(text: str, labels: Sequence[str]) -> bool:
    return is_label(text, labels) or is_piece(text, labels)


def _lost_pieces(sides: Sequence[Slot], labels: Sequence[str]) -> tuple[str, ...]:
    """What an export dropped out of a side label: the inside of a declared label whose ends are what stands there."""
    pieces = []
    for slot in sides:
        key = slot.text.replace(" ", "")
        for label in labels:
            for cut in range(1, len(key)):
                head, tail = key[:cut], key[cut:]
                if len(label) > len(key) and label.startswith(head) and label.endswith(tail):
                    pieces.append(label[cut : len(label) - len(tail)])
    return tuple(dict.fromkeys(pieces))


def _without_piece(text: str, pieces: Sequence[str]) -> tuple[str, str]:
    """A text without the one piece that stands in it before a mark, where no sentence would have it."""
    for piece in sorted(pieces, key=len, reverse=True):
        spots = [m.start() for m in re.finditer(re.escape(piece) + r"(?=[，,。；;、]|$)", text)]
        if len(spots) == 1 and len(piece) >= 2:
            at = spots[0]
            return text[:at] + text[at + len(piece) :], piece
    return text, ""

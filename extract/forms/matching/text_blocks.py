"""Texts below headings: the rows of a block added to the heading that they stand under."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.forms.matching.match import Found, Match, field_match, lines_of, pointer_of, text_of
from extract.forms.matching.sections import Region, Section
from extract.forms.sheets.label_similarity import is_label, is_piece, key_of
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
    pieces = () if sheet.boxed else _lost_pieces(sides, form.side_labels)
    for region in section.regions:
        found.label(pointer_of(region.field.key), region.heading)
        cells = tuple(parts[region.field.key])
        match = field_match(region.field, text_of(cells), lines_of(cells), cells[0] if cells else None)
        found.add(_without_strays(found, match, pieces, sheet.siblings))
    found.unplaced([s for s in sides if not _is_side_piece(s.text, form.side_labels)], "")


def _nearest(slot: Slot, regions: Sequence[Region]) -> Region | None:
    """The region that most of a slot stands in; left of all regions stands a side label."""
    shares = [overlap_1d(slot.x0, slot.x1, g.x0, g.x1) / max(slot.x1 - slot.x0, 1e-9) for g in regions]
    best = max(range(len(regions)), key=shares.__getitem__)
    return regions[best] if shares[best] > 0.3 else None


def _is_side_piece(text: str, labels: Sequence[str]) -> bool:
    return is_label(text, labels) or is_piece(text, labels)


def _lost_pieces(sides: Sequence[Slot], labels: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What an export may have dropped out of a side label: a declared label, and its inside where its ends stand."""
    pieces = []
    for slot in sides:
        key = slot.text.replace(" ", "")
        for label in labels:
            for cut in range(1, len(key)):
                head, tail = key[:cut], key[cut:]
                if len(label) > len(key) and label.startswith(head) and label.endswith(tail):
                    pieces.append((label, label[cut : len(label) - len(tail)]))
    return tuple(dict.fromkeys(pieces))


def _without_strays(found: Found, match: Match, pieces: Sequence[tuple[str, str]], siblings: frozenset[str]) -> Match:
    """A text without the piece of the side label that stands in it at one place, before a mark; and always a doubt.

    It is taken out only where other forms of the file print the whole label: the paper's own witness. Else it stays.
    """
    for label, piece in sorted(pieces, key=lambda p: -len(p[1])):
        spots = [m.start() for m in re.finditer(re.escape(piece) + r"(?=[，,。；;、]|$)", match.text)]
        if len(piece) < 2 or len(spots) != 1:
            continue
        if key_of(label) not in siblings:
            message = f"a piece of the label at the left may stand in the text: {piece}"
            found.issues.append(Issue("label-in-value", Severity.ERROR, match.pointer, message, None, match.text))
            continue
        message = f"a piece of the label at the left stood in the text and was taken out: {piece}"
        found.issues.append(Issue("label-in-value", Severity.ERROR, match.pointer, message, None, match.text))
        return replace(match, text=match.text[: spots[0]] + match.text[spots[0] + len(piece) :])
    return match

"""Upper labels of table rows: read, joined where split, put back where displaced, inherited where merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extract.forms.matching.headers import LABEL
from extract.forms.sheets.label_similarity import is_exact, key_of, printed, similarity
from extract.forms.sheets.sheet import Slot
from extract.forms.spec import GroupSpec
from extract.model import Cell, Origin


@dataclass(frozen=True)
class Hierarchy:
    """Two levels of declared words: groups and their children, each with its spellings."""

    groups: tuple[GroupSpec, ...]

    def words(self, level: int) -> tuple[str, ...]:
        """All spellings of a level."""
        if level == 1:
            return tuple(w for g in self.groups for w in g.labels)
        return tuple(dict.fromkeys(w for g in self.groups for c in g.children for w in c)) if level == 2 else ()

    def parents(self, child: str) -> tuple[GroupSpec, ...]:
        """The groups that a second-level word belongs under."""
        return tuple(g for g in self.groups if any(is_exact(child, c) for c in g.children))

    def group(self, label: str) -> GroupSpec | None:
        """The group of a first-level word."""
        return next((g for g in self.groups if is_exact(label, g.labels)), None)


@dataclass(frozen=True)
class Label:
    """The label of one row at one level; origin None means that it stands in the row itself.

    `issue` is the code of the doubt it leaves, if any; `cells` is the ink behind it.
    """

    text: str | None
    cells: tuple[Cell, ...] = ()
    origin: Origin | None = None
    issue: str | None = None


BLANK = Label(None)


def resolve(
    rows: Sequence[Mapping[int, Slot]], breaks: Sequence[int], hierarchy: Hierarchy, boxed: bool
) -> tuple[dict[int, Label], ...]:
    """The labels of every row by level.

    `rows` gives the slot of each level that has one; `breaks` are the positions in `rows` at which a new page begins.
    """
    levels = sorted({level for row in rows for level in row} | ({1, 2} if hierarchy.groups else set()))
    read = {level: _read(rows, level, hierarchy.words(level)) for level in levels}
    if not boxed and 1 in read and 2 in read:
        _shift_children(read, hierarchy)
    for level in levels:
        if boxed:
            _take_from_below(rows, level, read[level], breaks)
        _inherit_spans(rows, level, read[level])
    if 1 in read and 2 in read and hierarchy.groups:
        found = _reconcile(read, hierarchy)
    else:
        for level in levels:
            _fill_down(read[level])
        found = tuple({level: read[level][i] for level in levels} for i in range(len(rows)))
    return _doubted(found, rows, breaks) if boxed else found


def _doubted(
    found: Sequence[dict[int, Label]], rows: Sequence[Mapping[int, Slot]], breaks: Sequence[int]
) -> tuple[dict[int, Label], ...]:
    """Where a row has a blank label cell of its own, and no page end is above it, the label from above is a guess."""
    result = []
    for i, (labels, slots) in enumerate(zip(found, rows, strict=True)):
        doubted = dict(labels)
        for level, label in labels.items():
            slot = slots.get(level)
            new = i == 0 or slot is None or rows[i - 1].get(level) is None or rows[i - 1][level].cell is not slot.cell
            own_blank = slot is not None and not slot.text and new and i not in breaks
            if (
                label.origin is Origin.INHERITED
                and own_blank
                and label.issue is None
                and i
                and _from_above(found, i, level)
            ):
                doubted[level] = replace(label, issue="doubtful-label")
        result.append(doubted)
    return tuple(result)


def _from_above(found: Sequence[dict[int, Label]], i: int, level: int) -> bool:
    above = found[i - 1].get(level)
    return above is not None and above.text == found[i][level].text and above.cells == found[i][level].cells


def _read(rows: Sequence[Mapping[int, Slot]], level: int, words: Sequence[str]) -> list[Label]:
    """What stands in each row's own cell, fragments of one word joined; blank where nothing does."""
    slots = [row.get(level) for row in rows]
    labels = [BLANK] * len(rows)
    i = 0
    order = [k for k, s in enumerate(slots) if s is not None and s.text and (k == 0 or not _same(slots, k))]
    while i < len(order):
        size, text = _longest_join(slots, order[i:], words)
        members = order[i : i + size]
        cells = tuple(s.cell for k in members if (s := slots[k]) is not None)
        for k in members:
            labels[k] = _known(text, cells, words, joined=size > 1)
        i += size
    return labels


def _same(slots: Sequence[Slot | None], k: int) -> bool:
    before, here = slots[k - 1], slots[k]
    return before is not None and here is not None and before.cell is here.cell


def _longest_join(slots: Sequence[Slot | None], order: Sequence[int], words: Sequence[str]) -> tuple[int, str]:
    """How many of the next cells make one known word together (1: none join), and the text they make."""
    texts = [s.text if (s := slots[k]) is not None else "" for k in order[:4]]
    for size in range(len(texts), 1, -1):
        whole = "".join(texts[:size])
        pieces = texts[1:size]
        if is_exact(whole, words) and not any(is_exact(p, words) for p in pieces):
            return size, whole
    return 1, texts[0]


def _known(text: str, cells: tuple[Cell, ...], words: Sequence[str], joined: bool) -> Label:
    if not words:
        return Label(text, cells)
    if is_exact(text, words):
        word = next(w for w in words if key_of(w) == key_of(text))
        return Label(word, cells, Origin.REPAIRED if joined else None, "restored-label" if joined else None)
    like = sorted(((similarity(text, w), w) for w in words), reverse=True)
    rival = next((v for v, w in like if key_of(w) != key_of(like[0][1])), 0.0)
    if like[0][0] >= LABEL and like[0][0] > rival:
        return Label(like[0][1], cells, Origin.REPAIRED, "restored-label")
    return Label(printed(text), cells, None, "unknown-label")


def _shift_children(read: Mapping[int, list[Label]], hierarchy: Hierarchy) -> None:
    """A second-level word that an export moved one column to the left goes back under the group above it."""
    current: GroupSpec | None = None
    for i, (upper, lower) in enumerate(zip(read[1], read[2], strict=True)):
        if upper.text is None:
            continue
        child = current and any(is_exact(upper.text, c) for c in current.children)
        alone = lower.text is None and not (i + 1 < len(read[1]) and _child_of(read[2][i + 1], upper, hierarchy))
        if child and alone:
            read[2][i] = replace(upper, issue="restored-label")
            read[1][i] = BLANK
        else:
            current = hierarchy.group(upper.text) or current


def _child_of(lower: Label, upper: Label, hierarchy: Hierarchy) -> bool:
    group = hierarchy.group(upper.text or "")
    return bool(group and lower.text and any(is_exact(lower.text, c) for c in group.children))


def _take_from_below(
    rows: Sequence[Mapping[int, Slot]], level: int, labels: list[Label], breaks: Sequence[int]
) -> None:
    """A merged cell that a page end cut below its empty half: the label stands on the next page."""
    for at in breaks:
        if not 0 < at < len(rows):
            continue
        slot, below = rows[at - 1].get(level), labels[at]
        if slot is None or slot.text or below.text is None:
            continue
        for k in range(at - 1, -1, -1):
            other = rows[k].get(level)
            if other is None or other.text or (other.cell is not slot.cell):
                break
            labels[k] = replace(below, origin=Origin.INHERITED)


def _inherit_spans(rows: Sequence[Mapping[int, Slot]], level: int, labels: list[Label]) -> None:
    """Further rows of a merged cell point at that cell."""
    for k in range(1, len(rows)):
        here, before = rows[k].get(level), rows[k - 1].get(level)
        if here and before and here.cell is before.cell and here.text and labels[k].text is None:
            origin = labels[k - 1].origin or Origin.INHERITED
            labels[k] = replace(labels[k - 1], origin=origin, issue=None)


def _fill_down(labels: list[Label]) -> None:
    for k in range(1, len(labels)):
        if labels[k].text is None and labels[k - 1].text is not None:
            labels[k] = replace(labels[k - 1], origin=Origin.INHERITED, issue=None)


def _reconcile(read: Mapping[int, list[Label]], hierarchy: Hierarchy) -> tuple[dict[int, Label], ...]:
    """Fill what is blank from the rows around it, so far as the hierarchy allows."""
    upper, lower = list(read[1]), list(read[2])
    for i in range(len(upper)):
        above = upper[i - 1] if i else BLANK
        if upper[i].text is None:
            upper[i] = _upper(lower[i], above, upper[i + 1 :], hierarchy)
        if lower[i].text is None:
            lower[i] = _lower(i, upper, lower, hierarchy)
    rest = {level: labels for level, labels in read.items() if level not in (1, 2)}
    for labels in rest.values():
        _fill_down(labels)
    return tuple(
        {1: upper[i], 2: lower[i], **{level: labels[i] for level, labels in rest.items()}} for i in range(len(upper))
    )


def _inherited(label: Label, issue: str | None = None) -> Label:
    return replace(label, origin=Origin.INHERITED, issue=issue)


def _upper(lower: Label, above: Label, following: Sequence[Label], hierarchy: Hierarchy) -> Label:
    """The first-level label of a row that shows none."""
    parents = hierarchy.parents(lower.text) if lower.text else ()
    if not parents:
        return _inherited(above) if above.text else BLANK
    if above.text and hierarchy.group(above.text) in parents:
        return _inherited(above)
    ahead = next((label for label in following if label.text), BLANK)
    if ahead.text and hierarchy.group(ahead.text) in parents:
        return _inherited(ahead, "restored-label")
    if len(parents) == 1:
        return Label(parents[0].label, lower.cells, Origin.INHERITED, "inherited-label")
    return Label(None, issue="unknown-label")


def _lower(i: int, upper: Sequence[Label], lower: Sequence[Label], hierarchy: Hierarchy) -> Label:
    """The second-level label of a row that shows none."""
    above = lower[i - 1] if i else BLANK
    group = hierarchy.group(upper[i].text or "")
    same = i > 0 and key_of(upper[i].text or "") == key_of(upper[i - 1].text or "")
    if above.text and same:
        return _inherited(above)
    ahead = next((label for label in lower[i + 1 :] if label.text), BLANK)
    if group and ahead.text and any(is_exact(ahead.text, c) for c in group.children):
        return _inherited(ahead, "inherited-label")
    if group and len(group.children) == 1:
        return Label(group.children[0][0], upper[i].cells, Origin.INHERITED, "inherited-label")
    return Label(None, issue="unknown-label")

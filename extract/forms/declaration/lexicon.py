"""The words and glyphs that all forms share, read from `schemas/lexicon.toml`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from extract.forms.declaration.schema_folder import schema_folder
from extract.forms.declaration.toml_reader import Node, raise_faults, read_document
from extract.forms.spec import Lexicon

COMPARATORS = frozenset({">=", "<=", ">", "<", "="})
"""Comparators as a record states them."""


@cache
def load_lexicon(path: Path | None = None) -> Lexicon:
    """The shipped lexicon, or another file's; raises DeclarationError with all of its faults."""
    file = path or schema_folder() / "lexicon.toml"
    root, _ = read_document(file)
    lexicon = _lexicon(root)
    raise_faults(file, root.faults)
    return lexicon


def _lexicon(root: Node) -> Lexicon:
    blank, stray, units = (root.texts(key, required=True) for key in ("blank_marks", "stray_marks", "units"))
    comparators = root.strings("comparators")
    for word, meaning in comparators.items():
        if meaning not in COMPARATORS:
            known = " ".join(sorted(COMPARATORS))
            root.fault("comparators", f"“{word}” means “{meaning}”; known are {known}")
    pattern = _year_pattern(root)
    confusable = _confusable(root)
    label_words = root.texts("label_words", required=True)
    instructions, asides = _patterns(root, "instructions"), _patterns(root, "asides")
    root.close()
    return Lexicon(
        frozenset(blank), frozenset(stray), units, comparators, pattern, confusable, label_words, instructions, asides
    )


def _patterns(root: Node, key: str) -> tuple[str, ...]:
    patterns = root.texts(key, required=True)
    for i, pattern in enumerate(patterns):
        if (fault := _pattern_fault(pattern)) is not None:
            root.fault(f"{key}[{i}]", fault)
    return patterns


def _pattern_fault(pattern: str) -> str | None:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"is not a regular expression: {error}"
    return None


def _year_pattern(root: Node) -> str:
    year = root.child("year", required=True)
    if year is None:
        return ""
    pattern = year.text("pattern")
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        year.fault("pattern", f"is not a regular expression: {error}")
    else:
        if groups != 1:
            year.fault("pattern", "must have exactly one group: the year")
    year.close()
    return pattern


def _confusable(root: Node) -> dict[str, tuple[str, ...]]:
    node = root.child("confusable", required=True)
    found = {}
    for glyph in node.raw if node else ():
        if node is None or len(glyph) != 1:
            root.fault("confusable", f"“{glyph}” is not one character")
            continue
        found[glyph] = node.texts(glyph, required=True)
        if glyph in found[glyph]:
            node.fault(glyph, "names itself")
    return found

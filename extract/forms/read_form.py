"""Read the forms of a file: pages to sheets, each sheet to its form and its record (align, parse, repair, check)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from extract.forms.matching.align import align
from extract.forms.matching.bracket_notes import unread_notes
from extract.forms.matching.match import Alignment, Match
from extract.forms.sheets.classify import Candidate, candidates, is_title, rival_issues
from extract.forms.sheets.label_similarity import is_label, key_of
from extract.forms.sheets.page_joining import stitch
from extract.forms.sheets.sheet import Sheet, texts
from extract.forms.spec import FormSpec, Lexicon, Place
from extract.forms.text_stream.read import read_text
from extract.forms.values.column_style import style_issues
from extract.forms.values.data import data_of, scalars
from extract.forms.values.evidence import PageProjection, evidence_of
from extract.forms.values.issues import (
    character_issues,
    check_issues,
    missing_issues,
    proven_pointers,
    run_checks,
    shape_issues,
    value_issues,
)
from extract.forms.values.parse import Value, parse
from extract.forms.values.repair import Repairer
from extract.forms.values.schema_validation import valid
from extract.model import Check, CheckStatus, Evidence, Issue, JsonValue, PageContent, Record, Severity, Source
from extract.settings.defaults import Settings
from extract.settings.layers import layered

DOUBT_COST = 3
"""Of two readings of one text, one with a doubt more must give this many values more to be taken."""


@dataclass(frozen=True)
class Scan:
    """Say where page contents come from: the file, the engine that read it, and by page how it was seen."""

    source: Source
    engine: Mapping[str, str]
    sightings: Mapping[int, PageProjection]


@dataclass(frozen=True)
class FormReading:
    """What the steps gave for one sheet read as one form: matches and labels, values, the form's checks, the record."""

    form: FormSpec
    alignment: Alignment
    values: Mapping[str, Value]
    checks: tuple[Check, ...]
    record: Record


@dataclass(frozen=True)
class SheetTrace:
    """One sheet: the forms that it may be, best first, and what it gave as the best; None where it is no form."""

    sheet: Sheet
    scores: tuple[Candidate, ...]
    reading: FormReading | None


@dataclass(frozen=True)
class FormReader:
    """Read the sheets of a file as the declared forms; settings of a form lie over `settings`."""

    forms: tuple[FormSpec, ...]
    settings: Settings
    lexicon: Lexicon

    def read(self, contents: Sequence[PageContent], scan: Scan) -> tuple[Record, ...]:
        """Return the records of a file's pages, in order; sheets that are no declared form give none."""
        return tuple(t.reading.record for t in self.trace(contents, scan) if t.reading is not None)

    def trace(self, contents: Sequence[PageContent], scan: Scan) -> tuple[SheetTrace, ...]:
        """Return every sheet of a file's pages with what each step made of it."""
        traces: list[SheetTrace] = []
        index, sheets = 0, self.sheets(contents)
        printed = [self._side_labels(sheet) for sheet in sheets]
        for i, sheet in enumerate(sheets):
            siblings = frozenset[str]().union(*printed[:i], *printed[i + 1 :])
            numbered = replace(sheet, index=index, siblings=siblings)
            scores = candidates(numbered, self.forms)
            reading = self._sheet(numbered, scores, scan) if scores else None
            index += reading is not None
            traces.append(SheetTrace(numbered, scores, reading))
        return tuple(traces)

    def read_text(self, text: str, contents: Sequence[PageContent], scan: Scan) -> tuple[Record, ...]:
        """Return the records of a text export: as the rows and columns it shows, or as one run of characters.

        The run is parsed only where rows and columns leave a doubt; then the reading that gives more with fewer doubts
        is taken.
        """
        rows = self.read(contents, scan)
        if rows and all(record.status == "accepted" for record in rows):
            return rows
        run = self._read_run(text, scan)
        return run if not rows or _worth(run) > _worth(rows) else rows

    def _read_run(self, text: str, scan: Scan) -> tuple[Record, ...]:
        records: list[Record] = []
        for found in read_text(text, self.forms, self.lexicon):
            record = self._read_as(found.alignment, found.form, scan).record
            origin: dict[str, JsonValue] = {**record.source, "pages": [1], "index": len(records)}
            records.append(valid(replace(record, source=origin), found.form))
        return tuple(records)

    def sheets(self, contents: Sequence[PageContent]) -> tuple[Sheet, ...]:
        """Join the pages that make one form."""
        fields = cache(self._field_of_label)  # most cells of a large table say the same
        return stitch(contents, lambda text: is_title(text, self.forms), fields, self.settings.stitch)

    def _side_labels(self, sheet: Sheet) -> frozenset[str]:
        """Return the keys of the side labels that a sheet prints."""
        known = {key_of(label) for form in self.forms for label in form.side_labels}
        return frozenset(known.intersection(map(key_of, texts(sheet))))

    def _field_of_label(self, text: str) -> str | None:
        """Return the key of the single required field whose label a text is."""
        for form in self.forms:
            for spec in form.fields:
                if spec.place is Place.RIGHT and spec.required and is_label(text, spec.labels):
                    return spec.key
        return None

    def _sheet(self, sheet: Sheet, scores: Sequence[Candidate], scan: Scan) -> FormReading:
        """Read one sheet as the form that fits it best."""
        form = scores[0].form
        matched = align(sheet, form, self.lexicon)
        notes = unread_notes(sheet, form, {match.pointer for match in matched.matches if match.text})
        matched = replace(matched, issues=(*matched.issues, *rival_issues(scores), *notes))
        reading = self._read_as(matched, form, scan)
        origin: dict[str, JsonValue] = {**reading.record.source, "pages": list(sheet.pages), "index": sheet.index}
        return replace(reading, record=valid(replace(reading.record, source=origin), form))

    def _read_as(self, alignment: Alignment, form: FormSpec, scan: Scan) -> FormReading:
        """Parse, repair and check what was matched; pages and index are not known here."""
        settings = layered((form.settings,), self.settings).check
        values = {m.pointer: parse(m, self.lexicon) for m in alignment.matches}
        repairer = Repairer(form, self.lexicon, alignment.lists, settings)
        values, repairs = repairer.repair(values)
        data = data_of(form, values, alignment.lists)
        checks = run_checks(form, data)
        issues = (
            *alignment.issues,
            *missing_issues(form, values, alignment.lists),
            *value_issues(values, proven_pointers(form, checks, data, {issue.pointer for issue in repairs}), settings),
            *shape_issues(values, self.lexicon),
            *character_issues(values),
            *style_issues(values),
            *repairs,
            *check_issues(form, checks, values, settings),
        )
        origin: dict[str, JsonValue] = {"path": scan.source.name, "sha256": scan.source.sha256}
        ordered = tuple(sorted(dict.fromkeys(issues), key=lambda i: (i.pointer, i.code, i.message)))
        status = status_of(checks, ordered)
        evidence = _evidence(data, values, scan.sightings)
        record = Record(form.id, form.version, status, origin, data, evidence, checks, ordered, scan.engine)
        return FormReading(form, alignment, values, checks, record)


def _worth(records: Sequence[Record]) -> int:
    """What a reading gives: its values, less what is in doubt."""
    values = sum(len(record.evidence) for record in records)
    return values - DOUBT_COST * sum(i.severity is Severity.ERROR for record in records for i in record.issues)


def status_of(checks: tuple[Check, ...], issues: tuple[Issue, ...]) -> str:
    """Accepted only when no check failed and no error stands."""
    failed = any(check.status is CheckStatus.FAILED for check in checks)
    grave = any(issue.severity is Severity.ERROR for issue in issues)
    return "review" if failed or grave else "accepted"


def _evidence(
    data: Mapping[str, JsonValue], values: Mapping[str, Value], sightings: Mapping[int, PageProjection]
) -> dict[str, Evidence]:
    """Evidence of every non-null scalar; the parts of a quantity share the evidence of its text."""
    found: dict[str, Evidence] = {}
    for pointer, _ in scalars(dict(data)):
        match = _behind(pointer, values)
        if match is not None:
            found[pointer] = evidence_of(match, sightings)
    return dict(sorted(found.items()))


def _behind(pointer: str, values: Mapping[str, Value]) -> Match | None:
    if pointer in values:
        return values[pointer].match
    whole = pointer.rsplit("/", 1)[0].removesuffix("_value")
    return values[whole].match if whole in values else None

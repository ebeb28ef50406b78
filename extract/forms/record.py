"""A sheet and its form to a record: align, parse, repair, check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extract.forms.align import align
from extract.forms.assemble import data_of, scalars
from extract.forms.doubt import check_issues, missing_issues, proven_pointers, run_checks, shape_issues, value_issues
from extract.forms.evidence import Sighting, evidence_of
from extract.forms.match import Match
from extract.forms.parse import Value, parse
from extract.forms.repair import Repairer
from extract.forms.sheet import Sheet
from extract.forms.spec import FormSpec, Lexicon
from extract.model import Check, CheckStatus, Evidence, Issue, JsonValue, Record, Severity
from extract.settings import CheckSettings


@dataclass(frozen=True)
class Source:
    """What a record says of where it comes from: the name of its file below the input folder, and its content hash."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Reader:
    """How sheets become records: words, thresholds and the engine's name."""

    lexicon: Lexicon
    settings: CheckSettings
    engine: Mapping[str, str]

    def read(self, sheet: Sheet, form: FormSpec, source: Source, sightings: Mapping[int, Sighting]) -> Record:
        """The record of one form."""
        alignment = align(sheet, form, self.lexicon)
        values = {m.pointer: parse(m, self.lexicon) for m in alignment.matches}
        repairer = Repairer(form, self.lexicon, alignment.lists, self.settings.sure_confidence)
        values, repairs = repairer.repair(values)
        data = data_of(form, values, alignment.lists)
        checks = run_checks(form, data)
        issues = (
            *alignment.issues,
            *missing_issues(form, values, alignment.lists),
            *value_issues(values, proven_pointers(form, checks, data), self.settings),
            *shape_issues(values, self.lexicon),
            *repairs,
            *check_issues(form, checks, values, self.settings),
        )
        origin: dict[str, JsonValue] = {
            "path": source.name,
            "sha256": source.sha256,
            "pages": list(sheet.pages),
            "index": sheet.index,
        }
        ordered = tuple(sorted(dict.fromkeys(issues), key=lambda i: (i.pointer, i.code, i.message)))
        status = status_of(checks, ordered)
        evidence = _evidence(data, values, sightings)
        return Record(form.id, form.version, status, origin, data, evidence, checks, ordered, self.engine)


def status_of(checks: tuple[Check, ...], issues: tuple[Issue, ...]) -> str:
    """Accepted only when no check failed and no error stands."""
    failed = any(check.status is CheckStatus.FAILED for check in checks)
    grave = any(issue.severity is Severity.ERROR for issue in issues)
    return "review" if failed or grave else "accepted"


def _evidence(
    data: Mapping[str, JsonValue], values: Mapping[str, Value], sightings: Mapping[int, Sighting]
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

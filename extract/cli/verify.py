"""`zhibiao verify`: whether an output folder is as it was written."""

from __future__ import annotations

from collections import Counter

from extract.cli.console import echo, echo_json
from extract.cli.options import Format
from extract.errors import ExitCode, UsageError
from extract.formatting import counted, visible
from extract.storage.ledger import viewed_if_readable
from extract.storage.ledger_sync import ledger_of
from extract.storage.location import place
from extract.storage.output_dir import OutputDir
from extract.storage.verification import MEANINGS, Fault, Finding, verify


def verify_output(output: str, report: Format) -> int:
    """Print what is wrong with an output folder, then the sums.

    The exit code is OK where nothing is, REVIEW where only scans are gone, INPUT for all else. Raises UsageError for a
    folder in which nothing was run.
    """
    store = OutputDir(place(output))
    with ledger_of(store) as ledger:
        if ledger is None:
            raise UsageError(f"{output} is no output folder of `zhibiao run`")
        with viewed_if_readable(ledger) as view:
            found = list(verify(store, ledger, view))
            records = sum(len(row.entry.records) for row in view.rows())
    counts = Counter(finding.fault for finding in found)
    if report is Format.JSON:
        findings = [{"fault": f.fault, "path": f.path, "of": f.of, "detail": f.detail or None} for f in found]
        echo_json({"findings": findings, "summary": {"records": records, **{f: counts[f] for f in Fault}}})
    else:
        for finding in found:
            echo(_line(finding))
        told = ", ".join(f"{counts[fault]} {fault}" for fault in Fault if counts[fault])
        echo(f"{counted(records, 'record')}: {told or 'all as they were written'}")
    if not found:
        return ExitCode.OK
    return ExitCode.REVIEW if set(counts) == {Fault.GONE} else ExitCode.INPUT


def _line(finding: Finding) -> str:
    of = f" (of {finding.of})" if finding.of else ""
    detail = finding.detail or MEANINGS[finding.fault]
    return visible(f"{finding.fault:8}  {finding.path}{of}: {detail}")

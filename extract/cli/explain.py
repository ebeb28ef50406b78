"""`zhibiao explain`: where a value comes from."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from extract.cli.console import echo, echo_json, note
from extract.cli.options import Format
from extract.errors import MissingFile
from extract.records.encode import dumps
from extract.review.explain import Explanation, crop, explain, find_scan, read_record

if TYPE_CHECKING:
    from extract.model import Image


def show_value(record: Path, pointer: str, output: Path | None, scan: Path | None, report: Format) -> int:
    """Print what is known of a value; write its ink to `output`, or show it where a terminal can.

    Raises UsageError for a pointer that leads nowhere and MissingFile when the ink is wanted and the scan is gone.
    """
    content = read_record(record)
    explanation = explain(content, pointer)
    if report is Format.JSON:
        echo_json(explanation.plain())
    else:
        for line in _sentences(explanation):
            echo(line)
    in_terminal = report is Format.TEXT and sys.stdout.isatty() and explanation.quad is not None
    if output is None and not in_terminal:
        return 0
    scan = scan or find_scan(record, explanation.source)
    if scan is None:
        _say_gone(explanation, output)
        return 0
    ink = crop(scan, explanation)
    if output is None:
        echo(_half_blocks(ink))
    else:
        from extract.cli.show import write_picture

        write_picture(output, ink)
        note(f"ink: {output}")
    return 0


def _say_gone(explanation: Explanation, output: Path | None) -> None:
    message = f"the scan {explanation.source['path']} is not where it was read; name it with --scan"
    if output is not None:
        raise MissingFile(message)
    note(message)


def _sentences(explanation: Explanation) -> Iterator[str]:
    yield f"{explanation.pointer} = {dumps(explanation.value).strip()}"
    evidence = explanation.evidence
    if evidence is None:
        yield "no evidence: the value is blank, or holds others (point at one of them)"
    else:
        sure = "unknown" if evidence["confidence"] is None else evidence["confidence"]
        yield f"read as    {evidence['text']!r}, confidence {sure}, origin {evidence['origin']}"
        yield f"stands on  {explanation.source['path']}, page {evidence['page']}{_place(explanation)}"
    for check in explanation.checks:
        yield f"check      {check['id']}: {check['status']}; {check['message']}"
    for issue in explanation.issues:
        yield f"issue      {issue['code']} ({issue['severity']}): {issue['message']}"


def _place(explanation: Explanation) -> str:
    if explanation.quad is None:
        return ""
    box = explanation.quad.box
    return f", x {box.x0:.0f} to {box.x1:.0f}, y {box.y0:.0f} to {box.y1:.0f}"


def _half_blocks(image: Image) -> str:
    """A picture in 24-bit colours, two pixels to a character, as wide as the terminal at most."""
    import cv2

    columns = min(os.get_terminal_size().columns, image.shape[1])
    rows = max(2, round(image.shape[0] * columns / image.shape[1]) // 2 * 2)
    small = cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA)
    lines = []
    for y in range(0, rows, 2):
        cells = (
            f"\x1b[38;2;{r};{g};{b};48;2;{r2};{g2};{b2}m▀"
            for (b, g, r), (b2, g2, r2) in zip(small[y], small[y + 1], strict=True)
        )
        lines.append("".join(cells) + "\x1b[0m")
    return "\n".join(lines)

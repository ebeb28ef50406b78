"""What LibreOffice makes of exported workbooks, as pictures to look at."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pypdfium2 as pdfium

from extract.downstream.export import exporter
from extract.downstream.tables.record_rows import record_rows
from extract.forms.declaration.loader import load_forms

MAX_PAGES = 2


def pictures(output: Path, target: Path) -> str:
    """Export both layouts, have them converted, draw their first pages; says where they are."""
    if shutil.which("soffice") is None:
        return "no pictures of workbooks: LibreOffice is not installed (Debian: libreoffice-calc-nogui)"
    made: list[Path] = []
    target.mkdir(parents=True, exist_ok=True)
    for name, paper in (("tables", False), ("paper", True)):
        book = target / f"{name}.xlsx"
        exporter(book, paper)(record_rows(output, load_forms()), book)
        command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(target), str(book)]
        subprocess.run(command, check=True, capture_output=True)
        pages = pdfium.PdfDocument(target / f"{name}.pdf")
        for number in range(min(MAX_PAGES, len(pages))):
            made.append(target / f"{name}-{number + 1}.png")
            pages[number].render(scale=1.5).to_pil().save(made[-1])
    return "workbooks through LibreOffice, to look at: " + ", ".join(map(str, made))

"""What LibreOffice makes of exported workbooks: `python -m bench.workbook OUT DIR` writes pictures to look at."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pypdfium2 as pdfium

from extract.downstream.export import exporter
from extract.downstream.shredded import shredded
from extract.forms.declaration import load_forms

MAX_PAGES = 4


def main(output: Path, target: Path) -> None:
    """Export both layouts, convert them, draw the first pages. Needs soffice (Debian: libreoffice-calc-nogui)."""
    for name, paper in (("tables", False), ("paper", True)):
        book = target / f"{name}.xlsx"
        exporter(book, paper)(shredded(output, load_forms()), book)
        command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(target), str(book)]
        subprocess.run(command, check=True, capture_output=True)
        pages = pdfium.PdfDocument(target / f"{name}.pdf")
        for number in range(min(MAX_PAGES, len(pages))):
            picture = target / f"{name}-{number + 1}.png"
            pages[number].render(scale=1.5).to_pil().save(picture)
            print(picture)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

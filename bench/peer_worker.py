"""Runs another table reader over scans: executed by the interpreter of the peers' own environment.

    python peer_worker.py FILE...

prints one JSON object per file: its path, seconds, pages, and the rows of cell texts of all its tables.
Stands alone on purpose: nothing of this project is installed where it runs.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PDF_DPI = 200
THREADS = int(os.environ.get("PEER_THREADS", "2"))


def pages_of(path: Path) -> Iterator[bytes]:
    """Every page as PNG bytes; PDF pages are rendered at PDF_DPI."""
    if path.suffix.lower() == ".pdf":
        import pypdfium2

        for page in pypdfium2.PdfDocument(path):
            yield png(page.render(scale=PDF_DPI / 72).to_pil())
    else:
        from PIL import Image, ImageOps, ImageSequence

        with Image.open(path) as image:
            for frame in ImageSequence.Iterator(image):
                yield png(ImageOps.exif_transpose(frame))


def png(image: Any) -> bytes:
    """A Pillow image as PNG."""
    sink = io.BytesIO()
    image.convert("RGB").save(sink, "PNG", compress_level=1)
    return sink.getvalue()


def read_file(path: Path, engine: Any) -> dict[str, Any]:
    """All tables of a file as rows of texts; a merged cell's text stands in each of its places."""
    from img2table.document import Image

    start, rows, pages, fault = time.monotonic(), [], 0, None
    for page in pages_of(path):
        pages += 1
        try:
            tables = Image(page, detect_rotation=True).extract_tables(ocr=engine, min_confidence=1)
        except Exception as error:  # a peer's fault on one page is its result, not ours
            tables, fault = [], repr(error)
        rows += [[cell.value for cell in row] for table in tables for row in table.content.values()]
    seconds = time.monotonic() - start
    return {"file": str(path), "seconds": seconds, "pages": pages, "rows": rows, "fault": fault}


def main() -> None:
    """Read the files named on the command line."""
    from img2table.ocr import RapidOCR
    from rapidocr import LangRec

    params = {
        "Rec.lang_type": LangRec.CH,
        "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Global.log_level": "error",
    }
    engine = RapidOCR(params=params)
    results = sys.stdout
    sys.stdout = sys.stderr  # the engine prints to standard output
    for name in sys.argv[1:]:
        print(json.dumps(read_file(Path(name), engine), ensure_ascii=False), file=results, flush=True)


if __name__ == "__main__":
    main()

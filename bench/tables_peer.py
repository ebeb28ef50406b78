"""Cells that img2table finds, as JSON on standard output; runs in the peers' own environment, imports nothing of ours.

Usage: python tables_peer.py IMAGE…
"""

import json
import sys
import time


def cells(path: str) -> list[list[list[float]]]:
    """Boxes [x0, y0, x1, y1] of every table's cells; a merged cell comes once."""
    from img2table.document import Image

    tables = Image(path).extract_tables(implicit_rows=False, implicit_columns=False, borderless_tables=False)
    found = []
    for table in tables:
        boxes = {
            (cell.bbox.x1, cell.bbox.y1, cell.bbox.x2, cell.bbox.y2) for row in table.content.values() for cell in row
        }
        found.append([[float(v) for v in box] for box in sorted(boxes)])
    return found


def main() -> None:
    """One JSON object for all images."""
    result = {}
    for path in sys.argv[1:]:
        start = time.perf_counter()
        result[path] = {"tables": cells(path), "seconds": time.perf_counter() - start}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()

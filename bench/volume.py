"""How fast records load: `python -m bench.volume OUT COUNT [URL]` multiplies the records of OUT and loads them."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from extract.downstream.database import address
from extract.downstream.load import load
from extract.downstream.records import paths
from extract.forms.declaration import load_forms

PER_FOLDER = 1000


def multiply(output: Path, target: Path, count: int) -> None:
    """The records of a folder over and over, each as if read from another scan."""
    records = [Path(path).read_text(encoding="utf-8") for path in paths(output)]
    for number, text in enumerate(islice(cycle(records), count)):
        source = json.loads(text)["source"]
        name = f"{number // PER_FOLDER:04}/{number:07}.tif"
        text = text.replace(source["sha256"], hashlib.sha256(name.encode()).hexdigest(), 1)
        path = target / "records" / f"{name}.1.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(json.dumps(source["path"], ensure_ascii=False), f'"{name}"', 1), encoding="utf-8")


def main(output: Path, count: int, url: str | None) -> None:
    """Print records a second and the loader's largest memory."""
    with TemporaryDirectory() as folder:
        multiply(output, Path(folder), count)
        begun = time.perf_counter()
        summary = load(Path(folder), address(url, Path(folder)), load_forms())
        seconds = time.perf_counter() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{summary.sentence()}: {seconds:.1f} s, {count / seconds:.0f} a second, {megabytes:.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)

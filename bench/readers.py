"""One reader of pages in a process of its own: `python -m bench.readers NAME THREADS FOLDER`.

It answers every line of standard input, the path of a page, with a JSON object: wall and CPU seconds and what the
reader itself tells. Imports only what the reader needs: some run where nothing of this project is installed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Reader:
    """How a page is read; `read` alone is timed, `load` goes before it and `after` behind it."""

    title: str
    read: Callable[[Any], dict[str, Any]]
    load: Callable[[Path], Any] = lambda path: path
    after: Callable[[Path], None] = lambda path: None


def zhibiao(threads: int, folder: Path, **ocr: str) -> Reader:
    """The whole way from the file to its checked records; what its networks are first fed for a page is kept.

    `ocr` has settings that are not the default ones.
    """
    import cv2
    import numpy as np

    from bench.networks import watch
    from extract.batch.session import Session, source_of

    seen = watch()
    cv2.setNumThreads(threads)
    pipeline = Session(command={"ocr": ocr}).pipeline(threads)
    blank = np.full((64, 64, 3), 255, dtype=np.uint8)
    pipeline.engine.detect(blank)
    pipeline.engine.recognise([blank])

    def load(path: Path) -> Path:
        seen.reset(recording=not (folder / f"{path.name}.npz").is_file())
        return path

    def read(path: Path) -> dict[str, Any]:
        done = pipeline.digitise(path, source_of(path))
        return {"stages": dict(done.seconds), **seen.told()}

    def after(path: Path) -> None:
        if seen.recording:
            seen.save(folder, path.name)
            seen.reset(recording=False)

    return Reader("Zhibiao, file to checked record", read, load, after)


def bare(threads: int, folder: Path) -> Reader:
    """The networks alone, on the inputs that `zhibiao` kept."""
    from bench.networks import Bare

    networks = Bare(folder, threads)
    return Reader(f"its networks alone (onnxruntime {version('onnxruntime')})", networks.run, networks.load)


def bare_small(threads: int, folder: Path) -> Reader:
    """The small networks alone, on the inputs that the product gives them where no smaller one reads first."""
    from bench.networks import Bare

    kept = folder / "small"
    kept.mkdir(parents=True, exist_ok=True)
    product = zhibiao(threads, kept, first_size="")
    networks: list[Bare] = []

    def load(path: Path) -> Any:
        if not (kept / f"{path.name}.npz").is_file():
            timed(product, path)
        networks[:] = networks or [Bare(kept, threads)]
        return networks[0].load(path)

    title = f"the small networks alone, all lines read by them (onnxruntime {version('onnxruntime')})"
    return Reader(title, lambda feeds: networks[0].run(feeds), load)


def paddleocr(threads: int, _folder: Path) -> Reader:
    """PaddleOCR's pipeline on ONNX Runtime, without its orientation and unwarping networks."""
    from extract.ocr.engines.paddle_engine import PaddleEngine
    from extract.ocr.engines.weights import find

    weights = find("small")
    models = PaddleEngine(weights)._folder
    from paddleocr import PaddleOCR

    pipeline = PaddleOCR(
        text_detection_model_name=f"{weights.name}_det",
        text_detection_model_dir=str(models / f"{weights.name}_det"),
        text_recognition_model_name=f"{weights.name}_rec",
        text_recognition_model_dir=str(models / f"{weights.name}_rec"),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        engine="onnxruntime",
        engine_config={"intra_op_num_threads": threads},
        device="cpu",
    )
    title = f"PaddleOCR {version('paddleocr')} pipeline, lines (onnxruntime {version('onnxruntime')})"
    return Reader(title, lambda path: {"texts": len(pipeline.predict(str(path))[0]["rec_texts"])})


def faster_paddle(threads: int, _folder: Path) -> Reader:
    """faster-paddle with the small networks of its wheel and the ONNX Runtime inside of it."""
    engine = import_module("faster_paddle").OcrEngine(model_size="small", threads=threads)
    title = f"faster-paddle {version('faster-paddle')}, lines"
    return Reader(title, lambda path: {"texts": len(engine.ocr(path.read_bytes())["bounds"])})


def rapidocr(threads: int, _folder: Path) -> Reader:
    """rapidocr with the small networks of its wheel, without its classifier of upside-down lines."""
    from rapidocr import RapidOCR

    engine = RapidOCR(params=_rapidocr_params(threads))
    title = f"rapidocr {version('rapidocr')}, lines (onnxruntime {version('onnxruntime')})"

    def read(path: Path) -> dict[str, Any]:
        found: Any = engine(str(path), use_cls=False)
        return {"texts": len(found.txts or ())}

    return Reader(title, read)


def img2table(threads: int, _folder: Path) -> Reader:
    """Whole tables by img2table, read with rapidocr; their texts are cells."""
    from img2table.document import Image
    from img2table.ocr import RapidOCR

    engine = RapidOCR(params=_rapidocr_params(threads))

    def read(path: Path) -> dict[str, Any]:
        tables = Image(path, detect_rotation=True).extract_tables(ocr=engine, min_confidence=1)
        return {"texts": sum(1 for table in tables for row in table.content.values() for cell in row if cell.value)}

    return Reader(f"img2table {version('img2table')} with rapidocr {version('rapidocr')}, tables", read)


def _rapidocr_params(threads: int) -> dict[str, Any]:
    return {
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Global.log_level": "error",
    }


READERS: dict[str, Callable[[int, Path], Reader]] = {
    "zhibiao": zhibiao,
    "bare": bare,
    "bare-small": bare_small,
    "paddleocr": paddleocr,
    "faster-paddle": faster_paddle,
    "rapidocr": rapidocr,
    "img2table": img2table,
}


def timed(reader: Reader, path: Path) -> dict[str, Any]:
    """What one page takes; a reader's fault is its result."""
    loaded = reader.load(path)
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        told = reader.read(loaded)
    except Exception as error:  # whatever a peer may raise
        told = {"fault": f"{type(error).__name__}: {error}"}
    told |= {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    reader.after(path)
    return told


def main(name: str, threads: int, folder: Path) -> None:
    """Serve until standard input ends; the first line says that the reader is ready and what it is."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # some readers print to standard output
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])
    reader = READERS[name](threads, folder)
    print(json.dumps({"title": reader.title}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(timed(reader, Path(line.rstrip("\n")))), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))

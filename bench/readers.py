"""One reader of pages in a process of its own: `python -m bench.readers NAME THREADS FOLDER`.

It answers every line of standard input, a JSON object with a `path`, with one: wall and CPU seconds, peak memory and
what the reader itself tells. Imports only what the reader needs: some run where nothing of this project is installed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Reader:
    """`read` is what is timed; `load` goes before it, unasked for time, and `after` behind it."""

    read: Callable[[Any], dict[str, Any]]
    load: Callable[[Path], Any] = lambda path: path
    after: Callable[[Path, bool], None] = lambda path, record: None


def zhibiao(threads: int, folder: Path) -> Reader:
    """The whole way from the file to its checked records."""
    import cv2
    import numpy as np

    from bench.networks import watch
    from extract.session import Session

    seen = watch()
    cv2.setNumThreads(threads)
    pipeline = Session().pipeline(threads)
    blank = np.full((64, 64, 3), 255, dtype=np.uint8)
    pipeline.engine.detect(blank)
    pipeline.engine.recognise([blank])

    def read(path: Path) -> dict[str, Any]:
        done = pipeline.digitise(path, path.name)
        return {
            "stages": dict(done.seconds),
            "networks": dict(seen.seconds),
            "runs": dict(seen.runs),
            "inputs": dict(seen.inputs),
        }

    def load(path: Path) -> Path:
        seen.reset(recording=not (folder / f"{path.name}.npz").is_file())
        return path

    def after(path: Path, _record: bool) -> None:
        if seen.recording:
            seen.save(folder, path.name)

    return Reader(read, load, after)


def bare(threads: int, folder: Path) -> Reader:
    """The networks alone, on the inputs that `zhibiao` recorded."""
    from bench.networks import Bare

    networks = Bare(folder, threads)
    return Reader(networks.run, networks.load)


def paddleocr(threads: int, _folder: Path) -> Reader:
    """PaddleOCR's pipeline on ONNX Runtime, without its orientation and unwarping networks."""
    from extract.ocr.paddle import PaddleEngine
    from extract.ocr.weights import find

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
    return Reader(lambda path: {"lines": len(pipeline.predict(str(path))[0]["rec_texts"])})


def faster_paddle(threads: int, _folder: Path) -> Reader:
    """faster-paddle with the small networks of its wheel."""
    import faster_paddle as package

    engine = package.OcrEngine(model_size="small", threads=threads)
    return Reader(lambda path: {"lines": len(engine.ocr(path.read_bytes())["bounds"])})


def rapidocr(threads: int, _folder: Path) -> Reader:
    """rapidocr with the small networks of its wheel, without its classifier of upside-down lines."""
    from rapidocr import RapidOCR

    engine = RapidOCR(params=_rapidocr_params(threads))
    return Reader(lambda path: {"lines": len(engine(str(path), use_cls=False).txts or ())})


def img2table(threads: int, _folder: Path) -> Reader:
    """Whole tables by img2table, read with rapidocr."""
    from img2table.document import Image
    from img2table.ocr import RapidOCR

    engine = RapidOCR(params=_rapidocr_params(threads))

    def read(path: Path) -> dict[str, Any]:
        tables = Image(path, detect_rotation=True).extract_tables(ocr=engine, min_confidence=1)
        return {"tables": len(tables)}

    return Reader(read)


def _rapidocr_params(threads: int) -> dict[str, Any]:
    return {
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Global.log_level": "error",
    }


READERS: dict[str, Callable[[int, Path], Reader]] = {
    "zhibiao": zhibiao,
    "bare": bare,
    "paddleocr": paddleocr,
    "faster-paddle": faster_paddle,
    "rapidocr": rapidocr,
    "img2table": img2table,
}


def timed(reader: Reader, path: Path) -> dict[str, Any]:
    """What one page takes."""
    loaded = reader.load(path)
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        told = reader.read(loaded)
    except Exception as error:  # a reader's fault on one page is its result
        told = {"fault": f"{type(error).__name__}: {error}"}
    told |= {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    reader.after(path, False)
    return told


def main(name: str, threads: int, folder: Path) -> None:
    """Serve until standard input ends; the first line says that the reader is ready."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # some readers print to standard output
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])
    reader = READERS[name](threads, folder)
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(timed(reader, Path(line.rstrip("\n")))), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))

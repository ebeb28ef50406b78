"""The networks inside an engine: how long they run, what they are fed, and the same arithmetic done alone."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

Feed = npt.NDArray[Any]

DETECTION, RECOGNITION = "detection", "recognition"
_LINE_PX = 48
"""Input height of the PP-OCR recognition networks; a page that is shrunk for detection is never as low."""


class Watch:
    """What went through ONNX Runtime since the last reset: seconds, runs and inputs (pages or crops) by network.

    Runs at the same time count once. While `recording`, the inputs themselves are kept as well, each with the number
    of its network in `models`.
    """

    def __init__(self) -> None:
        self.models: list[str] = []
        self.reset(recording=False)

    def reset(self, recording: bool) -> None:
        """Forget everything but the networks."""
        self.recording = recording
        self.seconds: dict[str, float] = defaultdict(float)
        self.runs: Counter[str] = Counter()
        self.inputs: Counter[str] = Counter()
        self.text_px = 0
        self.feeds: list[tuple[int, Feed]] = []
        self._running: Counter[str] = Counter()
        self._since: dict[str, float] = {}
        self._lock = Lock()

    @contextmanager
    def running(self, model: int, feed: Feed) -> Iterator[None]:
        """One run of a network."""
        network = _network(feed)
        with self._lock:
            if not self._running[network]:
                self._since[network] = time.perf_counter()
            self._running[network] += 1
        yield
        with self._lock:
            self._running[network] -= 1
            if not self._running[network]:
                self.seconds[network] += time.perf_counter() - self._since[network]
            self.runs[network] += 1
            self.inputs[network] += feed.shape[0]
            if network == RECOGNITION:
                self.text_px += feed.shape[0] * feed.shape[3]
            if self.recording:
                self.feeds.append((model, feed.copy()))

    def told(self) -> dict[str, Any]:
        """Everything as JSON has it; `texts` is how many crops were read, `text_px` how wide they were."""
        return {
            "networks": dict(self.seconds),
            "runs": dict(self.runs),
            "inputs": dict(self.inputs),
            "texts": self.inputs[RECOGNITION],
            "text_px": self.text_px,
        }

    def save(self, folder: Path, name: str) -> None:
        """Write the recorded inputs of one page, for `Bare`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "models.json").write_text(json.dumps(self.models), encoding="utf-8")
        arrays = {f"{number}-{model}": feed for number, (model, feed) in enumerate(self.feeds)}
        np.savez(folder / f"{name}.npz", **arrays)  # type: ignore[arg-type]


def watch() -> Watch:
    """Watch every ONNX Runtime session that this process opens from now on."""
    import onnxruntime

    seen = Watch()

    class Watched(onnxruntime.InferenceSession):  # type: ignore[misc]
        """A session whose runs are watched."""

        def __init__(self, model: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(model, *args, **kwargs)
            self._number = len(seen.models)
            seen.models.append(str(model))

        def run(self, outputs: Any, feeds: dict[str, Feed], options: Any = None) -> Any:
            """As the session's own."""
            with seen.running(self._number, next(iter(feeds.values()))):
                return super().run(outputs, feeds, options)

    onnxruntime.InferenceSession = Watched
    return seen


class Bare:
    """Recorded networks on ONNX Runtime with its own defaults, the way that wastes least on several threads.

    Detection spreads each run over the threads; recognition has single-threaded runs side by side.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        models = json.loads((folder / "models.json").read_text(encoding="utf-8"))
        self._folder = folder
        self._wide = [_open(model, threads) for model in models]
        self._narrow = [_open(model, 1) for model in models]
        self._threads = ThreadPoolExecutor(threads)

    def load(self, path: Path) -> list[tuple[int, Feed]]:
        """The recorded inputs of a page."""
        with np.load(self._folder / f"{path.name}.npz") as arrays:
            return [(int(name.partition("-")[2]), arrays[name]) for name in arrays.files]

    def run(self, feeds: Sequence[tuple[int, Feed]]) -> dict[str, Any]:
        """Run them all, the largest first."""
        seen = Watch()
        queue = sorted(feeds, key=lambda item: -item[1].size)
        for model, feed in queue:
            if _network(feed) == DETECTION:
                _run(self._wide[model], model, feed, seen)
        lines = [(model, feed) for model, feed in queue if _network(feed) == RECOGNITION]
        list(self._threads.map(lambda line: _run(self._narrow[line[0]], line[0], line[1], seen), lines))
        return seen.told()


def _network(feed: Feed) -> str:
    return RECOGNITION if feed.shape[2] == _LINE_PX else DETECTION


def _open(model: str, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _run(session: Any, model: int, feed: Feed, seen: Watch) -> None:
    name = session.get_inputs()[0].name
    with seen.running(model, feed):
        session.run(None, {name: feed})

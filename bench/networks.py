"""The networks inside an engine: how long they run, what they are fed, and the same arithmetic done alone."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Feed = npt.NDArray[Any]

DETECTION, RECOGNITION = "detection", "recognition"
_LINE_PX = 48
"""Input height of the PP-OCR recognition networks; a page that is shrunk for detection is never as low."""


@dataclass
class Watch:
    """What went through ONNX Runtime since the last reset: seconds, runs and crops by network.

    While `recording`, the inputs are kept as well, each with the number of its network in `models`.
    """

    models: list[str] = field(default_factory=list)
    recording: bool = False
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    runs: Counter[str] = field(default_factory=Counter)
    inputs: Counter[str] = field(default_factory=Counter)
    feeds: list[tuple[int, Feed]] = field(default_factory=list)

    def reset(self, recording: bool) -> None:
        """Forget everything but the networks."""
        self.recording = recording
        self.seconds.clear()
        self.runs.clear()
        self.inputs.clear()
        self.feeds.clear()

    def ran(self, model: int, feed: Feed, spent: float) -> None:
        """Note one run."""
        kind = RECOGNITION if feed.shape[2] == _LINE_PX else DETECTION
        self.seconds[kind] += spent
        self.runs[kind] += 1
        self.inputs[kind] += feed.shape[0]
        if self.recording:
            self.feeds.append((model, feed.copy()))

    def told(self) -> dict[str, dict[str, float]]:
        """Seconds, runs and inputs by network."""
        return {"networks": dict(self.seconds), "runs": dict(self.runs), "inputs": dict(self.inputs)}

    @property
    def texts(self) -> int:
        """How many texts were read."""
        return self.inputs[RECOGNITION]

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
        """A session that tells how long its runs take."""

        def __init__(self, model: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(model, *args, **kwargs)
            self._number = len(seen.models)
            seen.models.append(str(model))

        def run(self, outputs: Any, feeds: dict[str, Feed], options: Any = None) -> Any:
            """As the session's own."""
            start = time.perf_counter()
            result = super().run(outputs, feeds, options)
            seen.ran(self._number, next(iter(feeds.values())), time.perf_counter() - start)
            return result

    onnxruntime.InferenceSession = Watched
    return seen


class Bare:
    """The recorded networks on ONNX Runtime as it comes, but for the number of threads."""

    def __init__(self, folder: Path, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._folder = folder
        self._sessions = [
            onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            for model in json.loads((folder / "models.json").read_text(encoding="utf-8"))
        ]

    def load(self, path: Path) -> list[tuple[int, Feed]]:
        """The recorded inputs of a page."""
        with np.load(self._folder / f"{path.name}.npz") as arrays:
            return [(int(name.partition("-")[2]), arrays[name]) for name in arrays.files]

    def run(self, feeds: list[tuple[int, Feed]]) -> dict[str, Any]:
        """Run them all, one after the other."""
        spent = Watch()
        for model, feed in feeds:
            session = self._sessions[model]
            name = session.get_inputs()[0].name
            start = time.perf_counter()
            session.run(None, {name: feed})
            spent.ran(model, feed, time.perf_counter() - start)
        return {"texts": spent.texts, **spent.told()}

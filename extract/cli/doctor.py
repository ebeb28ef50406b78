"""`zhibiao doctor`: is this machine fit to read scans?"""

from __future__ import annotations

import platform
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import extract
from extract.batch.run import available_cores
from extract.cli.console import echo, echo_json
from extract.cli.options import Format
from extract.errors import EngineError, ExitCode, ZhibiaoError
from extract.ocr.engines import weights
from extract.settings.defaults import OcrSettings
from extract.storage import object_store
from extract.storage.location import Url, place
from extract.storage.output_dir import STATE, OutputDir

_LIBRARIES = ("onnxruntime", "paddleocr", "rapidocr", "camelot-py", "pypdfium2", "rapidfuzz", "numpy", "pillow")
_OPENCV = ("opencv-python-headless", "opencv-contrib-python", "opencv-python", "opencv-contrib-python-headless")
_NEEDED_MEGABYTES = 1500
"""Memory of one worker at an A4 page of 300 dpi, with room to spare."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `exit_code` is not 0 where it keeps scans from being read."""

    subject: str
    state: str
    exit_code: ExitCode = ExitCode.OK


def doctor(output: str | None, models: Path | None, report: Format) -> int:
    """Print the findings; the exit code is the worst of them."""
    findings = list(_findings(output, models))
    if report is Format.JSON:
        echo_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            echo(f"{'ok ' if finding.exit_code is ExitCode.OK else 'BAD'}  {finding.subject:<12} {finding.state}")
    return max(finding.exit_code for finding in findings)


def _findings(output: str | None, models: Path | None) -> Iterator[Finding]:
    yield Finding("zhibiao", f"{extract.__version__}, Python {platform.python_version()}, {platform.platform()}")
    yield from _weights(models)
    yield from map(_library, _LIBRARIES)
    yield _opencv()
    yield _memory()
    yield Finding("cores", str(available_cores()))
    yield Finding("fonts", "none needed")
    if output is not None:
        folder = place(output)
        yield _bucket(folder) if isinstance(folder, Url) else _output(folder)


def _weights(models: Path | None) -> Iterator[Finding]:
    try:
        for size in OcrSettings().sizes:
            for checksum in weights.checksums(weights.find(size, models)):
                known = checksum.known_as or "not a file this version knows"
                yield Finding("weights", f"{checksum.path}\n{'':17}sha256 {checksum.sha256}: {known}")
    except EngineError as error:
        yield Finding("weights", f"{error}. {error.remedy}", ExitCode.ENGINE)


def _library(name: str) -> Finding:
    try:
        return Finding(name, version(name))
    except PackageNotFoundError:
        return Finding(name, "not installed", ExitCode.ENGINE)


def _opencv() -> Finding:
    """Which of the distributions that share the `cv2` folder wrote the library that is loaded."""
    installed = {name: found for name in _OPENCV if (found := _installed(name))}
    if not installed:
        return Finding("cv2", "no OpenCV is installed", ExitCode.ENGINE)
    try:
        import cv2
    except ImportError as error:
        remedy = "install opencv-python-headless again, as the last one"
        return Finding("cv2", f"cannot be loaded ({error}); {remedy}", ExitCode.ENGINE)
    winner = next((name for name in installed if _wrote(name, Path(cv2.__file__).parent)), "an unknown distribution")
    others = ", ".join(f"{name} {number}" for name, number in installed.items())
    return Finding("cv2", f"{cv2.__version__}, written by {winner}; installed: {others}")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _wrote(name: str, folder: Path) -> bool:
    """Whether the library in the folder has the size that this distribution's list of files states."""
    for file in distribution(name).files or ():
        if file.name.startswith("cv2.") and file.suffix in {".so", ".pyd"}:
            return file.size == (folder / file.name).stat().st_size
    return False


def _memory() -> Finding:
    available = _available_megabytes()
    if available is None:
        return Finding("memory", "unknown on this system")
    low = "" if available > _NEEDED_MEGABYTES else f"; a worker takes up to {_NEEDED_MEGABYTES} MB"
    return Finding("memory", f"{available} MB available{low}")


def _available_megabytes() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    kilobytes = next((line.split()[1] for line in lines if line.startswith("MemAvailable")), None)
    return None if kilobytes is None else int(kilobytes) // 1000


def _bucket(folder: Url) -> Finding:
    """Whether an object can be put where the records would go; it is removed again."""
    probe = folder / STATE / f"doctor-{uuid.uuid4().hex}"
    try:
        object_store.write(probe, b"")
        object_store.remove(probe)
    except (OSError, ZhibiaoError) as error:
        return Finding("output", f"{folder} cannot be written: {error}", ExitCode.OUTPUT)
    return Finding(
        "output", f"{folder} can be written, {OutputDir(folder).free_megabytes()} MB free for its state here"
    )


def _output(folder: Path) -> Finding:
    """Whether a file can be made where the records would go; nothing is left behind."""
    nearest = folder.absolute()
    while not nearest.exists():
        nearest = nearest.parent
    try:
        with tempfile.TemporaryFile(dir=nearest):
            return Finding("output", f"{folder} can be written, {OutputDir(folder).free_megabytes()} MB free")
    except OSError as error:
        return Finding("output", f"{folder} cannot be written: {error.strerror}", ExitCode.OUTPUT)

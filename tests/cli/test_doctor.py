"""`zhibiao doctor`: what it finds on this machine, and what keeps scans from being read."""

from pathlib import Path

from extract.errors import ExitCode
from tests.commands import zhibiao


def test_missing_weights(tmp_path: Path) -> None:
    assert zhibiao("doctor", "--models", tmp_path / "none").returncode == ExitCode.ENGINE
    assert zhibiao("models", "list", "--models", tmp_path / "none").returncode == ExitCode.ENGINE


def test_doctor_names_what_it_found(tmp_path: Path) -> None:
    done = zhibiao("doctor", "-o", tmp_path / "out")
    assert done.returncode == ExitCode.OK, done.stdout
    for subject in ("weights", "sha256", "cv2", "onnxruntime", "memory", "cores", "fonts", "output"):
        assert subject in done.stdout
    assert not (tmp_path / "out").exists()

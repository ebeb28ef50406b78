from __future__ import annotations

from pathlib import Path

import pytest

from extract.errors import EngineError
from extract.ocr.engines import weights


def lay(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(weights.MODELS_VARIABLE, raising=False)


def test_the_wheel_holds_known_weights() -> None:
    found = weights.find()
    assert found.name == "PP-OCRv6_small"
    assert all(checksum.known_as for checksum in weights.checksums(found))


@pytest.mark.parametrize(
    "names",
    [
        ("PP-OCRv6_tiny_det/inference.onnx", "PP-OCRv6_tiny_rec/inference.onnx"),
        ("PP-OCRv6_det_tiny.onnx", "PP-OCRv6_rec_tiny.onnx"),
        ("tiny/det/det.onnx", "tiny/rec/rec.onnx"),
    ],
)
def test_a_named_folder_comes_first_in_any_layout(tmp_path: Path, names: tuple[str, str]) -> None:
    lay(tmp_path, *names)
    found = weights.find("tiny", tmp_path)
    assert (found.detection, found.recognition) == (tmp_path / names[0], tmp_path / names[1])


def test_the_variable_names_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx")
    monkeypatch.setenv(weights.MODELS_VARIABLE, str(tmp_path))
    assert weights.find().source == str(tmp_path)


def test_missing_weights_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="'huge'") as caught:
        weights.find("huge")
    assert "rapidocr" in caught.value.remedy
    with pytest.raises(EngineError, match="does not exist"):
        weights.find("small", tmp_path / "none")


def test_characters_come_from_the_metadata_or_the_file(tmp_path: Path) -> None:
    held = weights.Weights("tiny", tmp_path, tmp_path, None, "here")
    assert weights.read_characters(held, {"character": "a\nb\n\u3000"}) == ("a", "b", "\u3000")
    with pytest.raises(EngineError, match="which characters"):
        weights.read_characters(held, {})
    listed = tmp_path / "inference.yml"
    listed.write_text("PostProcess:\n  character_dict: ['a', '1']\n", encoding="utf-8")
    assert weights.read_characters(weights.Weights("tiny", tmp_path, tmp_path, listed, "here"), {}) == ("a", "1")

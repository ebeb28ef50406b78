from pathlib import Path

import pytest

from extract.errors import UsageError
from extract.settings.defaults import Settings
from extract.settings.layers import fingerprint, layered, parse_assignments, read_layer


def test_later_layers_win() -> None:
    below = {"batch": {"max_seconds": 5, "max_worker_files": 7}}
    settings = layered([below, parse_assignments(["batch.max_seconds=9"])])
    assert (settings.batch.max_seconds, settings.batch.max_worker_files) == (9.0, 7)
    assert isinstance(settings.batch.max_seconds, float)


def test_nothing_given_is_the_default() -> None:
    assert layered([]) == Settings()


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("batch.max_second=1", "batch.max_seconds"),
        ("bath.max_seconds=1", "batch"),
        ("load.max_page=1", "load.max_pages"),
    ],
)
def test_unknown_keys_name_the_nearest(text: str, nearest: str) -> None:
    with pytest.raises(UsageError, match=f"did you mean '{nearest}'"):
        layered([parse_assignments([text])])


@pytest.mark.parametrize("text", ["batch.max_seconds", "max_seconds=1", "=", ".x=1", "batch.=1"])
def test_assignments_have_one_shape(text: str) -> None:
    with pytest.raises(UsageError, match="STAGE.KEY=VALUE"):
        parse_assignments([text])


@pytest.mark.parametrize("text", ["batch.max_worker_files=many", "batch.max_worker_files=1.5", "batch.max_seconds="])
def test_values_have_the_type_of_the_setting(text: str) -> None:
    with pytest.raises(UsageError, match="batch.max_"):
        layered([parse_assignments([text])])


def test_a_boolean_is_no_number() -> None:
    with pytest.raises(UsageError):
        layered([{"batch": {"max_worker_files": True}}])


def test_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "zhibiao.toml"
    file.write_text("[batch]\nmax_seconds = 30\n", encoding="utf-8")
    assert layered([read_layer(file)]).batch.max_seconds == 30


@pytest.mark.parametrize("text", ["max_seconds = 30", "[batch", "\xff"])
def test_bad_settings_files(tmp_path: Path, text: str) -> None:
    file = tmp_path / "zhibiao.toml"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=r"zhibiao\.toml"):
        read_layer(file)


def test_missing_settings_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read_layer(tmp_path / "none.toml")


def test_fingerprint_follows_results_not_speed() -> None:
    base = fingerprint(Settings())
    assert fingerprint(layered([parse_assignments(["batch.max_seconds=1", "ocr.threads=7"])])) == base
    assert fingerprint(layered([parse_assignments(["load.render_dpi=250"])])) != base

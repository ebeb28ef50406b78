"""What a command's options come to."""

from pathlib import Path

import pytest

from extract.cli.options import Engine, cluster, session
from extract.errors import UsageError


def test_the_command_line_lies_over_the_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text("[batch]\nmax_seconds = 30\nmax_worker_files = 3\n", encoding="utf-8")
    settings = session(file, ["batch.max_seconds=60"]).settings
    assert (settings.batch.max_seconds, settings.batch.max_worker_files) == (60, 3)


def test_the_settings_file_of_the_working_folder_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert session(None, None).settings.load.render_dpi == 200
    (tmp_path / "zhibiao.toml").write_text("[load]\nrender_dpi = 250\n", encoding="utf-8")
    assert session(None, None).settings.load.render_dpi == 250


def test_an_unknown_setting_is_said_before_any_work_starts() -> None:
    with pytest.raises(UsageError, match=r"batch\.max_seconds"):
        session(None, ["batch.max_second=60"])


def test_an_address_is_for_a_cluster() -> None:
    assert cluster(Engine.LOCAL, None) is None
    made = cluster(Engine.RAY, "10.0.0.1:6379")
    assert made is not None
    assert made.address == "10.0.0.1:6379"
    with pytest.raises(UsageError, match="--engine ray"):
        cluster(Engine.LOCAL, "10.0.0.1:6379")

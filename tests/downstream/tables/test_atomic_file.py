"""Files that take their place when all of them are whole."""

from pathlib import Path

import pytest

from extract.downstream.tables.atomic_file import unfinished
from extract.errors import OutputError


def test_nothing_stands_there_before_the_end(tmp_path: Path) -> None:
    target = tmp_path / "new" / "forms.csv"
    with unfinished(target) as files:
        files.file("a").write_text("1", encoding="utf-8")
        files.file("b").write_text("2", encoding="utf-8")
        assert not list(target.parent.glob("forms*"))
        made = files.finish()
    assert [path.name for path in made] == ["forms.a.csv", "forms.b.csv"]
    assert sorted(path.name for path in target.parent.iterdir()) == ["forms.a.csv", "forms.b.csv"]


def test_what_is_not_finished_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "forms.jsonl"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), unfinished(target) as files:
        files.file().write_text("new", encoding="utf-8")
        _ = 1 / 0
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["old"]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot write"), unfinished(tmp_path / "file" / "x.csv"):
        pass

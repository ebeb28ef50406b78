from __future__ import annotations

from pathlib import Path

from extract.batch.discovery import FoundFile, discover


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def names(found: list[FoundFile]) -> list[str]:
    return [one.place.relative_to(one.root).as_posix() for one in found]


def test_folders_are_walked_in_order_without_hidden_files_and_litter(tmp_path: Path) -> None:
    for name in ("b.pdf", "a/2.png", "a/10.png", "a/x.json", ".hidden.png", ".git/c.png", "Thumbs.db", "~$a.docx"):
        touch(tmp_path / name)
    assert names(discover([tmp_path])) == ["a/10.png", "a/2.png", "a/x.json", "b.pdf"]


def test_output_folders_are_left_out(tmp_path: Path) -> None:
    for name in ("scan.png", "out/report.json", "out/records/scan.png.1.json", "data/records/old.png"):
        touch(tmp_path / name)
    assert names(discover([tmp_path])) == ["data/records/old.png", "scan.png"]
    touch(tmp_path / "report.json")
    touch(tmp_path / "records/scan.png.1.json")
    assert names(discover([tmp_path])) == ["data/records/old.png", "scan.png"]


def test_links_that_loop_end_and_a_file_reached_twice_is_listed_once(tmp_path: Path) -> None:
    touch(tmp_path / "in/a.png")
    (tmp_path / "in/loop").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in/self").symlink_to(tmp_path / "in/self")
    (tmp_path / "in/b.png").symlink_to(tmp_path / "in/a.png")
    found = discover([tmp_path / "in", tmp_path / "in/a.png"])
    assert names(found) == ["a.png", "self"]


def test_a_given_file_has_its_folder_as_root_and_a_missing_one_is_kept(tmp_path: Path) -> None:
    file = touch(tmp_path / ".x/a.png")
    missing = tmp_path / "no.png"
    assert discover([file, missing]) == [FoundFile(file, file.parent), FoundFile(missing, tmp_path)]

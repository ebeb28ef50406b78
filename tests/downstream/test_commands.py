"""The commands as a user calls them."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from extract.errors import ExitCode
from extract.forms.spec import FormSpec
from extract.storage.output_dir import LEDGER, STATE
from tests.downstream import samples
from tests.storage.test_ledger import of_another_version

Folder = Callable[[Sequence[dict[str, Any]]], Path]


@pytest.fixture
def output(folder: Folder) -> Path:
    return folder([samples.record("甲.tif"), samples.record("乙.tif", status="review")])


@pytest.fixture
def zhibiao(form: FormSpec, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def call(*arguments: object, forms: bool = True) -> subprocess.CompletedProcess[str]:
        options = ["--forms", str(form.path.parent)] if forms else []
        command = [sys.executable, "-m", "extract", *map(str, arguments), *options]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

    return call


Call = Callable[..., subprocess.CompletedProcess[str]]


def test_load(zhibiao: Call, output: Path) -> None:
    done = zhibiao("load", output, "--only", "accepted")
    assert done.returncode == ExitCode.OK, done.stderr
    assert done.stdout == f"sqlite:///{output}/zhibiao.db: 1 loaded, 1 left out as doubtful\n"
    told = json.loads(zhibiao("load", output, "--report", "json").stdout)
    assert (told["loaded"], told["unchanged"]) == (1, 1)
    (output / "records" / "乙.tif.1.json").unlink()
    assert zhibiao("load", output, "--prune").stdout.endswith(": 1 unchanged, 1 taken out as gone\n")


def test_export(zhibiao: Call, output: Path, tmp_path: Path) -> None:
    done = zhibiao("export", output, tmp_path / "a" / "forms.xlsx")
    assert done.stdout == f"{tmp_path}/a/forms.xlsx\n", done.stderr
    done = zhibiao("export", output, tmp_path / "paper.xlsx", "--layout", "form")
    assert done.stdout == f"{tmp_path}/paper.xlsx\n", done.stderr
    assert len(zhibiao("export", output, tmp_path / "forms.csv").stdout.splitlines()) == 6


@pytest.mark.parametrize(
    ("printed", "said"),
    [("csv", "n,s\n2,12\n"), ("json", '[\n  {\n    "n": 2,\n    "s": 12\n  }\n]\n')],
)
def test_query(printed: str, said: str, zhibiao: Call, output: Path) -> None:
    sql = "SELECT count(*) AS n, sum(sum_score) AS s FROM every_type"
    done = zhibiao("query", output, sql, "--format", printed)
    assert done.stdout == said, done.stderr


def test_query_prints_a_table(zhibiao: Call, output: Path) -> None:
    header, *rows = zhibiao("query", output, "SELECT source_path, amount FROM every_type ORDER BY 1").stdout.split(
        "\n"
    )[1:]
    assert header.split() == ["source_path", "amount"]
    assert rows[1].split() == ["乙.tif", "802257.18"]


def test_stats(zhibiao: Call, output: Path, tmp_path: Path) -> None:
    done = zhibiao("stats", output, "-o", tmp_path / "chart.png", "--report", "json")
    (line,) = json.loads(done.stdout)
    assert (line["year"], line["forms"], line["accepted"], line["mean_score"]) == (2021, 2, 1, 6)
    assert (tmp_path / "chart.png").is_file() or "font" in done.stderr


def test_searchable_names_scans_that_are_gone(zhibiao: Call, output: Path, tmp_path: Path) -> None:
    done = zhibiao("searchable", output, "-o", tmp_path / "pdf", forms=False)
    assert (done.returncode, done.stdout) == (ExitCode.INPUT, "")
    assert "甲.tif: the scan is not where it was read" in done.stderr


def test_a_ledger_of_another_version(zhibiao: Call, output: Path, tmp_path: Path) -> None:
    (output / STATE).mkdir()
    of_another_version(output / LEDGER)
    assert zhibiao("export", output, tmp_path / "forms.xlsx").returncode == ExitCode.OK
    done = zhibiao("status", output, forms=False)
    assert done.returncode == ExitCode.USAGE
    assert "another version" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("load nowhere", ExitCode.INPUT, "zhibiao run -o"),
        ("load out --to oracle://x", ExitCode.USAGE, "not supported"),
        ("load out --to postgresql://u:secret@127.0.0.1:1/x", ExitCode.OUTPUT, "refused"),
        ("export out forms.doc", ExitCode.USAGE, ".xlsx"),
        ("export out forms.csv --layout form", ExitCode.USAGE, ".xlsx"),
        ("query out SELEC", ExitCode.USAGE, "every_type"),
        ("stats out --by nothing", ExitCode.USAGE, "head.name"),
        ("stats out -o chart.gif", ExitCode.USAGE, ".png"),
    ],
)
def test_errors(arguments: str, code: ExitCode, said: str, zhibiao: Call, output: Path) -> None:
    done = zhibiao(*arguments.split())
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("load out", "2 loaded, 3 left out as bad"),
        ("export out forms.csv", "forms.every_type.csv"),
        ("query out {sql}", "2"),
        ("stats out", "every_type"),
        ("searchable out -o pdfs", ""),
    ],
)
def test_one_bad_record_costs_itself(arguments: str, said: str, zhibiao: Call, output: Path) -> None:
    bad = {"cut": "{", "nul": '{"a": "\\u0000"}', "empty": ""}
    for name, content in bad.items():
        (output / "records" / f"{name}.1.json").write_text(content, encoding="utf-8")
    words = arguments.split()
    sql = "SELECT count(*) FROM every_type"
    done = zhibiao(*(sql if word == "{sql}" else word for word in words), forms=words[0] != "searchable")
    assert done.returncode == ExitCode.INPUT, done.stderr
    assert said in done.stdout
    for name in bad:
        assert f"left out: {output}/records/{name}.1.json" in done.stderr.replace(
            "left out: out/", f"left out: {output}/"
        )
    assert "Traceback" not in done.stderr

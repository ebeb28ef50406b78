import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import extract
from extract.cli.run import terminable
from extract.errors import ExitCode
from tests.batch.test_run import OTHER, SMALL, slow_file

ZHIBIAO = [sys.executable, "-m", "extract"]
COMMANDS = ["run", "watch", "status", "show", "explain", "doctor"]
COMMANDS += ["forms list", "forms check", "forms schema", "models list", "models fetch"]
HEAVY = ("cv2", "onnxruntime", "paddleocr", "pandas", "camelot", "pypdfium2", "PIL.Image")


def zhibiao(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [*ZHIBIAO, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)  # type: ignore[call-overload,no-any-return]


def interruptible() -> None:
    """For a child process: signals are heard, even where the tests themselves run in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "档案"
    folder.mkdir()
    shutil.copy(SMALL, folder / "乙.txt")
    return folder


@pytest.fixture
def digitised(scans: Path, tmp_path: Path) -> Path:
    assert zhibiao("run", scans, "-o", tmp_path / "输出").returncode in {ExitCode.OK, ExitCode.REVIEW}
    return tmp_path / "输出"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    done = zhibiao(*command.split(), "--help")
    assert done.returncode == ExitCode.OK
    assert f"Usage: zhibiao {command}" in done.stdout
    assert not done.stderr


def test_version() -> None:
    assert zhibiao("--version").stdout == f"zhibiao {extract.__version__}\n"


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "extract", "--help"], capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not loaded & {*HEAVY, "numpy"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("nonsense", "nonsense"),
        ("run", "PATH"),
        ("run x", "-o"),
        ("run x -o out --jobs 0", "jobs"),
        ("run x -o out --set grid.min_segment_char=3", "did you mean 'grid.min_segment_chars'"),
        ("run x -o out --config none.toml", "none.toml"),
        ("run x -o out --form nonsense", "project_self_evaluation"),
        ("forms schema nonsense", "project_self_evaluation"),
        ("show x -o x.png --stage nonsense", "stage"),
        ("models fetch x --size huge", "small"),
    ],
)
def test_usage_errors(arguments: str, said: str, tmp_path: Path) -> None:
    done = zhibiao(*arguments.split(), cwd=tmp_path)
    assert done.returncode == ExitCode.USAGE
    assert said in done.stderr
    assert not done.stdout
    assert not list(tmp_path.iterdir())


def test_run_prints_its_table_and_nothing_else(scans: Path, tmp_path: Path) -> None:
    (scans / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
    done = zhibiao("run", scans, "-o", tmp_path / "out")
    assert done.returncode == ExitCode.INPUT
    header, *rows = (line for line in done.stdout.splitlines() if line.strip() and "─" not in line)
    assert header.split() == ["file", "form", "status", "fields", "doubts", "seconds"]
    assert rows[0].split()[:2] == ["乙.txt", "project_self_evaluation"]
    assert rows[1].split()[:2] == ["坏.pdf", "failed:"]
    assert rows[2].startswith("2 files: ")
    assert done.stderr.startswith("坏.pdf: ")


def test_run_prints_json(scans: Path, tmp_path: Path) -> None:
    done = zhibiao("run", scans, "-o", tmp_path / "out", "--report", "json")
    assert json.loads(done.stdout) == json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))


def test_dry_run_writes_nothing(scans: Path, tmp_path: Path) -> None:
    done = zhibiao("run", scans, "-o", tmp_path / "out", "--dry-run")
    assert (done.returncode, done.stdout) == (ExitCode.OK, "read  乙.txt\n")
    assert not (tmp_path / "out").exists()


def test_dry_run_knows_what_is_done(scans: Path, digitised: Path) -> None:
    shutil.copy(OTHER, scans / "甲.txt")
    assert zhibiao("run", scans, "-o", digitised, "--dry-run").stdout == "skip  乙.txt\nread  甲.txt\n"


def test_missing_input_is_one_entry(scans: Path, tmp_path: Path) -> None:
    done = zhibiao("run", scans / "乙.txt", scans / "无.tif", "-o", tmp_path / "out")
    assert done.returncode == ExitCode.INPUT
    assert "not-found" in done.stdout


def test_output_that_cannot_be_written(scans: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert zhibiao("run", scans, "-o", tmp_path / "file").returncode == ExitCode.USAGE
    assert zhibiao("run", scans, "-o", tmp_path / "file" / "out").returncode == ExitCode.OUTPUT


def test_bad_declaration(scans: Path, tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    forms.mkdir()
    (forms / "bad.toml").write_text("id = 3\n", encoding="utf-8")
    for arguments in (("run", scans, "-o", tmp_path / "out", "--forms", forms), ("forms", "check", forms / "bad.toml")):
        done = zhibiao(*arguments)
        assert done.returncode == ExitCode.DECLARATION
        assert "bad.toml" in done.stderr
    assert not (tmp_path / "out").exists()


def test_missing_weights(tmp_path: Path) -> None:
    assert zhibiao("doctor", "--models", tmp_path / "none").returncode == ExitCode.ENGINE
    assert zhibiao("models", "list", "--models", tmp_path / "none").returncode == ExitCode.ENGINE


def test_doctor_names_what_it_found(tmp_path: Path) -> None:
    done = zhibiao("doctor", "-o", tmp_path / "out")
    assert done.returncode == ExitCode.OK, done.stdout
    for subject in ("weights", "sha256", "cv2", "onnxruntime", "memory", "cores", "fonts", "output"):
        assert subject in done.stdout
    assert not (tmp_path / "out").exists()


def test_schema_is_json() -> None:
    schema = json.loads(zhibiao("forms", "schema", "project_self_evaluation").stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_forms_list_as_json() -> None:
    forms = json.loads(zhibiao("forms", "list", "--report", "json").stdout)
    assert "project_self_evaluation" in [form["id"] for form in forms]


def test_explain(digitised: Path) -> None:
    record = digitised / "records" / "乙.txt.1.json"
    done = zhibiao("explain", record, "/indicators/0/score")
    assert done.returncode == ExitCode.OK
    assert done.stdout.startswith("/indicators/0/score = ")
    assert "check      total-score: passed" in done.stdout
    as_json = json.loads(zhibiao("explain", record, "/indicators/0/score", "--report", "json").stdout)
    assert as_json["evidence"]["origin"] == "text_export"
    wrong = zhibiao("explain", record, "/indicators/999/score")
    assert (wrong.returncode, wrong.stdout) == (ExitCode.USAGE, "")
    assert zhibiao("explain", digitised / "none.json", "/a").returncode == ExitCode.INPUT


def test_terminals_without_chinese(scans: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = zhibiao("run", scans, "-o", tmp_path / "out", env=environment)
    assert done.returncode in {ExitCode.OK, ExitCode.REVIEW}
    assert r"\u4e59.txt" in done.stdout


def test_readers_that_stop_early() -> None:
    command = f"{sys.executable} -m extract forms schema project_self_evaluation | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("{\n0\n", "")


def test_readers_of_a_report_that_stop_early(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number}.pdf").touch()
    command = (
        f"{sys.executable} -m extract run {tmp_path} -o {tmp_path}/out --report json | true; echo ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
    assert "cannot write" not in done.stderr


def test_a_signal_that_is_to_be_ignored_is_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with terminable():
            signal.raise_signal(signal.SIGHUP)
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGHUP, 130), (signal.SIGKILL, -9)],
)
def test_an_interrupt_leaves_whole_records(scans: Path, tmp_path: Path, sent: signal.Signals, code: int) -> None:
    slow_file(scans, "最后.txt")
    shutil.copy(OTHER, scans / "丙.txt")
    out = tmp_path / "out"
    command = [*ZHIBIAO, "run", str(scans), "-o", str(out), "--jobs", "1"]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=interruptible
    )
    wait_until(lambda: (out / "records" / "乙.txt.4.json").exists())
    time.sleep(0.5)
    running.send_signal(sent)
    running.communicate(timeout=20)
    assert running.returncode == code
    for path in (out / "records").rglob("*"):
        json.loads(path.read_text(encoding="utf-8"))
    assert (out / "report.json").exists() == (sent is not signal.SIGKILL)
    (scans / "最后.txt").unlink()
    again = zhibiao("run", scans, "-o", out)
    assert again.returncode in {ExitCode.OK, ExitCode.REVIEW}
    assert again.stdout.count("skipped (") == 2
    assert not list((out / ".zhibiao" / "unfinished").iterdir())


def wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)

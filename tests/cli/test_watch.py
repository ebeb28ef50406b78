import signal
import subprocess
from pathlib import Path

import pytest

from extract.errors import ExitCode
from tests.batch.test_run import SMALL, records
from tests.commands import ZHIBIAO, interruptible, wait_until, zhibiao


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_what_a_scanner_drops_is_read_when_it_is_whole(tmp_path: Path, sent: signal.Signals) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    command = [*ZHIBIAO, "watch", str(folder), "-o", str(out), "--settle", "1.5", "--jobs", "1"]
    watching = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=interruptible
    )
    try:
        wait_until(lambda: (out / ".zhibiao" / "ledger.sqlite").exists())
        content = SMALL.read_bytes()
        with (folder / "表.txt").open("wb") as growing:
            for start in range(0, len(content), len(content) // 3):
                growing.write(content[start : start + len(content) // 3])
                growing.flush()
                with pytest.raises(subprocess.TimeoutExpired):
                    watching.wait(0.7)
                assert not records(out)
        wait_until(lambda: (out / "report.json").exists())
        assert len(records(out)) == 4
    finally:
        watching.send_signal(sent)
        stdout, stderr = watching.communicate(timeout=20)
    assert watching.returncode in {ExitCode.OK, ExitCode.REVIEW}
    assert stdout.startswith("表.txt: ")
    assert stdout.splitlines()[-1].startswith("1 file: ")
    assert "Traceback" not in stderr
    assert "skipped (ok)" in zhibiao("run", folder, "-o", out).stdout


def test_a_file_cannot_be_watched(tmp_path: Path) -> None:
    done = zhibiao("watch", SMALL, "-o", tmp_path / "out")
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert not (tmp_path / "out").exists()

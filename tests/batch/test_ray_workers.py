"""Files read on a real cluster: nodes with raylets of their own, one of which is lost."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import faults
from bench.nodes import Nodes, cluster
from extract.batch.ray_workers import MARK, blaming_rays_log, pack, unpack
from extract.batch.session import Session
from extract.batch.worker import Setup
from extract.errors import EngineError, ExitCode, OutputError
from extract.ocr.engines import weights
from extract.records.outcomes import BUG, Entry, Outcome
from extract.storage.output_dir import OutputDir
from tests import s3 as server
from tests.commands import interruptible, zhibiao
from tests.paths import ROOT

SCHEMAS = ROOT / "schemas"
ROOMY = "batch.max_worker_megabytes=12000"
"""So that the page that takes for ever meets the limit on time, not the one on memory."""

LIMIT_S = 8
"""More than a text export takes."""


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with cluster() as started:
        yield started


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return faults.make_inputs(tmp_path_factory.mktemp("actors") / "in", copies=1, scans=(faults.SCAN,))


@pytest.fixture(scope="module")
def whole(inputs: Path) -> faults.Records:
    """The records of a run on this machine."""
    return faults.finish(inputs, inputs.parent / "whole")


def on_ray(inputs: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "extract", "run", str(inputs), "-o", str(out), "--engine", "ray", *options]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=interruptible
    )


def test_a_node_lost_and_an_actor_killed(nodes: Nodes, inputs: Path, whole: faults.Records, tmp_path: Path) -> None:
    out, log = tmp_path / "out", tmp_path / "log"
    stays, goes = nodes.add(), nodes.add()
    with on_ray(inputs, out, "--address", nodes.address, "--log", str(log)) as run:
        goes.wait_for_reading()
        nodes.lose(goes)
        os.kill(stays.wait_for_reading(), signal.SIGKILL)
        output, said = run.communicate(timeout=120)
    nodes.lose(stays)
    assert run.returncode == ExitCode.REVIEW, said
    assert faults.records(out) == whole
    names = Counter(line["path"] for line in map(json.loads, log.open()) if line["event"] == "file")
    assert names == dict.fromkeys((path.name for path in inputs.iterdir()), 1)
    assert "raylet" not in output + said


def test_a_bucket_instead_of_a_disk(nodes: Nodes, whole: faults.Records, s3: str) -> None:
    server.put(f"{s3}/in/{faults.SCAN.name}", faults.SCAN.read_bytes())
    node = nodes.add()
    done = zhibiao("run", f"{s3}/in", "-o", f"{s3}/out", "--engine", "ray", "--address", nodes.address)
    nodes.lose(node)
    assert done.returncode == ExitCode.REVIEW, done.stderr
    found = server.get_folder(f"{s3}/out")
    assert {path: found[path] for path in found if path.startswith("records/")} == {
        path: whole[path] for path in whole if faults.SCAN.name in path
    }


def test_an_interrupt_ends_the_actors_and_not_the_cluster(nodes: Nodes, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "endless.pdf").write_bytes(faults.endless_pdf())
    node = nodes.add()
    with on_ray(tmp_path / "in", tmp_path / "out", "--address", nodes.address) as run:
        reader = node.wait_for_reading()
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=60)
    assert run.returncode == ExitCode.INTERRUPTED, said
    assert said.count("interrupted") == 1
    assert reader not in node.processes()
    nodes.lose(node)


def test_a_node_with_another_version(nodes: Nodes, inputs: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "extract", tmp_path / "extract")
    (tmp_path / "extract" / "__init__.py").write_text('"""Another."""\n\n__version__ = "0.0.1"\n')
    other = nodes.add(PYTHONPATH=str(tmp_path))
    done = zhibiao("run", inputs, "-o", tmp_path / "out", "--engine", "ray", "--address", nodes.address, cwd=inputs)
    nodes.lose(other)
    assert done.returncode == ExitCode.ENGINE
    assert "has zhibiao 0.0.1" in done.stderr
    assert "on every node" in done.stderr


def test_a_cluster_of_its_own_ends_with_the_run(inputs: Path, whole: faults.Records, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    shutil.copytree(inputs, folder, ignore=shutil.ignore_patterns(faults.SCAN.name))
    (folder / "endless.pdf").write_bytes(faults.endless_pdf())
    with on_ray(folder, out, "--jobs", "2", "--set", f"batch.max_seconds={LIMIT_S}", "--set", ROOMY) as run:
        while run.poll() is None and not faults.records(out):
            time.sleep(0.05)
        family = descendants(run.pid)
        _, said = run.communicate(timeout=60)
    assert run.returncode == ExitCode.INPUT, said
    assert faults.code_of(out, "endless.pdf") == "timeout"
    assert faults.records(out) == {path: content for path, content in whole.items() if faults.SCAN.name not in path}
    assert len(family) > 2
    assert not [process for process in family if Path(f"/proc/{process}/exe").exists()]


def descendants(parent: int) -> list[int]:
    family = [parent]
    for process in family:
        for listing in Path(f"/proc/{process}/task").glob("*/children"):
            family += map(int, listing.read_text().split())
    return family[1:]


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:10001", "127.0.0.1"])
def test_an_address_where_no_cluster_is(address: str, inputs: Path, tmp_path: Path) -> None:
    done = zhibiao("run", inputs, "-o", tmp_path / "out", "--engine", "ray", "--address", address)
    assert done.returncode in {ExitCode.ENGINE, ExitCode.USAGE}
    assert address in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_address_without_ray(inputs: Path, tmp_path: Path) -> None:
    done = zhibiao("run", inputs, "-o", tmp_path / "out", "--address", "127.0.0.1:6379")
    assert done.returncode == ExitCode.USAGE
    assert "--engine ray" in done.stderr


def test_a_parcel_brings_its_forms(tmp_path: Path) -> None:
    shutil.copytree(SCHEMAS, tmp_path / "forms", ignore=shutil.ignore_patterns("lexicon.toml", "*.py"))
    setup = Setup(Session(forms_dirs=(tmp_path / "forms",)), tmp_path / "out", 1, 4000)
    parcel = pack(setup, None)
    OutputDir(setup.output).write_text(MARK, parcel.mark)
    shutil.rmtree(tmp_path / "forms")
    assert unpack(parcel).session.forms == setup.session.forms


def test_a_node_that_does_not_see_the_output_folder(tmp_path: Path) -> None:
    setup = Setup(Session(), tmp_path / "out", 1, 4000)
    OutputDir(setup.output).write_text(MARK, pack(setup, None).mark)
    with pytest.raises(OutputError, match="does not see the output folder"):
        unpack(pack(setup, None))


def test_a_node_with_other_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = Setup(Session(), tmp_path / "out", 1, 4000)
    parcel = pack(setup, None)
    OutputDir(setup.output).write_text(MARK, parcel.mark)
    assert unpack(parcel).session == setup.session
    found = weights.find()
    for path in (found.detection, found.recognition):
        (tmp_path / path.name).write_bytes(path.read_bytes() + b"\n")
    monkeypatch.setenv(weights.MODELS_VARIABLE, str(tmp_path))
    with pytest.raises(EngineError, match="other weights"):
        unpack(parcel)


def test_a_bug_on_a_node_says_where_its_details_are() -> None:
    bug = Entry("a.tif", Outcome.FAILED, code=BUG, remedy="See .zhibiao/workers.log.", exit_code=ExitCode.BUG)
    assert f"Ray's log of the actor on node {socket.gethostname()}" in str(blaming_rays_log(bug).remedy)
    other = Entry("a.tif", Outcome.FAILED, code="empty", remedy="Scan it again.", exit_code=ExitCode.INPUT)
    assert blaming_rays_log(other) == other


def test_ray_that_is_not_installed(inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "ray.py").write_text("raise ImportError('No module named ray')\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = zhibiao("run", inputs, "-o", tmp_path / "out", "--engine", "ray", cwd=inputs, env=environment)
    assert done.returncode == ExitCode.ENGINE
    assert "pip install 'zhibiao[ray]'" in done.stderr
    assert not (tmp_path / "out").exists()

"""Nothing leaves the machine: no name is looked up, no packet sent, nothing written below the home folder."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from extract.batch.session import source_of
from extract.forms.declaration.loader import load_forms
from extract.pipeline import Pipeline
from extract.settings.defaults import Settings

SCAN = Path("fixtures/scans/office/office-01.jpg")

# A network of its own, in which the resolver asks the loopback interface; it ends with the kernel's count of packets.
_ALONE = (
    "mount --bind {resolver} /etc/resolv.conf && ip link set lo up && {command} && grep -E '^(Ip|Udp):' /proc/net/snmp"
)


def read_and_wait() -> None:
    """What a program of one's own does: read a scan, then live on.

    ONNX Runtime's reporter speaks for the first time 5 to 9 s after the first network was loaded.
    """
    assert Pipeline(load_forms(), Settings()).digitise(SCAN, source_of(SCAN)).records
    time.sleep(10)


def counters(command: str, tmp_path: Path) -> dict[str, int]:
    """Packets by protocol and kind while a command ran without a network; skips where no namespace can be made."""
    resolver = tmp_path / "resolv.conf"
    resolver.write_text("nameserver 127.0.0.1\n")
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("no unshare or ip here")
    alone = ("unshare", "--map-root-user", "--net", "--mount", "sh", "-c")
    if subprocess.run((*alone, "true"), capture_output=True).returncode != 0:
        pytest.skip("no network namespace may be made here")
    script = _ALONE.format(resolver=resolver, command=command)
    env = {**os.environ, "HOME": str(tmp_path / "home")}
    (tmp_path / "home").mkdir()
    for variable in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "ORT_DISABLE_TELEMETRY"):
        env.pop(variable, None)
    done = subprocess.run((*alone, script), env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith(("Ip:", "Udp:"))]
    return {
        f"{names[0]}{name}": int(value)
        for names, values in zip(lines[::2], lines[1::2], strict=True)
        for name, value in zip(names[1:], values[1:], strict=True)
    }


def test_reading_sends_nothing_and_leaves_the_home_folder_empty(tmp_path: Path) -> None:
    counted = counters(f"{sys.executable} -c 'from tests.test_offline import read_and_wait as go; go()'", tmp_path)
    assert counted["Udp:OutDatagrams"] == counted["Ip:OutRequests"] == counted["Ip:OutNoRoutes"] == 0
    assert list((tmp_path / "home").iterdir()) == []


def test_a_run_with_its_workers_sends_nothing_and_leaves_the_home_folder_empty(tmp_path: Path) -> None:
    run = f"{sys.executable} -m extract run {SCAN} -o {tmp_path / 'out'} --jobs 2 >/dev/null"
    counted = counters(run, tmp_path)
    assert counted["Udp:OutDatagrams"] == counted["Ip:OutRequests"] == counted["Ip:OutNoRoutes"] == 0
    assert list((tmp_path / "home").iterdir()) == []


def test_look_ups_are_noticed(tmp_path: Path) -> None:
    """The count itself: a name that is looked up shows in it."""
    script = tmp_path / "ask.py"
    script.write_text("import socket\ntry:\n    socket.getaddrinfo('example.org', 443)\nexcept OSError:\n    pass\n")
    assert counters(f"{sys.executable} {script}", tmp_path)["Udp:OutDatagrams"] > 0

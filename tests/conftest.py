"""Shared by all tests: a server for objects, started when the first test asks for it."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests import s3 as server

# How long one example takes says nothing on a machine that others use as well.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def s3_environment() -> Iterator[server.Environment]:
    """The environment that leads to an S3 server with an empty bucket `zhibiao`."""
    with tempfile.TemporaryDirectory() as folder, server.serving(Path(folder)) as environment:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            server.make_bucket("zhibiao")
        yield environment


@pytest.fixture
def s3(s3_environment: server.Environment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The URL of an empty folder in a bucket; the environment leads to it, local state is the test's own."""
    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return f"s3://zhibiao/{uuid.uuid4().hex}"

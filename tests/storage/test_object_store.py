"""What the libraries behind URLs say, told apart."""

from collections.abc import Callable
from typing import Any

import pytest

from extract.errors import StorageError, UsageError
from extract.storage import object_store
from extract.storage.location import Url


class ServiceError(Exception):
    """An exception of a service's own library."""


class Files:
    """A file system whose look-ups fail."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def info(self, _path: str) -> Any:
        raise self._error


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    def fail(error: Exception) -> None:
        monkeypatch.setattr(object_store, "_file_system", lambda _protocol: Files(error))

    return fail


@pytest.mark.parametrize("error", [ServiceError("no credentials"), ConnectionError("refused"), TimeoutError()])
def test_a_service_that_does_not_answer(error: Exception, failing: Callable[[Exception], None]) -> None:
    failing(error)
    with pytest.raises(StorageError, match="s3://bucket cannot be used"):
        object_store.look(Url("s3://bucket/key"))


def test_an_address_that_the_library_does_not_take(failing: Callable[[Exception], None]) -> None:
    failing(ValueError("port is no number"))
    with pytest.raises(UsageError, match="s3://bucket/key is no address that can be used: port is no number"):
        object_store.look(Url("s3://bucket/key"))


@pytest.mark.parametrize("error", [TypeError("a bug"), AssertionError(), KeyError("name")])
def test_a_bug_is_not_called_a_service(error: Exception, failing: Callable[[Exception], None]) -> None:
    failing(error)
    with pytest.raises(type(error)):
        object_store.look(Url("s3://bucket/key"))

"""Objects behind URLs, by way of fsspec; it is loaded when the first URL is used.

What concerns one object is raised as OSError, as for a file on a disk; what concerns all of them (no credentials, a
service that does not answer) as StorageError.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from extract.errors import StorageError, UsageError, ZhibiaoError
from extract.storage.file_version import Version
from extract.storage.location import Url

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_TAGS = ("ETag", "etag", "md5Hash", "content_md5")
"""Under which names fsspec's file systems give an object's entity tag; a date is none, as it repeats."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An object, or (without a version) a folder of objects, as a listing has it."""

    name: str
    version: Version | None
    modified: datetime | None = None

    @property
    def is_folder(self) -> bool:
        """Whether there are objects below it rather than content in it."""
        return self.version is None


def look(url: Url) -> Listed | None:
    """What is there, or None."""
    with _service(url) as files:
        try:
            return _listed(files.info(url.text))
        except FileNotFoundError:
            return None


def listing(folder: Url) -> list[Listed]:
    """What lies directly in a folder, by name; none of it is remembered."""
    with _service(folder) as files:
        own = files._strip_protocol(folder.text).rstrip("/")
        found = [_listed(info) for info in files.ls(folder.text, detail=True) if info["name"].rstrip("/") != own]
    return sorted(found, key=lambda listed: listed.name)


def exists(url: Url) -> bool:
    """Whether there is an object."""
    found = look(url)
    return found is not None and not found.is_folder


def read(url: Url) -> bytes:
    """An object's content."""
    with _service(url) as files:
        return bytes(files.cat_file(url.text))


def fetch(url: Url, target: Path) -> None:
    """Copy an object into a file, in pieces."""
    with _service(url) as files:
        files.get_file(url.text, str(target))


def reading(url: Url) -> IO[bytes]:
    """An object as a file that is read in pieces."""
    with _service(url) as files:
        opened: IO[bytes] = files.open(url.text, "rb")
    return opened


def write(url: Url, content: bytes) -> None:
    """Put an object: object stores show it whole or not at all."""
    with _service(url) as files:
        files.pipe_file(url.text, content)


def upload(url: Url, source: Path) -> None:
    """Put a file as an object, in pieces where it is large; they become an object with the last one."""
    with _service(url) as files:
        files.put_file(str(source), url.text)


def create(url: Url, content: bytes) -> bool:
    """Put an object where there is none; False where there is one."""
    try:
        with _service(url) as files:
            files.pipe_file(url.text, content, mode="create")
    except OSError:
        if exists(url):
            return False
        raise
    return True


def remove(url: Url) -> None:
    """Remove an object, if there is one."""
    with _service(url) as files:
        try:
            files.rm_file(url.text)
        except FileNotFoundError:
            return


def _listed(info: dict[str, Any]) -> Listed:
    name = info["name"].rstrip("/").rpartition("/")[2]
    if info["type"] == "directory":
        return Listed(name, None)
    tag = next((info[key] for key in _TAGS if info.get(key)), None)
    modified = info.get("LastModified")
    version = Version(info["size"] or 0, None if tag is None else str(tag).strip('"'))
    return Listed(name, version, modified if isinstance(modified, datetime) else None)


@contextmanager
def _service(url: Url) -> Iterator[AbstractFileSystem]:
    """The file system of a URL, with its exceptions told apart.

    Raises OSError for what concerns one object, UsageError for an address that the file system does not take, and
    StorageError where the service does not answer or lets nobody in. What Python raises itself passes through.
    """
    files = _file_system(url.protocol)
    try:
        yield files
    except (ConnectionError, TimeoutError) as error:
        raise _unanswered(url, error) from error
    except (OSError, ZhibiaoError):
        raise
    except ValueError as error:
        raise _refused(url, error) from error
    except Exception as error:  # each library has its own; those of one object are OSErrors by fsspec's rules
        if type(error).__module__ == "builtins":
            raise  # a fault of a program, not of the service
        raise _unanswered(url, error) from error


def _refused(url: Url, error: ValueError) -> UsageError:
    failure = UsageError(f"{url} is no address that can be used: {error}")
    failure.remedy = "Name a path, or a URL such as s3://bucket/folder."
    return failure


def _unanswered(url: Url, error: Exception) -> StorageError:
    return StorageError(f"{'/'.join(url.text.split('/')[:3])} cannot be used: {error or type(error).__name__}")


@cache
def _file_system(protocol: str) -> AbstractFileSystem:
    """One for the process: it may be used from any thread. Raises UsageError for one that cannot be had."""
    try:
        import fsspec

        return fsspec.filesystem(protocol, use_listings_cache=False, skip_instance_cache=True)
    except ImportError as error:
        failure = UsageError(f"{protocol}:// needs a library that is not installed ({error})")
        failure.remedy = "For S3: pip install 'zhibiao[s3]'. For others: pip install what the message names."
        raise failure from error
    except ValueError as error:
        failure = UsageError(f"{protocol}:// is no kind of storage that is known ({error})")
        failure.remedy = "Name a path, or a URL such as s3://bucket/folder."
        raise failure from error

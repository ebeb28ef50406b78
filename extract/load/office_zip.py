"""Office files as ZIP packages: their size and their XML checked before any of it is read."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extract.errors import EncryptedFile, InputError, TooLarge, TruncatedFile
from extract.settings.defaults import LoadSettings

_CHUNK = 1 << 20
_DOCTYPE = tuple("<!DOCTYPE".encode(name) for name in ("ascii", "utf-16-le", "utf-16-be"))


@contextmanager
def opened(path: Path, settings: LoadSettings) -> Iterator[zipfile.ZipFile]:
    """The package of an office file, found harmless.

    Raises TooLarge where its XML would unpack to more than the limit (told by unpacking it piece by piece, for the
    sizes it states may lie), InputError for XML that declares entities (office programs write none), EncryptedFile,
    TruncatedFile.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive, settings)
            yield archive
    except (zipfile.BadZipFile, EOFError) as error:
        raise TruncatedFile("The office file is damaged: a part of it is incomplete.") from error


def _check(archive: zipfile.ZipFile, settings: LoadSettings) -> None:
    left = int(settings.max_unpacked_megabytes * 1e6)
    for info in archive.infolist():
        if info.flag_bits & 1:
            raise EncryptedFile("The office file asks for a password.")
        if not info.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(info) as part:
            before = b""
            while chunk := part.read(min(_CHUNK, left + 1)):
                left -= len(chunk)
                if left < 0:
                    limit = f"{settings.max_unpacked_megabytes:.0f} MB"
                    raise TooLarge(f"The office file would unpack to more than {limit}.")
                if any(mark in before + chunk for mark in _DOCTYPE):
                    raise InputError("The office file declares XML entities, which no office program writes.")
                before = chunk[-32:]

"""Names of scans in an output folder: given once, never to two scans, the same whichever folder a run was told."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath

from extract.batch.inputs import InputFile, name_below
from extract.errors import BadRecord
from extract.records.decode import decode
from extract.storage.backends import exists
from extract.storage.ledger import LedgerView
from extract.storage.location import Location, parts
from extract.storage.output_dir import OutputDir, record_path

HASH_DIGITS = 8
"""Hexadecimal digits that tell scans of one name apart: 2^32 of them, and more than two of one name are rare."""


class Names:
    """Gives scans their names in an output folder.

    A scan that the ledger knows by its place keeps its name. Another one is called by its path below the innermost
    input root that the ledger remembers, or else below the common folder of the paths that the run was given. Where
    that name is another scan's, the hash of the scan's content is added.
    """

    def __init__(self, ledger: LedgerView, output: OutputDir) -> None:
        self._ledger = ledger
        self._output = output
        self._roots = set(ledger.roots())
        self._promised: dict[str, Location] = {}

    def name_of(self, file: InputFile, sha256: str) -> str:
        """The name of a scan; from then on it is no other's. `sha256` is empty where the content cannot be read."""
        known = self._ledger.at(file.place)
        name = known.entry.path if known is not None else self._new_name(file, sha256)
        self._promised[name] = file.place
        return name

    def kept(self, name: str) -> None:
        """The ledger knows who has a name: it need not be remembered here any more."""
        self._promised.pop(name, None)

    def root_of(self, file: InputFile) -> tuple[str, ...] | None:
        """The innermost remembered root that a scan lies below."""
        way = parts(file.place)
        found = [root for root in self._roots if way[: len(root)] == root and len(root) < len(way)]
        return max(found, key=len, default=None)

    def remember(self, root: tuple[str, ...]) -> bool:
        """Let names begin below a folder; False where they do so already."""
        if root in self._roots:
            return False
        self._roots.add(root)
        return True

    def wanted(self, file: InputFile) -> str:
        """What a new scan would be called if no other had the name: its path below the innermost remembered root."""
        root = self.root_of(file)
        return file.name if root is None else name_below(file.place, root)

    def _new_name(self, file: InputFile, sha256: str) -> str:
        name = self.wanted(file)
        if self._is_free(name, file.place, sha256):
            return name
        for seed in (sha256, f"{sha256} {parts(file.place)!r}"):
            told_apart = _with_hash(name, seed)
            if self._is_free(told_apart, file.place, sha256):
                return told_apart
        return _with_hash(name, hashlib.sha256(repr(parts(file.place)).encode()).hexdigest())

    def _is_free(self, name: str, place: Location, sha256: str) -> bool:
        """Whether a name is no other scan's: not promised, not in the ledger, no record of another content there."""
        if self._promised.get(name, place) != place:
            return False
        known = self._ledger.known(name)
        if known is not None:
            return not known.entry.records and (known.sha256 == sha256 or not exists(known.source))
        content = self._output.read(record_path(name, 1))
        try:
            return content is None or decode(content, name).source.sha256 == sha256
        except BadRecord:
            return True  # nothing of a scan is in it


def _with_hash(name: str, seed: str) -> str:
    """`box/1.png` and a hash give `box/1~1f3a9c02.png`."""
    digits = seed if len(seed) == 64 and seed.isalnum() else hashlib.sha256(seed.encode()).hexdigest()
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}~{digits[:HASH_DIGITS]}{path.suffix}"))

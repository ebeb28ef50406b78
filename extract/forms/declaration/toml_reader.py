"""Reading a TOML document key by key: every fault is noted with its key path, none stops the reading."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from extract.errors import DeclarationError

Word = TypeVar("Word", bound=StrEnum)

_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a boolean"),
    (str, "a text"),
    (int, "a number"),
    (Decimal, "a number"),
    (list, "a list"),
    (dict, "a table"),
)


@dataclass
class Node:
    """One table of a document; a faulty or missing key is noted in `faults` and its default taken.

    The keys that were asked for are the known ones: `close` reports all others. Lists count from 0.
    """

    raw: Mapping[str, object]
    path: str
    faults: list[str]
    asked: set[str] = field(default_factory=set)

    def text(self, key: str, *, default: str | None = None) -> str:
        """A text that is not empty; required where there is no default."""
        value = self._get(key, str, "a text", required=default is None)
        if isinstance(value, str) and not value.strip():
            self.fault(key, "is empty")
        return value if isinstance(value, str) else default or ""

    def optional_text(self, key: str) -> str:
        """A text that is not empty; "" where it is left out."""
        return self.text(key, default="")

    def name(self, key: str, pattern: str, wanted: str) -> str:
        """A required text that must match a pattern."""
        value = self.text(key)
        if value and not re.fullmatch(pattern, value):
            self.fault(key, f"“{value}” is not {wanted}")
            return ""
        return value

    def word(self, key: str, words: type[Word], default: Word, *, required: bool = False) -> Word:
        """One of an enumeration's words."""
        value = self._get(key, str, "a text", required=required)
        if not isinstance(value, str):
            return default
        if value not in {str(word) for word in words}:
            self.fault(key, f"unknown {key} “{value}”; {suggest(value, [str(word) for word in words])}")
            return default
        return words(value)

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts, none empty, none twice; not empty where required."""
        value = self._get(key, list, "a list of texts", required=required)
        if not isinstance(value, list):
            return ()
        if required and not value:
            self.fault(key, "is empty")
        return _texts(value, self.at(key), self.faults)

    def text_lists(self, key: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts, each with at least one."""
        value = self._get(key, list, "a list of lists of texts")
        found = []
        for index, item in enumerate(value if isinstance(value, list) else []):
            where = f"{self.at(key)}[{index}]"
            if isinstance(item, list) and item:
                found.append(_texts(item, where, self.faults))
            else:
                self.faults.append(f"{where}: must be a list of texts with at least one")
        return tuple(found)

    def flag(self, key: str) -> bool:
        """True or false, false where it is left out."""
        return self._get(key, bool, "true or false") is True

    def count(self, key: str, *, default: int = 0, most: int | None = None) -> int:
        """A whole number from 0 to `most`."""
        value = self._get(key, int, "a whole number")
        if not isinstance(value, int):
            return default
        if value < 0 or (most is not None and value > most):
            self.fault(key, f"must be from 0 to {most}" if most is not None else "must not be negative")
            return default
        return value

    def optional_count(self, key: str, *, most: int) -> int | None:
        """A whole number from 0 to `most`; None where it is left out."""
        value = self.count(key, most=most)
        return value if key in self.raw else None

    def decimal(self, key: str, default: Decimal) -> Decimal:
        """A number, or a text that is one."""
        return self._decimal(key, self._get(key, (int, Decimal, str), "a number"), default)

    def decimals(self, key: str) -> dict[str, Decimal] | None:
        """A table of numbers; None where it is left out."""
        node = self.child(key)
        if node is None:
            return None
        return {name: node.decimal(name, Decimal(0)) for name in node.raw}

    def strings(self, key: str) -> dict[str, str]:
        """A required table of texts."""
        node = self.child(key, required=True)
        return {name: node.text(name) for name in node.raw} if node else {}

    def child(self, key: str, *, required: bool = False) -> Node | None:
        """The table below a key, if there is one."""
        value = self._get(key, dict, "a table", required=required)
        return Node(value, self.at(key), self.faults) if isinstance(value, dict) else None

    def children(self, key: str, *, required: bool = False) -> list[Node]:
        """The tables of an array of tables; at least one where required."""
        value = self._get(key, list, f"a list of tables ([[{self.at(key)}]])", required=required)
        nodes = []
        for index, item in enumerate(value if isinstance(value, list) else []):
            if isinstance(item, dict):
                nodes.append(Node(item, f"{self.at(key)}[{index}]", self.faults))
            else:
                self.faults.append(f"{self.at(key)}[{index}]: must be a table")
        return nodes

    def tables(self, key: str) -> dict[str, dict[str, object]]:
        """Tables below a table, as they are."""
        node = self.child(key)
        found = {}
        for name in node.raw if node else ():
            table = node.child(name) if node else None
            if table is not None:
                found[name] = dict(table.raw)
        return found

    def fault(self, key: str, message: str) -> None:
        """Note a fault at a key of this table."""
        self.faults.append(f"{self.at(key)}: {message}")

    def at(self, key: str) -> str:
        """The key path of a key of this table."""
        return f"{self.path}.{key}" if self.path else key

    def close(self) -> None:
        """Report the keys that nobody asked for."""
        for key in self.raw:
            if key not in self.asked:
                self.fault(key, f"unknown key; {suggest(key, sorted(self.asked))}")

    def _get(self, key: str, kind: type | tuple[type, ...], wanted: str, *, required: bool = False) -> object | None:
        self.asked.add(key)
        value = self.raw.get(key)
        if value is None:
            if required:
                self.fault(key, "is missing")
            return None
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            self.fault(key, f"must be {wanted}, not {_kind(value)}")
            return None
        return value

    def _decimal(self, key: str, value: object, default: Decimal) -> Decimal:
        if value is None:
            return default
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
        self.fault(key, f"“{value}” is not a number")
        return default


def read_document(path: Path) -> tuple[Node, bytes]:
    """A TOML file as its root node, with its bytes; raises DeclarationError where there is no TOML to read."""
    try:
        content = path.read_bytes()
        raw = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise DeclarationError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DeclarationError(f"{path}: is not UTF-8 text (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(f"{path}: is not TOML: {error}") from error
    return Node(raw, "", []), content


def raise_faults(path: Path, faults: Sequence[str]) -> None:
    """Raise one DeclarationError that lists all faults, if there are any."""
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise DeclarationError("\n  ".join([f"{path}: {count}", *faults]))


def suggest(word: str, known: Iterable[str]) -> str:
    """What may have been meant: the nearest known word, or all of them."""
    words = list(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    return f"did you mean “{near[0]}”?" if near else f"known are {', '.join(words)}"


def _texts(value: list[object], where: str, faults: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    for index, item in enumerate(value):
        if not isinstance(item, str) or not item.strip():
            faults.append(f"{where}[{index}]: must be a text that is not empty")
        elif item in found:
            faults.append(f"{where}[{index}]: “{item}” stands twice")
        else:
            found.append(item)
    return tuple(found)


def _kind(value: object) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "a date or time")

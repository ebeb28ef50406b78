"""The fonts that lines are drawn in: Debian packages, unpacked below a folder; which are held out of training."""

from __future__ import annotations

import subprocess
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont
from PIL import ImageFont

_LISTS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("fonts.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Font:
    """A font file, the face inside it, and how often it is drawn from, against the others."""

    path: str
    index: int = 0
    weight: int = 1

    @property
    def name(self) -> str:
        """The file's name."""
        return Path(self.path).name


@dataclass(frozen=True, slots=True)
class Fonts:
    """Chinese fonts, and Western ones for the digits beside them."""

    chinese: tuple[Font, ...]
    western: tuple[Font, ...]


def fetch(folder: Path) -> None:
    """Download the packages and unpack them below a folder, without installing anything.

    Raises CalledProcessError where apt or dpkg fails. Debian 12 and 13 have them all.
    """
    archives = folder / "archives"
    archives.mkdir(parents=True, exist_ok=True)
    for package in _LISTS["packages"]:
        if not list(archives.glob(f"{package}_*.deb")):
            subprocess.run(["apt-get", "download", "-q", package], cwd=archives, check=True, stdout=subprocess.DEVNULL)
        for archive in archives.glob(f"{package}_*.deb"):
            subprocess.run(["dpkg", "-x", str(archive), str(folder)], check=True)


def find(folder: Path, held_out: bool = False) -> Fonts:
    """The fonts below a folder: those trained with, or those held out. Raises FileNotFoundError for a missing one."""
    files: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".ttf", ".otf", ".ttc"):
            files.setdefault(path.name, path)
    chinese, western = (_LISTS[name + ("_held_out" if held_out else "")] for name in ("chinese", "western"))
    return Fonts(tuple(_font(one, files) for one in chinese), tuple(_font(one, files) for one in western))


def _font(entry: str, files: dict[str, Path]) -> Font:
    rest, _, weight = entry.partition("*")
    name, _, index = rest.partition(":")
    if name not in files:
        raise FileNotFoundError(name)
    return Font(str(files[name]), int(index or 0), int(weight or 1))


@lru_cache(maxsize=150)
def face(font: Font, px: int) -> ImageFont.FreeTypeFont:
    """A font at a size in pixels."""
    return ImageFont.truetype(font.path, px, index=font.index, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=200_000)
def metrics(font: Font, px: int, char: str) -> tuple[tuple[float, float, float, float], float]:
    """Box of a character's ink from its pen position on the base line, y down, and its advance, in pixels."""
    used = face(font, px)
    return used.getbbox(char, anchor="ls"), used.getlength(char)


@lru_cache(maxsize=200)
def covered(font: Font) -> frozenset[int]:
    """The code points that a font has glyphs for, blank ones left out (some fonts have an empty glyph for a sign)."""
    if font.path.lower().endswith(".ttc"):
        table = TTCollection(font.path, lazy=True).fonts[font.index].getBestCmap()
    else:
        table = TTFont(font.path, lazy=True).getBestCmap()
    return frozenset(table)


@lru_cache(maxsize=100_000)
def has(font: Font, char: str) -> bool:
    """Whether a font prints a character: it has a glyph, and the glyph has ink."""
    if ord(char) not in covered(font):
        return False
    (x0, _, x1, _), _ = metrics(font, 36, char)
    return x1 > x0

"""A picture of the figures: mean scores and rates of each organisation by year, and the most frequent doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from extract.downstream.analytics.stats import Figures
from extract.downstream.tables.atomic_file import unfinished
from extract.downstream.tables.glossary import word
from extract.errors import OutputError

MAX_ORGANISATIONS = 25
"""Organisations that one picture can show legibly; those with most forms."""

MAX_LABEL = 18
"""Characters of an organisation's name that fit beside its bars."""

PREFERRED = ("Noto Sans CJK", "Noto Sans SC", "Source Han Sans", "WenQuanYi", "Microsoft YaHei", "SimHei", "PingFang")
"""Families to take first, as they are made for screens; any other that has the characters will do."""


_BOXES = "Last Resort"
"""Matplotlib's own font of last resort: it shows a box for every character."""


class NoFont(OutputError):
    """No font on this machine has the characters; the figures were printed, the picture is left out."""

    code = "no-font"
    remedy = "Install a Chinese font (on Debian: fonts-noto-cjk) and run again."


def draw(lines: Sequence[Figures], target: Path) -> Path:
    """Write the picture as PNG. Raises NoFont where its characters cannot be shown, OutputError."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    kept = _kept(lines)
    style: Any = {"font.family": find_fonts(_texts(kept)), "axes.unicode_minus": False}
    with mpl.rc_context(style), unfinished(target) as files:
        names = sorted({line.organisation or "—" for line in kept}, reverse=True)
        height = max(4.0, 0.5 * len(names) + 2)
        figure, axes = plt.subplots(1, 3, figsize=(17, height), width_ratios=(3, 3, 2), layout="constrained")
        _bars(axes[0], kept, names, "mean_score")
        _bars(axes[1], kept, names, "mean_rate")
        axes[1].set_yticklabels([])
        _issues(axes[2], kept)
        figure.savefig(files.file(), format="png", dpi=120, metadata={"Software": None})
        plt.close(figure)
        files.finish()
    return target


def find_fonts(text: str) -> list[str]:
    """The fewest families found in turn that have all characters, the one to take first at the head. Raises NoFont."""
    from matplotlib import font_manager

    wanted = {ord(character) for character in text if not character.isspace()}
    fonts = [entry for entry in font_manager.fontManager.ttflist if not entry.name.startswith(_BOXES)]
    found: list[str] = []
    missing = wanted
    for entry in sorted(fonts, key=_rank):
        try:
            known = font_manager.get_font(entry.fname).get_charmap()
        except (OSError, RuntimeError):
            continue
        missing = missing - known.keys()
        if known.keys() & wanted and (found or len(known.keys() & wanted) > len(wanted) / 2):
            found.append(entry.name)
            wanted -= known.keys()
        if not wanted:
            return found
    told = "".join(map(chr, sorted(missing or wanted)))
    raise NoFont(f"no font on this machine has these characters of the picture; it is left out: {told}")


def _rank(entry: Any) -> tuple[int, bool, int, str]:
    """Preferred families first, upright regular weights first."""
    place = next((n for n, name in enumerate(PREFERRED) if entry.name.startswith(name)), len(PREFERRED))
    weight = entry.weight if isinstance(entry.weight, int) else 400
    return place, entry.style != "normal", abs(weight - 400), entry.name


def _kept(lines: Sequence[Figures]) -> list[Figures]:
    counts: Counter[str | None] = Counter()
    for line in lines:
        counts[line.organisation] += line.forms
    kept = {name for name, _ in counts.most_common(MAX_ORGANISATIONS)}
    return [line for line in lines if line.organisation in kept]


def _texts(lines: Iterable[Figures]) -> str:
    names = "".join(line.organisation or "" for line in lines)
    return names + "".join(map(word, ("mean_score", "mean_rate", "issues", "year"))) + "—…0123456789"


def _bars(axis: Any, lines: Sequence[Figures], names: Sequence[str], figure: str) -> None:
    """Bars of one figure, an organisation to a row, a colour to a year."""
    years = sorted({line.year or 0 for line in lines})
    high = 0.8 / max(1, len(years))
    for place, year in enumerate(years):
        mine = {line.organisation or "—": getattr(line, figure) for line in lines if (line.year or 0) == year}
        found = [(row, mine[name]) for row, name in enumerate(names) if mine.get(name) is not None]
        rows = [row + 0.4 - high * (place + 0.5) for row, _ in found]
        bars = axis.barh(rows, [float(value) for _, value in found], height=high, label=str(year or "—"))
        axis.bar_label(bars, labels=[str(value) for _, value in found], padding=2, fontsize=8)
    axis.set_yticks(range(len(names)), [_short(name) for name in names])
    axis.set_ylim(-0.6, len(names) - 0.4)
    axis.margins(x=0.12)
    axis.set_title(word(figure))
    axis.spines[["top", "right"]].set_visible(False)
    if figure == "mean_score" and years:
        axis.figure.legend(title=word("year"), fontsize=8, loc="outside lower left", ncols=len(years))


def _short(name: str) -> str:
    return name if len(name) <= MAX_LABEL else f"{name[: MAX_LABEL - 1]}…"


def _issues(axis: Any, lines: Sequence[Figures]) -> None:
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(dict(line.issues))
    found = counts.most_common()[::-1]
    bars = axis.barh([code for code, _ in found], [count for _, count in found], color="0.6")
    axis.bar_label(bars, padding=2, fontsize=8)
    axis.margins(x=0.15)
    axis.set_title(word("issues"))
    axis.spines[["top", "right"]].set_visible(False)

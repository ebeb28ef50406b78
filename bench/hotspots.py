"""Where the time goes, function by function."""

from __future__ import annotations

import cProfile
from collections.abc import Sequence
from pathlib import Path
from types import CodeType

from bench.sets import ROOT
from bench.text import markdown
from extract.batch.session import Session, source_of

SHOWN = 40


def report(pages: Sequence[Path], target: Path) -> str:
    """The functions that take the longest by themselves, on one thread, as Markdown; kept in `target` as well."""
    import cv2

    cv2.setNumThreads(1)
    pipeline = Session().pipeline(1)
    pipeline.digitise(pages[0], source_of(pages[0]))  # the networks get loaded
    profile = cProfile.Profile()
    for page in pages:
        profile.runcall(pipeline.digitise, page, source_of(page))
    text = _table(profile, len(pages))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text + "\n", encoding="utf-8")
    return text


def _table(profile: cProfile.Profile, pages: int) -> str:
    functions = sorted(profile.getstats(), key=lambda entry: -entry.inlinetime)
    total = sum(entry.inlinetime for entry in functions)
    rows = [
        (
            _name(entry.code), entry.callcount, f"{1000 * entry.inlinetime / pages:.1f}",
            f"{100 * entry.inlinetime / total:.1f}", f"{1000 * entry.totaltime / pages:.1f}",
        )
        for entry in functions[:SHOWN]
    ]  # fmt: skip
    return markdown(("function", "calls", "own ms/page", "own %", "with callees ms/page"), rows)


def _name(code: str | CodeType) -> str:
    """A function's place and name; of a compiled one, its name."""
    if isinstance(code, str):
        return code.strip("<>").removeprefix("built-in method ").removeprefix("method ")
    path = Path(code.co_filename)
    within = path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(*path.parts[-2:])
    return f"{within}:{code.co_firstlineno} {code.co_name}"

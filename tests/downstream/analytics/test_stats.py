"""Figures by year and organisation, and their picture."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extract.downstream.analytics.chart import NoFont, draw, find_fonts
from extract.downstream.analytics.stats import Figures, stats
from extract.downstream.tables.record_rows import Selection
from extract.errors import UsageError
from extract.forms.spec import FormSpec
from tests.downstream import samples

Folder = Callable[[Sequence[dict[str, Any]]], Path]


def record(name: str, year: int | None, organisation: str | None, score: int, **changes: Any) -> dict[str, Any]:
    data = samples.data(fiscal_year=year, head={"name": organisation}, sum={"score": score})
    return samples.record(name, data=data, **changes)


def issue(code: str, severity: str = "warning") -> dict[str, Any]:
    return {"code": code, "severity": severity, "pointer": "", "message": "", "expected": None, "actual": None}


def test_figures(form: FormSpec, folder: Folder) -> None:
    output = folder(
        [
            record("a.tif", 2021, "甲", 90),
            record(
                "b.tif",
                2021,
                "甲",
                95,
                status="review",
                issues=[issue("schema"), issue("repaired", "info"), issue("schema")],
            ),
            record("c.tif", 2022, "乙", 80),
            record("d.tif", None, None, 70, status="review", issues=[issue("failed-check")]),
        ]
    )
    assert stats(output, [form]) == [
        Figures("every_type", 2021, "甲", 2, 1, Decimal("92.50"), Decimal(100), (("schema", 2),)),
        Figures("every_type", 2022, "乙", 1, 1, Decimal(80), Decimal(100), ()),
        Figures("every_type", None, None, 1, 0, Decimal(70), Decimal(100), (("failed-check", 1),)),
    ]
    assert [line.forms for line in stats(output, [form], selection=Selection(only_accepted=True))] == [1, 1]


def test_another_field_tells_organisations_apart(form: FormSpec, folder: Folder) -> None:
    (line,) = stats(folder([samples.record()]), [form], by="status")
    assert line.organisation == "完成"
    with pytest.raises(UsageError, match=r"head\.name"):
        stats(folder([samples.record()]), [form], by="no_such")


def test_the_picture_has_bars_and_no_boxes_for_characters(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    lines = [Figures("f", 2021, "上海市松江区行政服务中心", 2, 1, Decimal("92.5"), Decimal(99), (("schema", 2),))]
    try:
        draw(lines, tmp_path / "chart.png")
    except NoFont as missing:
        pytest.skip(str(missing))
    pixels = np.asarray(Image.open(tmp_path / "chart.png").convert("RGB"))
    assert pixels.shape[1] > 1000
    assert (pixels == (31, 119, 180)).all(axis=2).sum() > 5000
    assert not [w for w in recwarn if "Glyph" in str(w.message)]


def test_characters_that_no_font_has() -> None:
    with pytest.raises(NoFont, match="left out: \U000e0fff"):
        find_fonts("abc\U000e0fff")


def test_a_rare_character_may_come_from_another_font() -> None:
    from matplotlib.font_manager import fontManager

    (latin,) = {entry.name for entry in fontManager.ttflist if entry.name == "DejaVu Sans"}
    assert find_fonts("ABCDE abc") != []
    try:
        found = find_fonts("中文字体ב")
    except NoFont as missing:
        pytest.skip(str(missing))
    assert len(found) > 1 or latin not in found

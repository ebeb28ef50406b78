"""The tables of docs/settings.md."""

import re

import pytest

from extract.settings.describe import markdown, shown
from extract.settings.layers import entries


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (0.5, "0.5"), (600.0, "600"), (2000, "2000"), ("tiny", '"tiny"'), ("", '""')]
)
def test_a_value_as_a_settings_file_has_it(value: object, text: str) -> None:
    assert shown(value) == text


def test_every_setting_has_its_row_below_its_stage() -> None:
    text = markdown()
    assert re.findall(r"^\| `(\S+)` \|", text, re.MULTILINE) == [entry.name for entry in entries()]
    assert "| `batch.max_seconds` | 600 | more than 0 | Most time for one file. *(speed)* |" in text
    assert text.index("## clean") < text.index("`clean.working_px`") < text.index("## ocr")

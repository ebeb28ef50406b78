from __future__ import annotations

import re
from pathlib import Path

import pytest

from extract.errors import DeclarationError
from extract.forms.declaration.lexicon import load_lexicon
from extract.forms.declaration.schema_folder import schema_folder

SHIPPED = (schema_folder() / "lexicon.toml").read_text("utf-8")

FAULTS = [
    ("[year]\n", "[years]\n", "year: is missing"),
    ("[year]\n", "[years]\n", "years: unknown key; did you mean “year”?"),
    ("((?:19|20)", "(((?:19|20)", "year.pattern: is not a regular expression"),
    ("((?:19|20)\\d{2})", "(?:19|20)\\d{2}", "year.pattern: must have exactly one group"),
    ('"≥" = ">="', '"≥" = "=>"', "comparators: “≥” means “=>”"),
    ('"≥" = ">="', '"≥" = 1', "comparators.≥: must be a text, not a number"),
    ('"5" = ["S", "s"]', '"55" = ["S"]', "confusable: “55” is not one character"),
    ('"5" = ["S", "s"]', '"5" = ["5"]', "confusable.5: names itself"),
    ('"5" = ["S", "s"]', '"5" = "S"', "confusable.5: must be a list of texts, not a text"),
    ('blank_marks = ["—", "–"', 'blank_marks = ["—", "—"', "blank_marks[1]: “—” stands twice"),
]


def test_shipped_lexicon() -> None:
    lexicon = load_lexicon()
    assert "—" in lexicon.blank_marks
    assert "·" in lexicon.stray_marks
    assert lexicon.comparators["≥"] == ">="
    assert "万元" in lexicon.units
    assert re.findall(lexicon.year_pattern, "（2021年度）") == ["2021"]
    assert "O" in lexicon.confusable["0"]
    assert load_lexicon() is lexicon


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS)
def test_names_each_fault(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in SHIPPED
    file = tmp_path / "lexicon.toml"
    file.write_text(SHIPPED.replace(old, new, 1), "utf-8")
    with pytest.raises(DeclarationError) as caught:
        load_lexicon(file)
    assert fault in str(caught.value)

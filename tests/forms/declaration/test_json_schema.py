from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from extract.forms.declaration.json_schema import record_schema
from extract.forms.declaration.loader import load_form, load_forms
from extract.forms.declaration.schema_folder import schema_folder
from extract.forms.spec import FormSpec
from extract.records.encode import dumps
from tests.paths import ROOT

FORMS = load_forms()
EXPECTED = sorted((ROOT / "fixtures/exports/expected").glob("*.json"))
SELF_EVALUATION = load_form(schema_folder() / "project_self_evaluation.toml")
VALIDATOR = jsonschema.Draft202012Validator(record_schema(SELF_EVALUATION))
QUAD = [[1.5, 2.0], [9.0, 2.0], [9.0, 4.0], [1.5, 4.0]]


def record(file: Path) -> dict[str, Any]:
    return {
        "form": SELF_EVALUATION.id,
        "form_version": SELF_EVALUATION.version,
        "status": "accepted",
        "source": {"path": "a/b.tif", "sha256": "0" * 64, "pages": [1, 2], "index": 0},
        "data": json.loads(file.read_text("utf-8"), parse_float=Decimal),
        "evidence": {
            "/title": {"page": 1, "quad": QUAD, "text": "表", "confidence": 0.997, "origin": "ocr", "dpi": 200},
            "/rating": {"page": 1, "text": "优", "confidence": None, "origin": "text_export"},
        },
        "checks": [{"id": "total-score", "status": "passed", "message": "m", "pointers": ["/total/score"]}],
        "issues": [
            {
                "code": "low-confidence",
                "severity": "warning",
                "pointer": "/indicators/3/target",
                "message": "m",
                "expected": None,
                "actual": "x",
            }
        ],
        "engine": {"ocr": None, "extract": "0.1.0"},
    }


def put(document: Any, path: str, value: Any) -> None:
    """Set a value, or take the key away where the value is `...`."""
    *above, last = [int(part) if part.isdecimal() else part for part in path.split("/")]
    for part in above:
        document = document[part]
    if value is ...:
        del document[last]
    else:
        document[last] = value


@pytest.mark.parametrize("form", FORMS, ids=[form.id for form in FORMS])
def test_committed_schema_is_current(form: FormSpec) -> None:
    file = schema_folder() / f"{form.id}.schema.json"
    assert file.read_text("utf-8") == dumps(record_schema(form)), f"python -m extract forms schema {form.id} > {file}"


@pytest.mark.parametrize("form", FORMS, ids=[form.id for form in FORMS])
def test_schema_is_a_schema(form: FormSpec) -> None:
    jsonschema.Draft202012Validator.check_schema(record_schema(form))


@pytest.mark.parametrize("file", EXPECTED, ids=[file.stem for file in EXPECTED])
def test_real_records_pass(file: Path) -> None:
    assert list(VALIDATOR.iter_errors(record(file))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("form", "other"),
        ("form_version", "0.0.1"),
        ("status", "failed"),
        ("clock", "12:00"),
        ("source/sha256", "0" * 63),
        ("source/pages", []),
        ("source/pages", [0]),
        ("source/index", -1),
        ("data/extra", 1),
        ("data/rating", ...),
        ("data/rating", "甲"),
        ("data/rating", ""),
        ("data/fiscal_year", 21),
        ("data/fiscal_year", "2021"),
        ("data/fiscal_year", Decimal("2021.5")),
        ("data/goals", None),
        ("data/goals/expected", ""),
        ("data/goals/other", "x"),
        ("data/funding/currency_unit", "美元"),
        ("data/funding/total/score", -1),
        ("data/funding/total/executed", "6261700"),
        ("data/funding/total/weight", ...),
        ("data/funding/spare", {}),
        ("data/indicators", {}),
        ("data/indicators/0/level1", ...),
        ("data/indicators/0/target_value", ...),
        ("data/indicators/0/target_value", {"comparator": "≥", "number": 1, "unit": None}),
        ("data/indicators/0/target_value", {"comparator": None, "number": None, "unit": None}),
        ("data/indicators/0/target_value", {"number": 1, "unit": None}),
        ("data/total/score", ...),
        ("evidence/title", {"page": 1, "text": "", "confidence": 1, "origin": "ocr"}),
        ("evidence//title/page", 0),
        ("evidence//title/confidence", 1.2),
        ("evidence//title/origin", "guess"),
        ("evidence//title/quad", QUAD[:3]),
        ("checks/0/id", "other"),
        ("checks/0/status", "true"),
        ("issues/0/code", "other"),
        ("issues/0/severity", "fatal"),
        ("issues/0/pointer", "indicators"),
        ("engine/model", "x"),
    ],
)
@pytest.mark.parametrize("status", ["accepted", "review"])
def test_refuses(path: str, value: Any, status: str) -> None:
    changed = copy.deepcopy(record(EXPECTED[0])) | {"status": status}
    parent, _, last = path.partition("//")
    if last:
        key, _, part = last.rpartition("/")
        changed[parent][f"/{key}"][part] = value
    else:
        put(changed, path, value)
    assert not VALIDATOR.is_valid(changed)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("data/title", None),
        ("data/project_name", None),
        ("data/funding/total/executed", None),
        ("data/indicators", []),
        ("data/indicators/0/level1", None),
        ("data/indicators/0/score", None),
        ("data/total/weight", None),
        ("checks/0/status", "failed"),
        ("issues/0/severity", "error"),
    ],
)
def test_allows_for_review_only(path: str, value: Any) -> None:
    changed = copy.deepcopy(record(EXPECTED[0]))
    put(changed, path, value)
    assert not VALIDATOR.is_valid(changed)
    assert VALIDATOR.is_valid(changed | {"status": "review"})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("data/rating", "优"),
        ("data/goals/actual", None),
        ("data/funding/other/executed", None),
        ("data/indicators/0/deviation_reason", None),
        ("data/indicators/0/target_value", {"comparator": None, "number": Decimal("0.5"), "unit": None}),
        ("checks/0/status", "not-checked"),
        ("engine/ocr", "paddleocr 3.7.0"),
    ],
)
def test_allows(path: str, value: Any) -> None:
    changed = copy.deepcopy(record(EXPECTED[0]))
    put(changed, path, value)
    assert VALIDATOR.is_valid(changed)


def test_names_values_as_they_are_printed() -> None:
    properties = record_schema(SELF_EVALUATION)["properties"]["data"]["properties"]
    assert properties["project_name"]["title"] == "项目名称"
    assert "预算项目名称" in properties["project_name"]["description"]
    assert properties["goals"]["properties"]["expected"]["title"] == "预期目标"
    assert properties["funding"]["properties"]["carried_over"]["title"] == "上年结转资金"
    assert properties["indicators"]["items"]["properties"]["score"]["title"] == "得分"

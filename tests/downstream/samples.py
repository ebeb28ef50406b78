"""Records of the form with every type: one written by hand, and any at random."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

SOURCE = "box/scan-1.tif"
_FIRST = date(1900, 1, 1)
_confidence = st.integers(0, 1000).map(lambda n: Decimal(n).scaleb(-3))


def record(name: str = SOURCE, index: int = 0, **changes: Any) -> dict[str, Any]:
    """An accepted record of a scan; `changes` replace keys of it."""
    base: dict[str, Any] = {
        "form": "every_type",
        "form_version": "1.0.0",
        "status": "accepted",
        "source": {"path": name, "sha256": hashlib.sha256(name.encode()).hexdigest(), "pages": [1, 2], "index": index},
        "data": data(),
        "evidence": {
            "/head/name": {
                "page": 1,
                "quad": [[1, 2.5], [30, 2], [30, 9], [1, 9]],
                "text": "乙",
                "confidence": Decimal("0.997"),
                "origin": "ocr",
            },
            "/items/0/score": {
                "page": 2,
                "quad": None,
                "text": "6",
                "confidence": None,
                "origin": "text_export",
                "dpi": Decimal(300),
            },
        },
        "checks": [{"id": "sum", "status": "passed", "message": "6 = 6", "pointers": ["/items/0/score", "/sum/score"]}],
        "issues": [],
        "engine": {"ocr": "paddleocr", "extract": "0.1.0"},
    }
    return {**base, **changes}


def data(**changes: Any) -> dict[str, Any]:
    """The data of a record."""
    base: dict[str, Any] = {
        "title": "样表",
        "fiscal_year": 2021,
        "head": {"name": "乙"},
        "status": "完成",
        "amount": Decimal("802257.18"),
        "share": Decimal("98.52"),
        "measure": -3,
        "people": 12,
        "signed": "2021-02-28",
        "goal": ">=29000家",
        "goal_value": {"comparator": ">=", "number": 29000, "unit": "家"},
        "rating": "优",
        "funding": {
            "currency_unit": "万元",
            "total": {"executed": Decimal("80.225718"), "rate": 100},
            "other": {"executed": None, "rate": None},
        },
        "items": [
            {
                "level1": "产出",
                "level2": "数量",
                "target": "=1",
                "target_value": {"comparator": "=", "number": 1, "unit": None},
                "score": 6,
            },
            {"level1": "产出", "level2": "数量", "target": "无", "target_value": None, "score": None},
        ],
        "sum": {"score": 6},
    }
    return {**base, **changes}


text = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=30
)


def decimals(digits: int, places: int) -> st.SearchStrategy[Decimal | int]:
    """Numbers of at most so many digits, so many of them decimals, ints where they are whole."""
    most = 10**digits - 1
    scaled = st.integers(-most, most).map(lambda n: Decimal(n).scaleb(-places))
    return scaled.map(lambda d: int(d) if d == d.to_integral_value() else d.normalize())


def records(digits: int = 15) -> st.SearchStrategy[dict[str, Any]]:
    """Any record of the form; numbers of at most so many digits, as SQLite keeps 15."""
    opt = st.none().__or__
    amount, rate, number = decimals(digits, 6), decimals(12, 6), decimals(digits, 8)
    quantity = opt(
        st.fixed_dictionaries(
            {"comparator": opt(st.sampled_from([">=", "<", "="])), "number": number, "unit": opt(text)}
        )
    )
    line = st.fixed_dictionaries({"executed": opt(amount), "rate": opt(rate)})
    item = st.fixed_dictionaries(
        {"level1": opt(text), "level2": opt(text), "target": opt(text), "target_value": quantity, "score": opt(rate)}
    )
    content = st.fixed_dictionaries(
        {
            "title": opt(text),
            "fiscal_year": opt(st.integers(1900, 2199)),
            "head": st.fixed_dictionaries({"name": opt(text)}),
            "status": opt(text),
            "amount": opt(amount),
            "share": opt(rate),
            "measure": opt(number),
            "people": opt(st.integers(-(2**63), 2**63 - 1)),
            "signed": opt(st.dates(min_value=_FIRST).map(str)),
            "goal": opt(text),
            "goal_value": quantity,
            "rating": opt(st.sampled_from(["优", "良"])),
            "funding": st.fixed_dictionaries(
                {"currency_unit": opt(st.sampled_from(["元", "万元"])), "total": line, "other": line}
            ),
            "items": st.lists(item, max_size=3),
            "sum": st.fixed_dictionaries({"score": opt(rate)}),
        }
    )
    quad = st.lists(st.lists(decimals(6, 1), min_size=2, max_size=2), min_size=4, max_size=4)
    entry = st.fixed_dictionaries(
        {
            "page": st.integers(1, 99),
            "quad": opt(quad),
            "text": st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=9),
            "confidence": opt(_confidence),
            "origin": st.sampled_from(["ocr", "inherited"]),
        },
        optional={"dpi": st.integers(1, 1200).map(Decimal)},
    )
    check = st.fixed_dictionaries(
        {"id": st.just("sum"), "status": st.just("failed"), "message": text},
        optional={"pointers": st.lists(text, max_size=2)},
    )
    issue = st.fixed_dictionaries(
        {
            "code": st.just("schema"),
            "severity": st.sampled_from(["error", "info"]),
            "pointer": text,
            "message": text,
            "expected": opt(text),
            "actual": opt(text),
        }
    )
    return st.builds(
        lambda name, content, evidence, checks, issues: record(
            f"{name}.png", status="review", data=content, evidence=evidence, checks=checks, issues=issues
        ),
        st.integers(1, 9),
        content,
        st.dictionaries(st.from_regex(r"\A(/[a-z]{1,5}[0-9A-Z]?){1,3}\Z"), entry, max_size=4),
        st.lists(check, max_size=2),
        st.lists(issue, max_size=2),
    )

"""A record as plain JSON values, and JSON text that is the same bytes for the same record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from extract.geometry import Quad
from extract.model import Check, Evidence, Issue, Record, Region

PIXEL_STEP = Decimal("0.1")
CONFIDENCE_STEP = Decimal("0.001")


def plain(record: Record) -> dict[str, Any]:
    """The record as the contract has it: dicts, lists, strings, None, bool, int and Decimal."""
    return {
        "form": record.form,
        "form_version": record.form_version,
        "status": record.status,
        "source": dict(record.source),
        "data": dict(record.data),
        "evidence": {pointer: _evidence(record.evidence[pointer]) for pointer in sorted(record.evidence)},
        "checks": [_check(check) for check in record.checks],
        "issues": [_issue(issue) for issue in record.issues],
        "engine": dict(record.engine),
    }


def dumps(value: object) -> str:
    """JSON text, two spaces deep, numbers as exact decimals, lists of numbers on one line, a newline at the end."""
    return _text(value, "") + "\n"


def number(value: Decimal | int) -> str:
    """A decimal without exponent and without trailing zeros: 6261700, 9.71."""
    text = format(Decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _evidence(evidence: Evidence) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "page": evidence.page,
        "quad": None if evidence.quad is None else _points(evidence.quad),
        "text": evidence.text,
        "confidence": _rounded(evidence.confidence, CONFIDENCE_STEP),
        "origin": str(evidence.origin),
    }
    if evidence.dpi is not None:
        entry["dpi"] = _rounded(evidence.dpi, PIXEL_STEP)
    if evidence.doubts:
        entry["doubts"] = [str(doubt) for doubt in evidence.doubts]
    if evidence.regions:
        entry["regions"] = [_region(region) for region in evidence.regions]
    return entry


def _region(region: Region) -> dict[str, Any]:
    entry: dict[str, Any] = {"page": region.page, "quad": _points(region.quad)}
    if region.dpi is not None:
        entry["dpi"] = _rounded(region.dpi, PIXEL_STEP)
    return entry


def _points(quad: Quad) -> list[list[Decimal | None]]:
    return [[_rounded(x, PIXEL_STEP), _rounded(y, PIXEL_STEP)] for x, y in quad.points]


def _rounded(value: float | None, step: Decimal) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(step)


def _check(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "status": str(check.status),
        "message": check.message,
        "pointers": list(check.pointers),
    }


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "code": issue.code,
        "severity": str(issue.severity),
        "pointer": issue.pointer,
        "message": issue.message,
        "expected": issue.expected,
        "actual": issue.actual,
    }


def _text(value: object, indent: str) -> str:
    if isinstance(value, Mapping):
        items = [f"{json.dumps(str(k), ensure_ascii=False)}: {_text(v, indent + '  ')}" for k, v in value.items()]
        return _block("{", items, "}", indent)
    if isinstance(value, list | tuple):
        if _is_numeric(value):
            return f"[{', '.join(_text(item, '') for item in value)}]"
        return _block("[", [_text(item, indent + "  ") for item in value], "]", indent)
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, float):
        return number(Decimal(repr(value)))
    return json.dumps(value, ensure_ascii=False)


def _block(opening: str, items: list[str], closing: str, indent: str) -> str:
    if not items:
        return opening + closing
    inner = ",\n".join(f"{indent}  {item}" for item in items)
    return f"{opening}\n{inner}\n{indent}{closing}"


def _is_numeric(value: object) -> bool:
    """Whether a list holds numbers only, at any depth: a point, a quad."""
    if isinstance(value, list | tuple):
        return bool(value) and all(_is_numeric(item) for item in value)
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)

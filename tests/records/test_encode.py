import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from extract.geometry import Quad
from extract.model import Check, CheckStatus, Evidence, Issue, Origin, Record, Severity
from extract.records.encode import dumps, number, plain

RECORD = Record(
    form="f",
    form_version="1",
    status="accepted",
    source={"path": "盒/a.tif", "sha256": "00", "pages": [1, 2], "index": 0},
    data={"amount": Decimal("6261700.00"), "rate": Decimal("9.710"), "note": None, "标题": "纸"},
    evidence={
        "/rate": Evidence(1, None, "9.71", None, Origin.TEXT_EXPORT),
        "/amount": Evidence(
            1, Quad(((1.04, 2.0), (3.06, 2.0), (3.06, 4.0), (1.04, 4.0))), "6261700", 0.99749, Origin.OCR, 200.0
        ),
    },
    checks=(Check("sum", CheckStatus.PASSED, "ok", ("/amount",)),),
    issues=(Issue("low-confidence", Severity.WARNING, "/rate", "hard"),),
    engine={"ocr": "e", "extract": "0"},
)


def test_numbers_are_exact_and_bare() -> None:
    assert number(Decimal("6261700")) == "6261700"
    assert number(Decimal("6.2617E+6")) == "6261700"
    assert number(Decimal("9.7100")) == "9.71"
    assert number(Decimal("-0.00")) == "0"
    assert number(Decimal("0.000001")) == "0.000001"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_numbers_survive(value: Decimal) -> None:
    text = number(value)
    assert Decimal(text) == value
    assert "e" not in text.lower()


def test_evidence_is_sorted_and_rounded() -> None:
    evidence = plain(RECORD)["evidence"]
    assert list(evidence) == ["/amount", "/rate"]
    assert evidence["/amount"]["quad"][0] == [Decimal("1.0"), Decimal("2.0")]
    assert evidence["/amount"]["quad"][1][0] == Decimal("3.1")
    assert evidence["/amount"]["confidence"] == Decimal("0.997")
    assert evidence["/amount"]["dpi"] == 200
    assert evidence["/rate"]["quad"] is None
    assert "dpi" not in evidence["/rate"]


def test_text_is_json_in_plain_characters() -> None:
    text = dumps(plain(RECORD))
    assert text.endswith("}\n")
    assert "盒/a.tif" in text
    assert '"amount": 6261700,' in text
    assert '"quad": [[1, 2], [3.1, 2], [3.1, 4], [1, 4]]' in text
    assert json.loads(text, parse_float=Decimal)["data"]["rate"] == Decimal("9.71")


def test_same_record_same_bytes() -> None:
    assert dumps(plain(RECORD)) == dumps(plain(RECORD))


def test_empty_containers() -> None:
    text = dumps({"a": [], "b": {}, "c": [True, None]})
    assert text == '{\n  "a": [],\n  "b": {},\n  "c": [\n    true,\n    null\n  ]\n}\n'

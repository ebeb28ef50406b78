"""Exported files, opened again and read."""

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from extract.downstream.export import exporter
from extract.downstream.export.harmless import harmless, is_dangerous
from extract.downstream.tables.record_rows import Selection, record_rows
from extract.downstream.tables.table_layout import Role, layout
from extract.errors import OutputError, UsageError
from extract.forms.spec import FormSpec
from tests.downstream import rebuild, samples
from tests.downstream.conftest import write

NO_SHRINKING = (Phase.explicit, Phase.generate)

Folder = Callable[[Sequence[dict[str, Any]]], Path]


def export(
    output: Path, target: Path, form: FormSpec, paper: bool = False, only_accepted: bool = False
) -> tuple[Path, ...]:
    return exporter(target, paper)(record_rows(output, [form], Selection(only_accepted=only_accepted)), target)


def rebuilt(form: FormSpec, rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    made = layout(form)
    (main,) = rows[made.main.name]
    return rebuild.record(made, rows, main)


def read_parquet(target: Path, form: FormSpec) -> dict[str, Any]:
    files = {table.name: target.with_name(f"{target.stem}.{table.name}.parquet") for table in layout(form).tables}
    return rebuilt(form, {name: pq.read_table(file).to_pylist() for name, file in files.items()})


def read_csv(target: Path, form: FormSpec) -> dict[str, Any]:
    rows = {}
    for table in layout(form).tables:
        file = target.with_name(f"{target.stem}.{table.name}.csv")
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        types = {
            c.name: c.type_name if c.kind == "decimal" else {"integer": "BIGINT", "date": "DATE"}.get(c.kind, "VARCHAR")
            for c in table.columns
        }
        found = duckdb.sql(
            f"SELECT * FROM read_csv('{file}', header = true, columns = {types}, nullstr = '', "
            "allow_quoted_nulls = false, "
            "quote = '\"', escape = '\"', delim = ',', strict_mode = true, parallel = false)"
        )
        rows[table.name] = [dict(zip(found.columns, map(_bare, row), strict=True)) for row in found.fetchall()]
    return rebuilt(form, rows)


def _bare(value: Any) -> Any:
    return value[1:] if isinstance(value, str) and value.startswith("'") else value


def read_jsonl(target: Path, _form: FormSpec) -> dict[str, Any]:
    (line,) = target.read_text(encoding="utf-8").split("\n")[:-1]
    found: dict[str, Any] = json.loads(line, parse_float=Decimal)
    return found


@pytest.mark.parametrize(("suffix", "read"), [("jsonl", read_jsonl), ("csv", read_csv), ("parquet", read_parquet)])
def test_any_record_comes_out_as_it_went_in(
    suffix: str,
    read: Callable[[Path, FormSpec], dict[str, Any]],
    form: FormSpec,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINKING)
    @given(samples.records(20))
    def check(record: dict[str, Any]) -> None:
        folder = tmp_path_factory.mktemp("out")
        target = folder / f"forms.{suffix}"
        export(write(folder, [record]), target, form)
        assert read(target, form) == record

    check()


def test_any_record_in_a_workbook(form: FormSpec, tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINKING)
    @given(samples.records(15))
    def check(record: dict[str, Any]) -> None:
        folder = tmp_path_factory.mktemp("out")
        export(write(folder, [record]), folder / "forms.xlsx", form)
        book = openpyxl.load_workbook(folder / "forms.xlsx")
        (one,) = record_rows(folder, [form])
        shown = [(table, rows) for table, rows in one.tables() if table.role is not Role.EVIDENCE and rows]
        for table, rows in shown:
            sheet = book[table.label]
            found = [[_cell(cell.value) for cell in row[: len(table.columns)]] for row in sheet.iter_rows(min_row=2)]
            assert found == [[_told(value) for value in row] for row in rows]

    check()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, float | int):
        return Decimal(repr(value))
    return value.date().isoformat() if value is not None else None


def _told(value: Any) -> Any:
    """What a workbook can tell of a value: no empty text, numbers of up to 15 digits."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, int | Decimal):
        number = Decimal(value)
        return str(value) if len(number.normalize().as_tuple().digits) > 15 else number
    return value


def doubtful() -> dict[str, Any]:
    issue = {"severity": "warning", "expected": None, "actual": None}
    issues = [
        {**issue, "code": "low-confidence", "pointer": "/items/0/score", "message": "hard to read"},
        {**issue, "code": "missing-value", "pointer": "/head/name", "message": "not found", "severity": "error"},
        {**issue, "code": "unplaced-text", "pointer": "", "message": "left over"},
    ]
    items = [{"level1": "产出", "level2": "数量", "target": "=100%", "target_value": None, "score": 6}]
    return samples.record(status="review", issues=issues, data=samples.data(head={"name": None}, items=items))


def test_workbooks_are_for_people(form: FormSpec, folder: Folder, tmp_path: Path) -> None:
    target = tmp_path / "forms.xlsx"
    export(folder([doubtful()]), target, form)
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["样表", "资金", "items", "校验", "疑点"]
    main, items = book["样表"], book["items"]
    headers = {cell.value: cell.column for cell in main[1]}
    assert {"项目名称", "金额", "状态", "源文件"} <= headers.keys()
    assert (main.freeze_panes, items.freeze_panes) == ("B2", "C2")
    missing = main.cell(2, headers["项目名称"])
    assert (missing.fill.fgColor.rgb[-6:], missing.comment.text) == ("F8CBAD", "missing-value: not found")
    doubt = next(cell for cell in items[2] if cell.comment)
    assert (doubt.value, doubt.fill.fgColor.rgb[-6:], doubt.comment.text) == (
        6,
        "FFE699",
        "low-confidence: hard to read",
    )
    assert "left over" in main.cell(2, headers["状态"]).comment.text


def test_text_is_never_a_formula(form: FormSpec, folder: Folder, tmp_path: Path) -> None:
    output = folder([doubtful()])
    for paper in (False, True):
        target = tmp_path / f"{paper}.xlsx"
        export(output, target, form, paper)
        cells = [cell for sheet in openpyxl.load_workbook(target) for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
        assert [cell.quotePrefix for cell in cells if cell.value == "=100%"] == [True]
    export(output, tmp_path / "forms.csv", form)
    assert '"\'=100%"' in (tmp_path / "forms.every_type_items.csv").read_text(encoding="utf-8-sig")


@given(st.text())
def test_harmless_text_can_be_undone(text: str) -> None:
    made = harmless(text)
    assert not is_dangerous(made)
    assert (made[1:] if made.startswith("'") else made) == text


def test_scans_are_linked(form: FormSpec, folder: Folder, tmp_path: Path) -> None:
    import hashlib

    from extract.errors import ExitCode
    from extract.records.outcomes import Entry, Outcome
    from extract.storage.ledger import Ledger
    from extract.storage.ledger_rows import LedgerRow

    scan = tmp_path / "扫描 1.pdf"
    scan.write_bytes(b"%PDF")
    record = samples.record("scan.pdf")
    output = folder([record])
    (output / ".zhibiao").mkdir()
    ledger = Ledger(output / ".zhibiao" / "ledger.sqlite")
    entry = Entry("scan.pdf", Outcome.OK, exit_code=ExitCode.OK)
    ledger.add(LedgerRow(record["source"]["sha256"], hashlib.sha256().hexdigest(), scan, None, entry))
    ledger.close()
    export(output, tmp_path / "forms.xlsx", form)
    book = openpyxl.load_workbook(tmp_path / "forms.xlsx")
    links = {sheet.title: sheet.cell(2, sheet.max_column).hyperlink for sheet in (book["样表"], book["items"])}
    assert links["样表"].location == "page=1"
    assert unquote(links["items"].target) == "扫描 1.pdf"
    assert links["items"].location == "page=2"


def test_paper_has_the_cells_of_the_form(form: FormSpec, folder: Folder, tmp_path: Path) -> None:
    target = tmp_path / "paper.xlsx"
    export(folder([samples.record()]), target, form, paper=True)
    (sheet,) = openpyxl.load_workbook(target).worksheets
    values = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert values[0] == ["样表"]
    assert ["资金", "执行数", "执行率"] in values
    assert ["总额", 80.225718, 100] in values
    assert ["items", "一级", "二级", "指标值", "得分"] in values
    assert ["总分", 6] in values
    merged = {str(area) for area in sheet.merged_cells.ranges}
    top = next(n for n, row in enumerate(values, start=1) if row[:1] == ["items"])
    assert {f"A{top}:A{top + 2}", f"B{top + 1}:B{top + 2}"} <= merged


def test_doubtful_records_stay_out(form: FormSpec, folder: Folder, tmp_path: Path) -> None:
    output = folder([samples.record("a.tif"), samples.record("b.tif", status="review")])
    export(output, tmp_path / "x.jsonl", form, only_accepted=True)
    assert len((tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_an_export_that_fails_leaves_what_was_there(form: FormSpec, folder: Folder, tmp_path: Path) -> None:
    target = tmp_path / "x.xlsx"
    target.write_text("before", encoding="utf-8")
    with pytest.raises(UsageError, match="not declared"):
        export(folder([samples.record(form="no_such")]), target, form)
    assert target.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "x.xlsx"]


def test_places_that_cannot_be_written(form: FormSpec, folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        export(folder([samples.record()]), tmp_path / "file" / "x.csv", form)


@pytest.mark.parametrize(("name", "paper"), [("x.doc", False), ("x.csv", True)])
def test_unknown_formats(name: str, paper: bool) -> None:
    with pytest.raises(UsageError):
        exporter(Path(name), paper)


ODD = "\x01a\x85 [b]:*?/\\'c'" + "𠮷" * 40


@pytest.mark.parametrize("paper", [False, True])
def test_characters_that_workbooks_cannot_hold(paper: bool, form: FormSpec, folder: Folder, tmp_path: Path) -> None:
    issue = {"code": "schema", "severity": "error", "pointer": "/status", "expected": None, "actual": ODD}
    data = samples.data(head={"name": ODD}, status=ODD)
    record = samples.record(status="review", data=data, issues=[{**issue, "message": ODD}])
    export(folder([record]), tmp_path / "forms.xlsx", form, paper)
    book = openpyxl.load_workbook(tmp_path / "forms.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [unescape(cell.value) for cell in cells if cell.comment] == [ODD]
    assert all(len(name.encode("utf-16-le")) <= 62 for name in book.sheetnames)


@pytest.mark.parametrize("paper", [False, True])
def test_texts_that_no_cell_holds_are_refused(paper: bool, form: FormSpec, folder: Folder, tmp_path: Path) -> None:
    output = folder([samples.record("long.tif", data=samples.data(status="长" * 32_768))])
    with pytest.raises(UsageError, match=r"long\.tif.*32768 characters"):
        export(output, tmp_path / "forms.xlsx", form, paper)


def test_more_rows_than_a_sheet_holds(
    form: FormSpec, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from extract.downstream.export import xlsx

    monkeypatch.setattr(xlsx, "MAX_ROWS", 3)
    export(folder([samples.record("a.tif")]), tmp_path / "forms.xlsx", form)
    with pytest.raises(UsageError, match="every_type_funding has more than 2 rows"):
        export(folder([samples.record("b.tif")]), tmp_path / "forms.xlsx", form)

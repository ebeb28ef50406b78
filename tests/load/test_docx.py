from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from extract.errors import EmptyFile, InputError, TooLarge
from extract.load import open_document
from extract.model import TextPage, TextTable
from extract.settings.defaults import LoadSettings

HEAD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
TAIL = "</w:body></w:document>"


def raw(path: Path, body: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", HEAD + body + TAIL)
    return path


def shown(path: Path) -> list[object]:
    (page,) = open_document(path)
    assert isinstance(page, TextPage)
    return [
        [[(c.text, c.row_span, c.col_span) for c in row] for row in block.rows]
        if isinstance(block, TextTable)
        else block
        for block in page.blocks
    ]


def test_body_order_and_merged_cells(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("题目")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "a"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "b"
    table.cell(1, 1).text = "c"
    table.cell(1, 1).add_paragraph("d")
    table.cell(2, 2).text = "e"
    document.add_paragraph("尾")
    out = io.BytesIO()
    document.save(out)
    (tmp_path / "a.docx").write_bytes(out.getvalue())
    rows = [[("a", 2, 1), ("b", 1, 2)], [("c\nd", 1, 1), ("", 1, 1)], [("", 1, 1), ("", 1, 1), ("e", 1, 1)]]
    assert shown(tmp_path / "a.docx") == ["题目", rows, "尾"]


def test_runs_tabs_breaks_deletions_and_wrappers(tmp_path: Path) -> None:
    body = (
        "<w:sdt><w:sdtContent><w:p><w:pPr/><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r>"
        "<w:del><w:r><w:delText>x</w:delText><w:t>x</w:t></w:r></w:del><w:ins><w:r><w:t>丁</w:t></w:r></w:ins>"
        "<w:r><w:instrText>PAGE</w:instrText><w:noBreakHyphen/></w:r></w:p></w:sdtContent></w:sdt><w:p/>"
    )
    assert shown(raw(tmp_path / "a.docx", body)) == ["甲\t乙\n丙丁-"]


def test_grid_offsets_become_empty_cells(tmp_path: Path) -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    body = (
        f"<w:tbl><w:tr>{cell.format('a')}{cell.format('b')}</w:tr>"
        f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell.format("c")}</w:tr></w:tbl>'
    )
    assert shown(raw(tmp_path / "a.docx", body)) == [[[("a", 1, 1), ("b", 1, 1)], [("", 1, 1), ("c", 1, 1)]]]


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        shown(raw(tmp_path / "a.docx", "<w:p/>"))
    with pytest.raises(InputError, match="XML"):
        shown(raw(tmp_path / "b.docx", "<w:p>"))
    with pytest.raises(TooLarge, match="unpack"):
        list(open_document(raw(tmp_path / "c.docx", " " * 5_000_000), LoadSettings(max_unpacked_megabytes=1)))
    with zipfile.ZipFile(tmp_path / "d.docx", "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "b">]>' + HEAD + "<w:p>&a;</w:p>" + TAIL)
    with pytest.raises(InputError, match="entities"):
        shown(tmp_path / "d.docx")

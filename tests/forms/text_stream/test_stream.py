"""Text exports to characters and gaps: one case for each shape."""

from __future__ import annotations

from extract.forms.text_stream.stream import Gap, Shape, stream_of


def test_tabs_are_walls_and_empty_cells_are_counted() -> None:
    stream = stream_of("甲\t乙\t\t丙\n丁\t\t\t\n戊\t己\t庚\t辛\n")
    assert stream.shape is Shape.CELLS
    assert stream.text == "甲乙丙丁戊己庚辛"
    assert stream.gaps[:5] == (Gap.ROW, Gap.CELL, Gap.CELL, Gap.ROW, Gap.ROW)
    assert stream.blanks[2] == 1
    assert stream.blanks[4] == 3


def test_one_cell_a_line_with_pipes_tells_no_rows() -> None:
    stream = stream_of("名称 |\n甲 |\n|\n|\n单位 |\n乙 |\n")
    assert stream.single
    assert stream.text == "名称甲单位乙"
    assert stream.gaps[2] is Gap.CELL
    assert stream.blanks[3] == 2


def test_short_lines_are_cells_long_ones_are_pages() -> None:
    assert stream_of("\n".join("甲乙丙丁戊己")).shape is Shape.LINES
    assert stream_of("\n".join(["字" * 300] * 3)).shape is Shape.RUN


def test_page_marks_are_taken_out_and_numbered_lists_stay() -> None:
    pages = "\n".join(f"{i}、" + "字" * 100 for i in (1, 2, 3))
    assert stream_of(pages).text == "字" * 300
    assert stream_of("1、甲\n2、乙").text == "1、甲2、乙"


def test_a_text_says_itself_that_it_is_cut() -> None:
    assert stream_of("名称甲\n[未完]").cut
    assert not stream_of("名称甲").cut


def test_white_space_inside_of_chinese_words_is_dropped_and_kept_between_latin_ones() -> None:
    stream = stream_of("绩 效 指 标 NET work １０")
    assert stream.piece(0, len(stream)) == "绩效指标 NET work 10"

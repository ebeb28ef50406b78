"""Runs of text to rows and cells, each case told by hand."""

from __future__ import annotations

from extract.forms.declaration.lexicon import load_lexicon
from extract.forms.spec import ColumnSpec, ValueType
from extract.forms.text_stream.cell_fit import CellFit
from extract.forms.text_stream.grammar import Cell
from extract.forms.text_stream.rows import Plan, Segmenter
from extract.forms.text_stream.stream import stream_of

NAME = Cell(ColumnSpec("name", ValueType.TEXT, (), required=True))
TARGET = Cell(ColumnSpec("target", ValueType.QUANTITY, (), required=True))
ACTUAL = Cell(ColumnSpec("actual", ValueType.QUANTITY, (), required=True))
WEIGHT = Cell(ColumnSpec("weight", ValueType.SCORE, (), required=True))
SCORE = Cell(ColumnSpec("score", ValueType.SCORE, (), required=True))
REASON = Cell(ColumnSpec("reason", ValueType.TEXT, ()))
MONEY = tuple(Cell(ColumnSpec(k, ValueType.AMOUNT, ())) for k in ("initial", "executed"))


def cut(text: str, plan: Plan) -> list[list[str]]:
    """The likeliest rows of a text, "" for blank cells."""
    stream = stream_of(text)
    best = Segmenter(stream, CellFit(load_lexicon())).segment((0, len(stream)), plan, 5)[0]
    return [[stream.piece(*cell) if cell else "" for cell in row] for row in best.rows]


def test_rows_run_together() -> None:
    plan = Plan((NAME, TARGET, ACTUAL, REASON), 0)
    assert cut("3000吨玉米、200吨豆粕入库率100%100%库存账实相符率100%98%", plan) == [
        ["3000吨玉米、200吨豆粕入库率", "100%", "100%", ""],
        ["库存账实相符率", "100%", "98%", ""],
    ]


def test_words_that_stand_twice_are_target_and_actual() -> None:
    plan = Plan((NAME, WEIGHT, TARGET, ACTUAL, SCORE), 0)
    assert cut("经费使用范围6符合规定用途符合规定用途6", plan) == [
        ["经费使用范围", "6", "符合规定用途", "符合规定用途", "6"]
    ]


def test_figures_with_their_units_run_together() -> None:
    plan = Plan((NAME, WEIGHT, TARGET, ACTUAL, SCORE), 0)
    assert cut("修缮(维护)费用526万元26万元5", plan) == [["修缮(维护)费用", "5", "26万元", "26万元", "5"]]


def test_fillers_of_empty_rows_end_a_row() -> None:
    plan = Plan((NAME, TARGET, ACTUAL), 0, (r"^指标\s*\d+[:：]?$",))
    assert cut("参训人数20人20人指标2:", plan) == [["参训人数", "20人", "20人"], ["指标2:", "", ""]]


def test_cells_a_line_blank_cells_told() -> None:
    plan = Plan((NAME, TARGET, ACTUAL, WEIGHT, SCORE, REASON), 0)
    text = "覆盖率 |\n100% |\n|\n60 |\n|\n|\n参保率 |\n100% |\n100% |\n30 |\n30 |\n|\n"
    assert cut(text, plan) == [["覆盖率", "100%", "", "60", "", ""], ["参保率", "100%", "100%", "30", "30", ""]]


def test_a_name_broken_over_lines() -> None:
    plan = Plan((NAME, TARGET), 0)
    assert cut("道路通行能力提\n升情况\n提升\n道路长度\n985米\n安全隐患情况\n减少\n", plan) == [
        ["道路通行能力提升情况", "提升"],
        ["道路长度", "985米"],
        ["安全隐患情况", "减少"],
    ]


def test_a_figure_with_its_point_is_never_torn_at_the_point() -> None:
    plan = Plan(MONEY, many=False)
    stream = stream_of("210.5110.25")
    ways = Segmenter(stream, CellFit(load_lexicon())).segment((0, len(stream)), plan, 10)
    texts = [[stream.piece(*c) if c else "" for c in way.rows[0]] for way in ways]
    assert ["210.5", "110.25"] in texts
    assert ["210.51", "10.25"] in texts
    assert all(not t.startswith(".") and not t.endswith(".") for row in texts for t in row)


def test_cells_between_walls_are_not_cut_and_not_joined() -> None:
    plan = Plan((NAME, TARGET, ACTUAL), 0)
    assert cut("完成率\t100%\t\n合格率\t\t98%\n到位率\t1\t2\n", plan) == [
        ["完成率", "100%", ""],
        ["合格率", "", "98%"],
        ["到位率", "1", "2"],
    ]

from hypothesis import given
from hypothesis import strategies as st

from extract.grid import from_text_table
from extract.model import Origin, TextCell, TextTable


def test_spans_ragged_rows_and_empty_cells() -> None:
    rows = (
        (TextCell("a", row_span=2), TextCell("b", col_span=2)),
        (TextCell("c"),),
        (TextCell(" "), TextCell("d")),
    )
    grid = from_text_table(TextTable(rows), page=3)
    assert (grid.rows, grid.cols) == (3, 3)
    places = {cell.lines[0].text: (cell.row, cell.col, cell.row_end, cell.col_end) for cell in grid.cells if cell.lines}
    assert places == {"a": (0, 0, 2, 1), "b": (0, 1, 1, 3), "c": (1, 1, 2, 2), "d": (2, 1, 3, 2)}
    line = next(cell.lines[0] for cell in grid.cells if cell.lines)
    assert (line.origin, line.page, line.confidence, line.quad) == (Origin.TEXT_EXPORT, 3, None, None)


cells = st.builds(TextCell, st.text(max_size=3), st.integers(-1, 4), st.integers(-1, 4))


@given(st.lists(st.lists(cells, max_size=5), max_size=5))
def test_any_table_tiles_and_keeps_its_texts(rows: list[list[TextCell]]) -> None:
    grid = from_text_table(TextTable(tuple(tuple(row) for row in rows)))
    kept = [line.text for cell in grid.cells for line in cell.lines]
    assert sorted(kept) == sorted(c.text.strip() for row in rows for c in row if c.text.strip())


def test_many_rows_of_few_cells_take_memory_for_few_columns() -> None:
    """A width of all cells together would ask for 10 GB here."""
    grid = from_text_table(TextTable(((TextCell("a"), TextCell("")),) * 50_000 + ((TextCell("b", row_span=9),) * 3,)))
    assert (grid.rows, grid.cols) == (50_001, 3)

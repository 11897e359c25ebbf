"""The planner: nothing is lost, groups are taken up again, rows stay whole; measured here by counting letters."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.document import Block, Cell, Column, Document, Heading, Metadata, Page, Paragraph, Row, Table, Title
from reports.renderers.paper import Type, paper_for
from reports.renderers.pdf.pages import plan

PAGE = Page("landscape", 11, "- {page} -", 2)
LINES = int(paper_for(PAGE).height // paper_for(PAGE).cell.line)  # of cell text on a page without anything else


def wrap(text: str, kind: Type, width: float, indent: float = 0.0) -> tuple[str, ...]:
    """Ten letters a line, whatever the width."""
    return tuple(text[start : start + 10] for start in range(0, len(text), 10)) or ("",)


def pages(*blocks: Block) -> tuple[tuple[Block, ...], ...]:
    return plan(Document(Metadata("", ""), PAGE, blocks), wrap)


def table(rows: Sequence[Sequence[Cell | None]], **values: object) -> Table:
    columns = tuple(Column(f"c{number}", 100 // len(rows[0])) for number in range(len(rows[0])))
    return Table(columns, tuple(Row(tuple(cells)) for cells in rows), **values)  # type: ignore[arg-type]


def texts(page: Sequence[Block]) -> list[list[str | None]]:
    """The cells of a page's tables, lines joined."""
    return [
        [None if cell is None else "".join(cell.paragraphs).replace("\n", "") for cell in row.cells]
        for block in page
        if isinstance(block, Table)
        for row in block.rows
    ]


def tall(name: str, lines: int) -> Cell:
    return Cell(("".join(f"{name}{number:08d}," for number in range(lines)),))


def test_group_is_closed_and_taken_up_again_with_the_mark() -> None:
    rows: list[list[Cell | None]] = [
        [Cell(("กลุ่ม",), 3, repeats=True), tall("a", LINES // 2), Cell(("ผล",), 3)],
        [None, tall("b", LINES // 3), None],
        [None, tall("c", LINES // 3), None],
    ]
    first, second = pages(table(rows, continued="(ต่อ)"))
    assert [row[0] for row in texts(first)] == ["กลุ่ม", None]
    assert [row[2] for row in texts(first)] == ["ผล", None]
    assert [row[0] for row in texts(second)] == ["กลุ่ม (ต่อ)"]
    assert [row[2] for row in texts(second)] == [""]  # merged, but not a group: closed and blank
    closed = next(block for block in first if isinstance(block, Table)).rows[0].cells[0]
    assert closed is not None
    assert closed.rowspan == 2


def test_row_goes_whole_to_the_next_page() -> None:
    rows = [[tall("a", LINES - 7)], [tall("b", 10)]]
    assert [len(texts(page)) for page in pages(table(rows))] == [1, 1]


def test_row_taller_than_a_page_is_split_between_lines() -> None:
    cell = tall("a", LINES * 2 + 5)
    found = pages(table([[cell, Cell(("สั้น",))], [Cell(("ท้าย",)), Cell(("จบ",))]]))
    assert len(found) == 3
    assert "".join(row[0] or "" for page in found for row in texts(page)) == cell.paragraphs[0] + "ท้าย"
    assert [row[1] for page in found for row in texts(page)] == ["สั้น", "", "", "จบ"]
    assert min(len(row[0] or "") for row in texts(found[-1])[:1]) >= 30  # no strip of one or two lines


def test_group_text_taller_than_a_page_goes_on_beside_its_rows() -> None:
    long = tall("g", LINES + LINES // 2)
    rows: list[list[Cell | None]] = [[Cell(long.paragraphs, 4, repeats=True), tall("a", 3)]]
    rows += [[None, tall("b", 3)] for _ in range(3)]
    found = pages(table(rows, continued="(ต่อ)"))
    assert "".join(row[0] or "" for page in found for row in texts(page)) == long.paragraphs[0]
    assert "".join(row[1] or "" for page in found for row in texts(page)).count("b00000000") == 3


def test_repeated_text_never_makes_a_page_of_its_own() -> None:
    rows: list[list[Cell | None]] = [[Cell(tall("g", LINES - 4).paragraphs, 2, repeats=True), tall("a", LINES - 6)]]
    rows.append([None, tall("b", 12)])
    assert len(pages(table(rows, continued="(ต่อ)"))) == 2


def test_header_and_running_heading_stand_on_every_page() -> None:
    rows = [[tall("a", LINES - 9)] for _ in range(4)]
    found = pages(table(rows, running_heading="หัวเรื่อง"))
    assert len(found) == 4
    tables = [block for page in found for block in page if isinstance(block, Table)]
    assert {(part.running_heading, part.columns[0].label) for part in tables} == {("หัวเรื่อง", "c0")}


def test_heading_stays_with_its_table() -> None:
    found = pages(table([[tall("a", LINES - 8)]]), Heading("หัวข้อ"), table([[tall("b", 8)]]))
    assert [type(block) for block in found[0]] == [Table]
    assert [type(block) for block in found[1]] == [Heading, Table]


def test_tall_first_row_does_not_leave_the_title_alone() -> None:
    """A title, and a row that fits on no page: the row begins under the title."""
    found = pages(Title(("ชื่อ",)), Heading("หัวข้อ"), table([[tall("a", LINES + 10)]]))
    assert [type(block) for block in found[0]] == [Title, Heading, Table]


def test_paragraph_flows_and_is_indented_once() -> None:
    text = tall("p", LINES + 10).paragraphs[0]
    found = [block for page in pages(Paragraph(text)) for block in page if isinstance(block, Paragraph)]
    assert [block.indent for block in found] == [True, False]
    assert "".join(block.text.replace("\n", "") for block in found) == text


def test_document_without_blocks_is_one_page() -> None:
    assert pages() == ((),)


cell_texts = st.text("กขคงจ 012", max_size=900)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables with runs of merged cells in each column, some of them groups, texts of any length."""
    length = draw(st.integers(1, 8))
    columns: list[list[Cell | None]] = []
    for number in range(draw(st.integers(1, 4))):
        column: list[Cell | None] = []
        while len(column) < length:
            # The last column is never merged: each row has a cell of its own, as compose gives it.
            span = draw(st.integers(1, length - len(column))) if number else 1
            text = draw(cell_texts).strip()
            column += [Cell((text,) if text else (), span, draw(st.booleans())), *[None] * (span - 1)]
        columns.append(column)
    rows = [list(row) for row in zip(*columns, strict=True)]
    return table(rows, continued="(ต่อ)")


@settings(max_examples=150, deadline=None)
@given(tables())
def test_every_text_is_printed_whole_and_no_page_overflows(source: Table) -> None:
    """What was put in comes out in order, apart from repeated groups; spans stay inside their page."""
    found = pages(Title(("ชื่อ",)), source)
    for column in range(len(source.columns)):
        wanted = ["".join(row.cells[column].paragraphs) for row in source.rows if row.cells[column]]  # type: ignore[union-attr]
        printed = "".join(row[column] or "" for page in found for row in texts(page))
        place = 0
        for text in wanted:
            place = printed.find(text, place) + len(text)
            assert place >= len(text), (column, text)
    for page in found:
        for block in page:
            if isinstance(block, Table):
                assert_rectangular(block)


def assert_rectangular(part: Table) -> None:
    """Each place of the table is covered by exactly one cell."""
    for column in range(len(part.columns)):
        free = 0
        for number, row in enumerate(part.rows):
            cell = row.cells[column]
            assert (cell is None) == (number < free)
            if cell is not None:
                free = number + cell.rowspan
        assert free == len(part.rows)


@pytest.mark.parametrize("orientation", ["landscape", "portrait"])
def test_printed_area_is_a4_less_margins(orientation: str) -> None:
    paper = paper_for(Page(orientation))
    long, short = (paper.width, paper.height) if orientation == "landscape" else (paper.height, paper.width)
    assert long > short
    assert long < 297 * 96 / 25.4

"""Rows and paragraphs over the pages: what is split, what stays together, nothing lost or out of order."""

import io
from typing import Any

import pytest
import weasyprint
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from measures.thai import fold
from reports.compose import compose
from reports.document import Block, Cell, Document, Heading, Metadata, Paragraph, Row, Table, Title
from reports.layout import layouts
from reports.renderers import html
from reports.renderers.paper import Type, paper_for, style_sheet
from reports.renderers.pdf import engine
from reports.renderers.pdf.measure import wrap as pango_wrap
from reports.renderers.pdf.pages import MIN_LINES, height_of, plan
from reports.renderers.pdf.proof import stock_style, verify
from reports.renderers.pdf.render import body
from reports.renderers.pdf.table_flow import MAX_GAP, MIN_STRIP, header_heights, row_heights
from tests.reports.plans import PLANS, snapshot_of
from tests.reports.test_pages import LINES, PAGE, pages, table, tables, tall

MARK = "(ต่อ)"
PAPER = paper_for(PAGE)


def part_of(page: tuple[Block, ...]) -> Table:
    (part,) = [block for block in page if isinstance(block, Table)]
    return part


def line_counts(page: tuple[Block, ...]) -> list[list[int]]:
    """Of each row of the page's table the lines of its cells."""
    return [
        [
            len([line for text in cell.paragraphs for line in text.split("\n") if line]) if cell else 0
            for cell in row.cells
        ]
        for row in part_of(page).rows
    ]


def test_tall_row_is_split_where_it_would_leave_most_of_the_page_empty() -> None:
    first, second = pages(table([[tall("a", LINES // 5)], [tall("b", LINES - 4)]]))
    assert sum(row_heights(part_of(first), PAPER)) > (1 - MAX_GAP) * PAPER.height
    assert [len(rows) for rows in (line_counts(first), line_counts(second))] == [2, 1]


def test_row_stays_whole_where_half_a_page_is_left_empty() -> None:
    for lines in (8, LINES // 2 + 2):
        _, second = pages(table([[tall("a", LINES - lines + 1)], [tall("b", lines)]]))
        assert line_counts(second) == [[lines]]


def test_split_leaves_no_strip_on_either_side() -> None:
    for lines in range(LINES // 3, LINES - 3):
        cells = [tall(name, length) for name, length in (("a", lines), ("b", lines - 2), ("c", 2))]
        found = pages(table([[tall("x", LINES // 2), *[Cell(())] * 2], cells]))
        if len(found) == 2 and len(line_counts(found[0])) == 2:
            for above, below in zip(line_counts(found[0])[1], line_counts(found[1])[0], strict=True):
                assert below == 0 or (above >= MIN_STRIP and below >= MIN_STRIP)


def test_split_row_takes_up_every_level_of_its_groups() -> None:
    rows: list[list[Cell | None]] = [
        [Cell(("หนึ่ง",), 2, True), Cell(("สอง",), 2, True), Cell(("สาม",), 1, True), tall("a", LINES // 4)],
        [None, None, Cell(("สี่",), 1, True), tall("b", LINES)],
    ]
    _, second = pages(table(rows, continued=MARK))
    assert [cell and cell.paragraphs[0].replace("\n", "") for cell in part_of(second).rows[0].cells[:3]] == [
        f"{name} {MARK}" for name in ("หนึ่ง", "สอง", "สี่")
    ]


def test_repeated_text_too_long_for_the_page_keeps_its_mark() -> None:
    rows: list[list[Cell | None]] = [[Cell(tall("g", 2 * LINES).paragraphs, 6, repeats=True), tall("a", LINES)]]
    rows += [[None, tall("b", LINES)] for _ in range(5)]
    found = pages(table(rows, continued=MARK))
    shown = [part_of(page).rows[0].cells[0] for page in found]
    assert [cell.paragraphs[0].endswith(f"… {MARK}") for cell in shown if cell][3:] == [True] * (len(found) - 3)


def test_table_without_rows_prints_its_header_and_an_empty_row() -> None:
    (page,) = pages(Table(table([[Cell(())]]).columns, ()))
    assert part_of(page).rows == (Row((Cell(("",)),)),)


def test_bookmark_stands_with_the_first_part_of_a_split_row() -> None:
    source = Table(table([[Cell(())]]).columns, (Row((tall("a", 2 * LINES),), "ตัวชี้วัดที่ ๑"),))
    assert [part_of(page).rows[0].bookmark for page in pages(source)] == ["ตัวชี้วัดที่ ๑", "", ""]


def test_heading_goes_with_a_paragraph_that_is_not_split() -> None:
    room = int(PAPER.height // PAPER.paragraph.line)
    for left in range(1, 9):
        filler = [Paragraph(tall("f", 10).paragraphs[0]) for _ in range((room - left) // 10)]
        found = pages(*filler, Paragraph("x" * 10 * ((room - left) % 10)), Heading("แบบตรวจ OIT"), Paragraph("ก" * 50))
        assert [page for page in found if isinstance(page[-1], Heading)] == []


def test_announcement_goes_with_what_it_announces() -> None:
    """Lines that end in ดังนี้ or a colon, one after the other."""
    filler = tall("f", LINES - 4)
    lead = Paragraph("ดังนี้"), Paragraph("คือ:")
    _, second = pages(table([[filler]]), *lead, table([[tall("a", 6)]]))
    assert [type(block) for block in second] == [Paragraph, Paragraph, Table]


def test_announcements_that_fill_a_page_are_printed_all_the_same() -> None:
    leads = [Paragraph("ดังนี้") for _ in range(100)]
    found = pages(*leads, table([[tall("a", LINES)]]))
    assert sum(isinstance(block, Paragraph) for page in found for block in page) == 100
    assert isinstance(found[-1][-1], Table)


def test_document_may_end_with_headings() -> None:
    assert [len(page) for page in pages(Title(("ชื่อ",)), Heading("ก"), Heading("ข"))] == [3]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, LINES * 2), min_size=1, max_size=8))
def test_split_paragraphs_leave_no_strip(lengths: list[int]) -> None:
    texts = ["".join(f"{number:02d}{line:07d}," for line in range(length)) for number, length in enumerate(lengths)]
    found = pages(*map(Paragraph, texts))
    blocks = [block for page in found for block in page if isinstance(block, Paragraph)]
    assert "".join(block.text.replace("\n", "") for block in blocks) == "".join(texts)
    for number, length in enumerate(lengths):
        parts = [block.text.count("\n") + 1 for block in blocks if block.text.startswith(f"{number:02d}")]
        assert sum(parts) == length
        assert len(parts) == 1 or min(parts) >= MIN_LINES


def unroll(source: Table, column: int, pieces: list[str]) -> None:
    """Check that the pieces printed in a column are its texts in order, groups repeated, and nothing else."""
    wanted = ["".join(row.cells[column].paragraphs) for row in source.rows if row.cells[column]]  # type: ignore[union-attr]
    left, current, index = "", "", -1
    for piece in pieces:
        if left and left.startswith(piece):
            left = left[len(piece) :]
            continue
        repeated = f"{current} {MARK}"
        if piece == repeated or (piece.endswith(f"… {MARK}") and repeated.startswith(piece.removesuffix(f"… {MARK}"))):
            continue
        assert left == "", (left, piece)
        index = next(n for n in range(index + 1, len(wanted)) if wanted[n])
        current = wanted[index]
        assert current.startswith(piece), (current, piece)
        left = current[len(piece) :]
    assert left == ""
    assert [text for text in wanted[index + 1 :] if text] == []


@settings(max_examples=300, deadline=None)
@given(tables(), st.integers(1, LINES // 2))
def test_columns_read_in_order_are_the_input(source: Table, filler: int) -> None:
    """No letter is lost, doubled or out of order, and no page is fuller than the paper."""
    found = pages(Title(tuple("x" * filler)), source)
    for column in range(len(source.columns)):
        cells = [
            row.cells[column] for page in found for block in page if isinstance(block, Table) for row in block.rows
        ]
        pieces = ["".join(cell.paragraphs).replace("\n", "") for cell in cells if cell]
        unroll(source, column, [piece for piece in pieces if piece])
    for page in found:
        height = 0.0
        for block in page:
            if isinstance(block, Table):
                height += 2 * PAPER.gap + sum([*header_heights(block, PAPER), *row_heights(block, PAPER)]) + 1
            else:
                height += height_of(block, PAPER)
        assert height <= PAPER.height + PAPER.gap + 1


def printed(document: Document, markup: str, style: str) -> Any:
    with engine.LOCK, engine.warnings_raise():
        return engine.lay_out(html.page(document, markup), style, weasyprint.HTML)


def differences(document: Document) -> list[str]:
    planned = plan(document, pango_wrap)
    return verify(planned, document.page, printed(document, body(planned), style_sheet(document.page)))


def document(*blocks: Block) -> Document:
    return Document(Metadata("", ""), PAGE, blocks)


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_weasyprint_prints_pages_and_rows_as_planned(slug: str) -> None:
    snapshot = snapshot_of(slug)
    for form in layouts().values():
        assert differences(compose(snapshot, form).document) == [], form


WORDS = "ดำเนินการกำหนดจำนวนผู้รับบริการตามตัวชี้วัดของหน่วยงาน "
LONG = "".join(f"รายการที่ {number} {WORDS}" for number in range(200))


@pytest.mark.parametrize(
    "rows",
    [
        [[Cell((LONG[:12_000],)), Cell(("สั้น",))], [Cell(("ก",)), Cell(("ข",))]],
        [[Cell((WORDS,), 400, True) if not n else None, Cell((f"{n} {WORDS}",))] for n in range(400)],
        [[Cell(("x" * 5_000,)), Cell(("กิ่" * 1_700,))]],
        [[Cell(("",)), Cell(("", "ก", "", "ข\n\n", "")), Cell(("\nก",))]],
        [],
    ],
    ids=["a row of 12,000 characters", "a group of 400 rows", "words of 5,000 letters", "blank lines", "no row"],
)
def test_odd_tables_are_printed_as_planned(rows: list[list[Cell | None]]) -> None:
    source = table(rows, continued=MARK) if rows else Table(table([[Cell(())]]).columns, ())
    assert differences(document(Title(("ชื่อ",)), source)) == []


def test_work_grows_with_the_rows_and_no_faster() -> None:
    """Texts measured for a group of 1,600 rows: four times those of 400, but for a header."""
    asked: list[int] = []
    for length in (400, 1_600):
        calls = 0

        def counted(text: str, kind: Type, width: float, indent: float = 0.0) -> tuple[str, ...]:
            nonlocal calls
            calls += 1
            return pango_wrap(text, kind, width, indent)

        rows = [[Cell((WORDS,), length, True) if not n else None, Cell((f"{n}",))] for n in range(length)]
        plan(document(table(rows, continued=MARK)), counted)
        asked.append(calls)
    assert asked[1] <= 4.2 * asked[0]


def test_difference_from_the_plan_is_named() -> None:
    low, high, other = (document(table([[Cell(texts)]])) for texts in (("ก",), ("ก", "ข"), ("ก" * 9_000,)))
    real = printed(high, body(plan(high, pango_wrap)), style_sheet(PAGE))
    assert verify(plan(high, pango_wrap), PAGE, real) == []
    (difference,) = verify(plan(low, pango_wrap), PAGE, real)
    assert difference.startswith("page 1: table 1, row 2: height planned ")
    assert verify(plan(other, pango_wrap), PAGE, real)[0].startswith("pages planned ")
    two = document(table([[Cell(("ก",))], [Cell(("ข",))]]))
    assert verify(plan(two, pango_wrap), PAGE, real) == ["page 1: rows planned [3], printed [2]"]


def test_stock_way_prints_every_text_without_a_plan() -> None:
    snapshot = snapshot_of("krathok")
    source = compose(snapshot, layouts()[snapshot.layout]).document
    with engine.LOCK:
        content, count = engine.render_pdf(html.page(source, html.blocks(source.blocks)), stock_style(source.page))
    text = fold("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))
    cells = [
        t for b in source.blocks if isinstance(b, Table) for r in b.rows for c in r.cells if c for t in c.paragraphs
    ]
    assert count > 1
    assert [cell for cell in cells if fold(cell[:20]) not in text] == []

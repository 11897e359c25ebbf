"""Excel: sheets ready to print, cells merged as composed, rows high enough, and text that stays text."""

import io
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from PIL import Image

from measures.thai import fold
from reports.compose import compose
from reports.document import (
    Cell,
    Column,
    Document,
    Emblem,
    Heading,
    Margins,
    Metadata,
    Page,
    Paragraph,
    Row,
    Signatures,
    Table,
    Title,
)
from reports.layout import layouts
from reports.renderers.pdf.measure import wrap
from reports.renderers.xlsx import book as xlsx_book
from reports.renderers.xlsx import cells as sheet_cells
from reports.renderers.xlsx import lines as xlsx_lines
from reports.renderers.xlsx import render as xlsx
from tests.reports.plans import PLANS, snapshot_of
from tests.reports.reading import merged, workbook

COLUMNS = (Column("ก", 30), Column("ข", 50, "บน"), Column("ค", 20, "บน", "center"))


def document(*rows: tuple[Cell | None, ...], before: tuple = (), after: tuple = ()) -> Document:
    table = Table(COLUMNS, tuple(map(Row, rows)), running_heading="หัวทุกหน้า")
    return Document(Metadata("ชื่อ", "หน่วยงาน"), Page(number_format="- {page} -"), (*before, table, *after))


def needed(text: str, look: sheet_cells.Look, width: float) -> float:
    """Points that a text needs in a width of pixels, its lines broken by the Pango that prints the PDF."""
    return look.line * sum(len(wrap(part, look.type, width - 3)) for part in text.split("\n"))


def cell(*paragraphs: str, rowspan: int = 1) -> Cell:
    return Cell(paragraphs, rowspan)


def test_sheet_is_ready_to_print() -> None:
    (sheet,) = workbook(xlsx.render(document((cell("๑"), cell("๒"), cell("๓")), before=(Title(("ชื่อ",)),)))).worksheets
    assert sheet["A1"].value == "ชื่อ"
    assert [list(row) for row in sheet.values][1:] == [
        ["หัวทุกหน้า", None, None],
        ["ก", "บน", None],
        [None, "ข", "ค"],
        ["๑", "๒", "๓"],
    ]
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$2:$4", "A5")
    assert merged(sheet) == {"A1:C1", "A2:C2", "A3:A4", "B3:C3"}
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddHeader.center.text == "- &P -"
    shares = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert [round(100 * share / sum(shares)) for share in shares] == [30, 50, 20]
    assert all(sheet[place].alignment.wrap_text for place in ("A1", "A3", "B5"))
    assert (sheet["C5"].alignment.horizontal, sheet["A5"].border.bottom.style) == ("center", "thin")


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://example.org","x")', "=1+1", "+1", "-1", "@SUM(A1)", "#N/A", "1/2", "TRUE"]
)
def test_text_stays_text(text: str) -> None:
    (sheet,) = workbook(xlsx.render(document((cell(text), cell("ก"), cell("ข"))))).worksheets
    found = sheet["A4"]
    assert (found.value, found.data_type, found.hyperlink) == (text, "s", None)
    assert found.number_format == "@"
    assert bool(found.quotePrefix) == text.startswith(("=", "+", "-", "@"))


def test_control_characters_do_not_stop_the_file() -> None:
    (sheet,) = workbook(xlsx.render(document((cell("ก\x00ข\x0b"), cell("<b>&</b>"), cell("ค"))))).worksheets
    assert [sheet["A4"].value, sheet["B4"].value] == ["กข", "<b>&</b>"]


def test_long_text_goes_on_in_the_cells_below() -> None:
    words = "".join(f"รายการที่ {number} " for number in range(7_000))[:100_000]
    (sheet,) = workbook(
        xlsx.render(document((cell("ก"), cell(words), cell("ค")), (cell("ท้าย"), cell(""), cell(""))))
    ).worksheets
    found = [value for (value,) in sheet.iter_rows(min_row=4, min_col=2, max_col=2, values_only=True) if value]
    assert len(found) == 4
    assert fold("".join(found)) == fold(words)
    assert max(map(len, found)) <= 32_767
    last = next(row for row in range(4, sheet.max_row + 1) if sheet.cell(row, 1).value == "ท้าย")
    assert f"A4:A{last - 1}" in merged(sheet)


def test_line_of_a_million_letters_is_cut_without_loss() -> None:
    assert "".join(sheet_cells.pieces("ก" * 1_000_000)) == "ก" * 1_000_000


def test_same_document_gives_the_same_bytes_without_dates() -> None:
    composed = compose(snapshot_of("mueangkhong"), layouts()["annual-oit"]).document
    content = xlsx.render(composed)
    assert content == xlsx.render(composed)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        core = archive.read("docProps/core.xml").decode()
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "dcterms" not in core.replace("xmlns:dcterms", "")
    assert "รายงานผลการดำเนินการ" in core


def test_headings_stand_between_tables_of_one_form_and_its_header_once() -> None:
    composed = compose(snapshot_of("mueangkhong"), layouts()["annual-oit"]).document
    names = ["ตาราง ๑", "ตาราง ๒", "ตาราง ๓"]
    book = workbook(xlsx.render(composed))
    assert book.sheetnames == names
    sheet = book[names[2]]
    texts = [row[0] for row in sheet.values if row[0]]
    assert texts.count("ข้อ") == 1
    assert texts.index("ตัวชี้วัดย่อยที่ ๙.๓ การจัดซื้อจัดจ้าง") == texts.index("o๑๘") + 1
    assert "ตัวชี้วัดย่อยที่ ๙.๕ การส่งเสริมความโปร่งใส (ต่อ)" in texts


def test_long_prose_has_a_sheet_of_its_own() -> None:
    book = workbook(xlsx.render(compose(snapshot_of("arunnikhom"), layouts()["analysis-plan"]).document))
    assert book.sheetnames == ["ตาราง ๑", "ข้อความ ๒", "ตาราง ๓"]
    assert book["ตาราง ๓"]["A1"].value == "มาตรการส่งเสริมความโปร่งใสในการดำเนินงาน ประจำปีงบประมาณ ๒๕๖๕"


def test_text_after_the_table_and_places_to_sign_follow_it() -> None:
    after = (Heading("ข้อจำกัด"), Paragraph("๑. งบประมาณ"), Signatures(("ผู้รายงาน", "นายก")))
    (sheet,) = workbook(xlsx.render(document((cell("๑"), cell(""), cell("")), after=after))).worksheets
    texts = [row[0] for row in sheet.values][4:]
    assert texts[:2] == ["ข้อจำกัด", "๑. งบประมาณ"]
    assert [text.split()[-1] for text in texts if text and text.startswith("ลงชื่อ")] == ["ผู้รายงาน", "นายก"]


def test_merged_rows_are_high_enough_together() -> None:
    rows = [(cell("ยาว " * 300, rowspan=3), cell("ก"), cell("ข"))] + [(None, cell("ก"), cell("ข"))] * 2
    (sheet,) = workbook(xlsx.render(document(*rows))).worksheets
    heights = [sheet.row_dimensions[row].height for row in range(4, sheet.max_row + 1)]
    assert max(heights) <= 409
    assert max(heights) - min(heights) < 24 * 17
    assert sum(heights) >= needed("ยาว " * 300, sheet_cells.Look(sheet["A4"].font.size), 0.3 * 1032)


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_no_text_is_cut_off(slug: str) -> None:
    """The rows of each cell are together as high as its lines, measured in the narrower print font."""
    snapshot = snapshot_of(slug)
    content = xlsx.render(compose(snapshot, layouts()[snapshot.layout]).document)
    for sheet in workbook(content).worksheets:
        spans = {bounds[:2]: bounds for cells in merged(sheet) if (bounds := range_boundaries(cells))}
        for row in sheet.iter_rows():
            for found in row:
                if not found.value:
                    continue
                left, top, right, bottom = spans.get((found.column, found.row), (found.column, found.row) * 2)
                look = sheet_cells.Look(found.font.size, bool(found.font.bold))
                letters = map(get_column_letter, range(left, right + 1))
                width = sum(sheet.column_dimensions[letter].width for letter in letters)
                height = sum(sheet.row_dimensions[number].height for number in range(top, bottom + 1))
                room = width * xlsx_lines.digit_width(xlsx_book.UNIT)
                assert height >= needed(found.value, look, room) - 0.5, (found.coordinate, found.value[:40])


def test_first_page_has_no_number_where_the_form_begins_with_the_second() -> None:
    book = workbook(xlsx.render(compose(snapshot_of("arunnikhom"), layouts()["analysis-plan"]).document))
    headers = [(sheet.HeaderFooter.differentFirst, sheet.firstHeader.center.text) for sheet in book.worksheets]
    assert headers == [(True, None), (False, None), (False, None)]


def test_paper_and_margins_are_those_of_the_document() -> None:
    table = document((cell("ก"), cell("ข"), cell("ค")))
    page = replace(table.page, paper="F4", orientation="portrait", margins=Margins(20, 10, 10, 30))
    (sheet,) = workbook(xlsx.render(replace(table, page=page))).worksheets
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (14, "portrait")
    margins = sheet.page_margins
    assert [round(side * 25.4) for side in (margins.top, margins.right, margins.bottom, margins.left)] == [
        20,
        10,
        10,
        30,
    ]


def test_emblem_stands_above_the_table() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(picture, "PNG")
    emblem = Emblem(picture.getvalue(), "ตรา", 20)
    content = xlsx.render(document((cell("ก"), cell(""), cell("")), before=(emblem,)))
    (sheet,) = workbook(content).worksheets
    assert sheet.row_dimensions[1].height >= 20 / 25.4 * 72
    (image,) = sheet._images
    assert (image.anchor._from.row, image.anchor._from.col) == (0, 1)
    assert content == xlsx.render(
        document((cell("ก"), cell(""), cell("")), before=(Emblem(picture.getvalue(), "", 20),))
    )

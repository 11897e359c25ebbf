"""The Word file opened again: every text in its place, merged as the document says, and nothing but text."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import pytest
from docx import Document as open_word
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.section import Section
from docx.shared import Mm
from docx.table import Table as WordTable

from reports.compose import compose
from reports.document import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Metadata,
    Page,
    Paragraph,
    Row,
    Signatures,
    Table,
    Title,
    header_rows,
)
from reports.layout import layouts
from reports.renderers.docx.render import render
from reports.renderers.fonts import DIRECTORY
from tests.reports.plans import PLANS, snapshot_of

FRAME = Metadata("รายงาน", "อบต.ทดสอบ")
LANDSCAPE = Page("landscape", 11, "- {page} -", 2)
COLUMNS = (Column("ก", 20), Column("ข", 30, "บน"), Column("ค", 30, "บน", "center"), Column("ง", 20, align="right"))

# What Word wants in which order inside its elements; it refuses a file that does otherwise.
ORDERS = {
    "pPr": "pStyle keepNext widowControl spacing ind jc outlineLvl",
    "rPr": "rFonts b bCs sz szCs lang",
    "tblPr": "tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "tcPr": "tcW gridSpan vMerge tcBorders shd vAlign",
    "tcBorders": "top left bottom right",
    "trPr": "cantSplit tblHeader",
    "tbl": "tblPr tblGrid tr",
    "sectPr": "headerReference pgSz pgMar pgNumType cols titlePg docGrid",
    "style": "name basedOn qFormat pPr rPr tblPr",
    "settings": "zoom embedTrueTypeFonts defaultTabStop characterSpacingControl compat themeFontLang decimalSymbol"
    " listSeparator",
    "font": "charset family embedRegular embedBold",
}


def report(slug: str) -> Document:
    snapshot = snapshot_of(slug)
    return compose(snapshot, layouts()[snapshot.layout]).document


def document(*blocks: Block, page: Page = LANDSCAPE, metadata: Metadata = FRAME) -> Document:
    return Document(metadata, page, blocks)


def word(made: Document) -> WordDocument:
    return open_word(io.BytesIO(render(made)))


def one_row(*texts: str) -> Table:
    columns = tuple(Column(f"คอลัมน์ {number}", 100 // len(texts)) for number in range(len(texts)))
    return Table(columns, (Row(tuple(Cell((text,)) for text in texts)),))


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def found(element: Any, tag: str) -> list[Any]:
    return list(element.iter(qn(f"w:{tag}")))


def value(element: Any, tag: str, attribute: str = "val") -> str | None:
    """The attribute of the first such element inside, None where there is none."""
    inside = found(element, tag)
    return inside[0].get(qn(f"w:{attribute}")) if inside else None


def header_count(table: Table) -> int:
    return len(header_rows(table.columns)) + bool(table.running_heading)


def printed(cell: Cell) -> str:
    return "\n".join(cell.paragraphs)


def outside_tables(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Style and text of each paragraph that stands in no table."""
    for block in blocks:
        match block:
            case Title():
                yield "Title", "\n".join(block.lines)
            case Heading():
                yield f"Heading {block.level}", block.text
            case Paragraph():
                yield "Body Text" if block.indent else "Normal", block.text
            case Table() | Signatures():
                yield "Table End", ""


def check_table(printed_table: WordTable, table: Table) -> None:
    """The same columns, and in each row each cell's text, or the very cell above where there is none."""
    rows = [row.cells for row in printed_table.rows][header_count(table) :]
    assert len(printed_table.columns) == len(table.columns)
    assert {len(cells) for cells in rows} == {len(table.columns)}
    assert len(rows) == len(table.rows)
    for number, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells):
            shown = rows[number][column]
            if cell is None:
                assert shown._tc is rows[number - 1][column]._tc
            else:
                assert shown.text == printed(cell)
                assert number == 0 or shown._tc is not rows[number - 1][column]._tc


@pytest.mark.parametrize("slug", PLANS)
def test_report_has_every_cell_in_its_place(slug: str) -> None:
    made = report(slug)
    opened = word(made)
    tables = [block for block in made.blocks if isinstance(block, Table)]
    assert len(opened.tables) == len(tables)
    for printed_table, table in zip(opened.tables, tables, strict=True):
        check_table(printed_table, table)


@pytest.mark.parametrize("slug", PLANS)
def test_report_has_every_text_outside_tables_in_its_style(slug: str) -> None:
    made = report(slug)
    assert [(p.style.name, p.text) for p in word(made).paragraphs if p.style] == list(outside_tables(made.blocks))


@pytest.mark.parametrize("slug", PLANS)
def test_report_repeats_header_rows_and_no_others(slug: str) -> None:
    made = report(slug)
    tables = [block for block in made.blocks if isinstance(block, Table)]
    for printed_table, table in zip(word(made).tables, tables, strict=True):
        repeated = [bool(found(row._tr, "tblHeader")) for row in printed_table.rows]
        headers = header_count(table)
        assert repeated == [True] * headers + [False] * len(table.rows)
        labels = [cell.text for cell in printed_table.rows[headers - 1].cells]
        assert labels == [column.label for column in table.columns]


@pytest.mark.parametrize("slug", PLANS)
def test_report_keeps_to_the_order_of_the_schema(slug: str) -> None:
    roots = [part for name, part in parts(render(report(slug))).items() if name.startswith("word/") and "xml" in name]
    for root in map(parse_xml, roots):
        for tag, order in ORDERS.items():
            for element in found(root, tag):
                places = [order.split().index(child.tag.split("}")[1]) for child in element]
                assert places == sorted(places), tag
        assert {element.get(qn("xml:space"), "preserve") for element in root.iter()} == {"preserve"}


@pytest.mark.parametrize("slug", PLANS)
def test_same_report_is_the_same_bytes(slug: str) -> None:
    content = render(report(slug))
    assert render(report(slug)) == content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_header_of_two_tiers_is_merged_across_and_down() -> None:
    (table,) = word(document(Table(COLUMNS, (Row((Cell(("x",)),) * 4),)))).tables
    upper, lower = (row.cells for row in table.rows[:2])
    assert [cell.text for cell in upper] == ["ก", "บน", "บน", "ง"]
    assert [cell.text for cell in lower] == ["ก", "ข", "ค", "ง"]
    assert upper[0]._tc is lower[0]._tc
    assert upper[3]._tc is lower[3]._tc
    assert upper[1]._tc is upper[2]._tc
    assert [found(row._tr, "tblHeader") != [] for row in table.rows] == [True, True, False]


def test_running_heading_is_a_header_row_without_rules() -> None:
    made = document(Table(COLUMNS, (Row((Cell(("x",)),) * 4),), running_heading="มาตรการ\nของ อบต."))
    (table,) = word(made).tables
    first = table.rows[0]
    assert {cell.text for cell in first.cells} == {"มาตรการ\nของ อบต."}
    assert len(found(first._tr, "tc")) == 1
    assert found(first._tr, "tblHeader")
    (borders,) = found(first._tr, "tcBorders")
    assert {edge.tag.split("}")[1]: edge.get(qn("w:val")) for edge in borders} == dict.fromkeys(
        ("top", "left", "right"), "nil"
    )


def test_merged_cell_reaches_down_and_equal_texts_stay_apart() -> None:
    group, same = Cell(("กลุ่ม", "สอง"), 3), Cell(("ผอ.กองคลัง",))
    rows = (Row((group, same)), Row((None, same)), Row((None, Cell(()))), Row((same, same)))
    table = Table((Column("ก", 50), Column("ข", 50)), rows)
    (printed_table,) = word(document(table)).tables
    check_table(printed_table, table)
    merges = [[value(cell, "vMerge") for cell in found(row._tr, "tc")] for row in printed_table.rows]
    assert merges == [[None, None], ["restart", None], ["continue", None], ["continue", None], [None, None]]


def test_columns_have_the_widths_of_the_document() -> None:
    (table,) = word(document(Table(COLUMNS, (Row((Cell(("x",)),) * 4),)))).tables
    text_width = Mm(297 - 2 * 12).twips
    widths = [column.width.twips for column in table.columns if column.width]
    assert abs(sum(widths) - text_width) <= 1
    assert [round(100 * width / text_width) for width in widths] == [20, 30, 30, 20]
    assert value(table._tbl, "tblLayout", "type") == "fixed"
    assert [cell.width.twips for cell in table.rows[2].cells if cell.width] == widths


def test_alignment_of_a_column_is_that_of_its_paragraphs() -> None:
    (table,) = word(document(Table(COLUMNS, (Row((Cell(("x", "y")),) * 4),)))).tables
    aligned = [[value(p._p, "jc") for p in cell.paragraphs] for cell in table.rows[2].cells]
    assert aligned == [[None, None], [None, None], ["center", "center"], ["right", "right"]]


def test_every_style_sets_thai_like_latin() -> None:
    opened = word(document())
    (defaults,) = found(opened.styles.element, "rPrDefault")
    assert {value(defaults, "rFonts", script) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Laksaman"}
    assert (value(defaults, "lang"), value(defaults, "lang", "bidi")) == ("th-TH", "th-TH")
    for style in found(opened.styles.element, "style"):
        assert value(style, "sz") == value(style, "szCs")
        assert bool(found(style, "b")) == bool(found(style, "bCs"))
    assert {value(found(opened.styles.element, "style")[0], "szCs")} == {"24"}
    assert [value(opened.styles["Table Text"].element, "szCs"), value(opened.styles["Title"].element, "szCs")] == [
        "22",
        "26",
    ]


@pytest.mark.parametrize(("entry", "file"), [("embedRegular", "Laksaman.ttf"), ("embedBold", "Laksaman-Bold.ttf")])
def test_font_goes_with_the_file(entry: str, file: str) -> None:
    inside = parts(render(document()))
    (embedded,) = found(parse_xml(inside["word/fontTable.xml"]), entry)
    relations = {part.get("Id"): part.get("Target") for part in parse_xml(inside["word/_rels/fontTable.xml.rels"])}
    content = inside[f"word/{relations[embedded.get(qn('r:id'))]}"]
    key = UUID(embedded.get(qn("w:fontKey"))).bytes[::-1]
    clear = bytes(byte ^ mask for byte, mask in zip(content[:32], key * 2, strict=True)) + content[32:]
    assert clear == (DIRECTORY / file).read_bytes()


def test_markup_and_formulas_are_text() -> None:
    nasty = [
        "<b>ตัวหนา</b> & &amp; <w:p/>",
        "=1+1",
        '{ INCLUDEPICTURE "http://example.org/x.png" }',
        r"{ PAGE \* ThaiArabic } {{ jinja }} {page}",
        "_x0041_ ]]> --> %s http://example.org",
    ]
    made = document(one_row(*nasty), Heading(nasty[0]), Paragraph(nasty[2]), page=Page(number_format=""))
    content = render(made)
    opened = open_word(io.BytesIO(content))
    assert [cell.text for cell in opened.tables[0].rows[1].cells] == nasty
    for name, part in parts(content).items():
        assert b"TargetMode" not in part, name
        if name.endswith(".xml"):
            root = parse_xml(part)
            for tag in ("fldChar", "fldSimple", "instrText", "hyperlink", "object", "altChunk"):
                assert found(root, tag) == [], name


def test_control_characters_are_left_out_and_line_ends_break_lines() -> None:
    dirty = "ก\x00ข\x07\x1bค\ud800\ufffe\uffff\x85ง"
    made = document(one_row(dirty, "ก\r\nข\rค\nง", "ก\tข", "  ก  "), Heading(dirty), metadata=Metadata(dirty, dirty))
    opened = word(made)
    assert [cell.text for cell in opened.tables[0].rows[1].cells] == ["กขคง", "ก\nข\nค\nง", "ก ข", "  ก  "]
    assert [p.text for p in opened.paragraphs if p.text] == ["กขคง"]
    assert (opened.core_properties.title, opened.core_properties.author) == ("กขคง", "กขคง")


def test_check_boxes_are_in_a_font_that_has_them() -> None:
    (table,) = word(document(one_row("☐ ยังไม่ได้ ☑ ดำเนินการ"))).tables
    cell = table.rows[1].cells[0]
    assert cell.text == "☐ ยังไม่ได้ ☑ ดำเนินการ"
    assert [(run.text, value(run._r, "rFonts", "hAnsi")) for run in cell.paragraphs[0].runs] == [
        ("☐", "Segoe UI Symbol"),
        (" ยังไม่ได้ ", None),
        ("☑", "Segoe UI Symbol"),
        (" ดำเนินการ", None),
    ]


def test_long_row_may_run_over_a_page_and_a_short_one_stays_whole() -> None:
    long = "ประเมินการรับรู้ของบุคลากร " * 480
    long = long[:12_000]
    short = Row((Cell(("สั้น",)), Cell(("a",))))
    table = Table((Column("ก", 50), Column("ข", 50)), (short, Row((Cell((long,)), Cell(("b",)))), short))
    (printed_table,) = word(document(table)).tables
    assert printed_table.rows[2].cells[0].text == long
    assert [bool(found(row._tr, "cantSplit")) for row in printed_table.rows] == [True, True, False, True]


def test_group_of_many_rows_is_one_cell() -> None:
    rows = tuple(Row((Cell(("กลุ่ม",), 400) if number == 0 else None, Cell((str(number),)))) for number in range(400))
    table = Table((Column("ก", 50), Column("ข", 50)), rows)
    (printed_table,) = word(document(table)).tables
    merges = [value(row._tr, "vMerge") for row in printed_table.rows]
    assert merges == [None, "restart", *["continue"] * 399]
    assert [found(row._tr, "tc")[1][-1].text for row in printed_table.rows][1:] == [str(n) for n in range(400)]


def page_of(section: Section) -> tuple[int, ...]:
    lengths = (section.page_width, section.page_height, section.top_margin, section.left_margin, section.bottom_margin)
    return tuple(round(length.mm) for length in lengths if length is not None)


def test_paper_is_that_of_the_document() -> None:
    assert page_of(word(document()).sections[0]) == (297, 210, 15, 12, 12)
    assert page_of(word(document(page=Page("portrait"))).sections[0]) == (210, 297, 15, 12, 12)


@pytest.mark.parametrize(("thai", "digits", "shown"), [(True, "thaiNumbers", "๑"), (False, "decimal", "1")])
def test_page_number_is_a_field_in_its_frame(thai: bool, digits: str, shown: str) -> None:
    section = word(document(page=Page("landscape", 11, "- {page} -", 1, thai))).sections[0]
    (number,) = section.header.paragraphs
    assert number.text == f"- {shown} -"
    assert [code.text for code in found(number._p, "instrText")] == [" PAGE "]
    assert value(section._sectPr, "pgNumType", "fmt") == digits
    assert not section.different_first_page_header_footer


def test_page_number_leaves_out_the_first_page_or_all() -> None:
    later = word(document(page=Page("landscape", 11, "- {page} -", 2))).sections[0]
    assert later.different_first_page_header_footer
    assert later.first_page_header.is_linked_to_previous  # nothing of its own: bare
    never = word(document(page=Page("landscape", 11, ""))).sections[0]
    assert never.header.is_linked_to_previous


def test_properties_name_title_author_and_language_and_no_day() -> None:
    opened = word(document(metadata=Metadata("ช" * 300, "อบต.ทดสอบ")))
    properties = opened.core_properties
    assert (properties.title, properties.author) == ("ช" * 255, "อบต.ทดสอบ")
    assert (properties.language, properties.comments) == ("th-TH", "")
    assert {str(properties.created)[:10], str(properties.modified)[:10]} == {"1980-01-01"}


def test_signatures_stand_side_by_side_without_rules() -> None:
    (table,) = word(document(Signatures(("ผู้รายงาน", "ผู้ตรวจสอบ", "ผู้บริหาร")))).tables
    (row,) = table.rows
    assert [cell.paragraphs[0].text.split()[-1] for cell in row.cells] == ["ผู้รายงาน", "ผู้ตรวจสอบ", "ผู้บริหาร"]
    assert all(cell.text.startswith("ลงชื่อ ....") for cell in row.cells)
    (borders,) = found(table._tbl, "tblBorders")
    assert {edge.get(qn("w:val")) for edge in borders} == {"nil"}
    assert found(row._tr, "cantSplit")


def test_neighbouring_tables_stay_apart_and_nothing_is_nothing() -> None:
    opened = word(document(one_row("ก"), one_row("ข"), Signatures(())))
    assert [child.tag.split("}")[1] for child in opened.element.body] == ["tbl", "p", "tbl", "p", "sectPr"]
    assert [child.tag.split("}")[1] for child in word(document()).element.body] == ["sectPr"]


def test_file_holds_no_more_than_it_needs() -> None:
    assert sorted(parts(render(document(one_row("ก"))))) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/core.xml",
        "word/_rels/document.xml.rels",
        "word/_rels/fontTable.xml.rels",
        "word/document.xml",
        "word/fontTable.xml",
        "word/fonts/font1.odttf",
        "word/fonts/font2.odttf",
        "word/header1.xml",
        "word/settings.xml",
        "word/styles.xml",
    ]

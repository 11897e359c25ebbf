"""The form: emblem, memo, places to sign, paper and margins, by the layout and as the agency wishes."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document as open_word
from docx.shared import Mm
from pypdf import PdfReader

from measures.snapshot import FormInfo, from_data, to_data
from measures.thai import fold
from reports.compose import compose
from reports.document import Emblem, Margins, Paragraph, Signatures, Table, Title, signature_lines
from reports.layout import LayoutError, layouts, load_layout
from reports.renderers import html
from reports.renderers.docx import render as docx
from reports.renderers.pdf import render as pdf
from reports.renderers.xlsx import render as xlsx
from tests.reports.forms import FULL, emblem, full_document, snapshot_with
from tests.reports.plans import PLANS, snapshot_of
from tests.reports.reading import pdf_text, workbook

ROLES = ("ผู้รายงาน", "ผู้ตรวจสอบ", "ผู้บริหาร")
FORM = """
key = "form"
name = "แบบทดสอบ"
periods = ["round1"]
paper = "Legal"
margin_left = 30
[[blocks]]
kind = "emblem"
height = 30
[[blocks]]
kind = "memo"
text = "เลขที่ {memo_number}"
[[blocks]]
kind = "signatures"
roles = ["ผู้รายงาน", "นายก{agency_short}"]
"""


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "form.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_five_forms_print_only_what_the_documents_print(slug: str) -> None:
    """Until the agency asks for more: no emblem, memo or signatures, on A4."""
    snapshot = snapshot_of(slug)
    document = compose(snapshot, layouts()[snapshot.layout]).document
    assert [block for block in document.blocks if isinstance(block, Emblem | Signatures)] == []
    assert isinstance(document.blocks[0], Title)
    assert (document.page.paper, document.page.margins) == ("A4", Margins(15, 12, 12, 12))


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_agency_gets_what_it_asks_for(slug: str) -> None:
    document = full_document(slug)
    first, second, *_, last = document.blocks
    assert first == Emblem(FULL.emblem, f"ตรา{snapshot_of(slug).agency.name}", 20)
    assert second == Paragraph("ที่ มค ๗๒๓๐๑/๑๒๓", indent=False)
    assert last == Signatures(ROLES)
    assert (document.page.paper, document.page.margins) == ("F4", Margins(25, 15, 20, 30))
    assert document.page.size == (330, 210)


def test_layout_says_paper_margins_and_who_signs(write) -> None:
    document = compose(snapshot_of("yangsisurat"), load_layout(write(FORM))).document
    assert document.blocks == (Signatures(("ผู้รายงาน", "นายกอบต.ยางสีสุราช")),)
    assert (document.page.size, document.page.margins) == ((356, 216), Margins(left=30))


def test_agency_changes_one_margin_and_leaves_the_others(write) -> None:
    document = compose(snapshot_with(FormInfo(margin_top=20), "yangsisurat"), load_layout(write(FORM))).document
    assert (document.page.paper, document.page.margins) == ("Legal", Margins(top=20, left=30))


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ('paper = "Legal"', 'paper = "A5"', "paper"),
        ("margin_left = 30", "margin_left = 9", "margin_left"),
        ("margin_left = 30", "margin_left = 51", "margin_left"),
        ("margin_left = 30", 'margin_left = "30"', "margin_left"),
        ("margin_left = 30", "margins = 30", "margins"),
        ("margin_left = 30", "margin_inner = 30", "margin_inner"),
        ("height = 30", "height = 9", "blocks[1].height"),
        ("height = 30", "width = 30", "blocks[1].width"),
        ("{memo_number}", "{memo}", "blocks[2].text"),
        ('"นายก{agency_short}"', '"นายก{nobody}"', "blocks[3].roles"),
        ('["ผู้รายงาน", "นายก{agency_short}"]', "[]", "blocks[3].roles"),
        ('["ผู้รายงาน", "นายก{agency_short}"]', '["ก", "ข", "ค", "ง", "จ"]', "blocks[3].roles"),
        ('kind = "signatures"', 'kind = "signatures"\non_request = 1', "blocks[3].on_request"),
        ('kind = "signatures"', 'kind = "signatures"\nalways = true', "blocks[3].always"),
    ],
)
def test_wrong_form_names_file_and_key(write, right: str, wrong: str, place: str) -> None:
    assert right in FORM
    with pytest.raises(LayoutError) as error:
        load_layout(write(FORM.replace(right, wrong, 1)))
    assert str(error.value).startswith("แบบรายงาน form.toml: ")
    assert f"{place}:" in str(error.value)


def test_upright_paper_takes_three_who_sign(write) -> None:
    text = FORM.replace("[[blocks]]", 'orientation = "portrait"\n[[blocks]]', 1)
    with pytest.raises(LayoutError, match="roles"):
        load_layout(write(text.replace('"ผู้รายงาน", ', '"ก", "ข", "ค", ')))


def test_form_is_not_content() -> None:
    snapshot = snapshot_with()
    assert "form" not in to_data(snapshot)
    assert from_data(to_data(snapshot)) == replace(snapshot, form=FormInfo())


def test_place_to_sign_has_its_lines() -> None:
    first, name, position, day = signature_lines("ผู้รายงาน")
    assert first.startswith("ลงชื่อ ....")
    assert first.endswith(" ผู้รายงาน")
    assert (name[:3], name[-3:]) == ("(..", "..)")
    assert (position[:9], day[:8]) == ("ตำแหน่ง .", "วันที่ .")
    assert signature_lines("นายกองค์การบริหารส่วนตำบล")[2] == "นายกองค์การบริหารส่วนตำบล"


def test_pdf_draws_the_form(tmp_path: Path) -> None:
    document = full_document()
    content = pdf.render(document)
    reader = PdfReader(io.BytesIO(content))
    assert [round(float(side) * 25.4 / 72) for side in reader.pages[0].mediabox[2:]] == [330, 210]
    assert len(reader.pages[0].images) == 1
    text = fold(pdf_text(content, tmp_path))
    for words in ("ที่ มค ๗๒๓๐๑/๑๒๓", *ROLES, *(line for role in ROLES for line in signature_lines(role))):
        assert fold(words) in text


def test_pages_with_the_form_are_painted_as_planned(caplog: pytest.LogCaptureFixture) -> None:
    for slug in sorted(PLANS):
        pdf.render(full_document(slug))
    assert caplog.records == []


def test_html_draws_the_form() -> None:
    text = html.render(full_document()).decode()
    assert '<div class="emblem"><img height="76" alt="ตรา' in text
    assert 'src="data:image/png;base64,iVBOR' in text
    assert '<div class="signatures of-3">' in text
    assert text.index("ที่ มค ๗๒๓๐๑/๑๒๓") < text.index("<h1>")
    assert "style=" not in text


def test_word_draws_the_form() -> None:
    word = open_word(io.BytesIO(docx.render(full_document())))
    (picture,) = word.inline_shapes
    assert picture.height == Mm(20)
    assert picture._inline.docPr.get("descr") == f"ตรา{snapshot_of('krathok').agency.name}"
    assert word.paragraphs[1].text == "ที่ มค ๗๒๓๐๑/๑๒๓"
    section = word.sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [330, 210]
    margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(margin.mm) for margin in margins] == [25, 15, 20, 30]
    cells = word.tables[-1].rows[0].cells
    assert [tuple(p.text for p in cell.paragraphs) for cell in cells] == [signature_lines(role) for role in ROLES]


def test_excel_draws_the_form() -> None:
    content = xlsx.render(full_document())
    sheets = workbook(content).worksheets
    assert [name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if "media/" in name] == [
        "xl/media/image1.png"
    ]
    assert sheets[0].page_setup.paperSize in (14, "14")
    margins = sheets[0].page_margins
    assert [round(inches * 25.4) for inches in (margins.top, margins.right, margins.bottom, margins.left)] == [
        25,
        15,
        20,
        30,
    ]
    cells = [str(cell) for sheet in sheets for row in sheet.values for cell in row if cell]
    assert [cell.split()[-1] for cell in cells if cell.startswith("ลงชื่อ")] == list(ROLES)


def test_tables_name_what_begins_in_the_outline() -> None:
    rows = [
        row.bookmark
        for block in full_document("yangsisurat").blocks
        if isinstance(block, Table)
        for row in block.rows
        if row.bookmark
    ]
    assert rows[:2] == ["ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่", "ตัวชี้วัดที่ ๒ การใช้งบประมาณ"]
    assert len(rows) == 10


def test_emblem_of_any_shape_keeps_it() -> None:
    document = compose(snapshot_with(FormInfo(emblem=emblem(300, mode="RGB"))), layouts()["six-month-issues"]).document
    assert len(PdfReader(io.BytesIO(pdf.render(document))).pages[0].images) == 1

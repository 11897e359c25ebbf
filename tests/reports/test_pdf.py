"""PDF: pages as planned, text that can be copied, nothing fetched, no warning let pass."""

import io
import logging
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
import weasyprint
from pypdf import PdfReader
from weasyprint.draw import text as drawing
from weasyprint.pdf.fonts import Font

from measures.thai import fold, to_thai_digits
from reports.compose import compose
from reports.document import Cell, Column, Document, Heading, Metadata, Page, Paragraph, Row, Signatures, Table, Title
from reports.layout import layouts
from reports.renderers import RenderError
from reports.renderers.fonts import DIRECTORY
from reports.renderers.pdf import engine, text_layer
from reports.renderers.pdf import render as pdf
from reports.renderers.pdf.measure import wrap
from reports.renderers.pdf.pages import plan
from tests.reports.plans import PLANS, snapshot_of
from tests.reports.reading import pdf_text

PAGE = Page("landscape", 11, "- {page} -", 2)
THAI = ("ดำเนินการกำหนดจำนวนผู้ที่รับรู้น้ำ", "ทั้งนี้ตัวชี้วัดเจ้าหน้าที่", "ป้ำปี่ฟ้าญูฐุกิ่งศีลธรรมเซ็น์", "เป็นป้องกัน No Gift Policy ๐๑๐ (ต่อ) ☐ ☑")


def document(*texts: str, **values: object) -> Document:
    """One table, a text a row, beside a narrow column."""
    rows = tuple(Row((Cell((text,)), Cell(()))) for text in texts)
    table = Table((Column("ข้อความ", 90), Column("", 10)), rows)
    return Document(Metadata("ชื่อ", "หน่วยงาน"), PAGE, (Title(("ชื่อ",)), table), **values)  # type: ignore[arg-type]


def pages_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_pages_are_painted_as_planned(slug: str, caplog: pytest.LogCaptureFixture) -> None:
    """In every layout: as many pages as planned, each with the number of its place from the second on."""
    for key, form in layouts().items():
        composed = compose(snapshot_of(slug), form).document
        pages = plan(composed, wrap)
        painted = pages_of(pdf.render(composed))
        assert len(painted) == len(pages), key
        assert "- ๑ -" not in painted[0]
        numbers = [f"- {to_thai_digits(str(number))} -" for number in range(2, len(pages) + 1)]
        assert [number for number, text in zip(numbers, painted[1:], strict=True) if number not in text] == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_same_document_gives_the_same_bytes() -> None:
    composed = compose(snapshot_of("krathok"), layouts()["six-month-issues"]).document
    assert pdf.render(composed) == pdf.render(composed)


def test_file_says_title_language_and_carries_its_fonts() -> None:
    reader = PdfReader(io.BytesIO(pdf.render(document("ก ☐ ☑"))))
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("ชื่อ", "หน่วยงาน")
    assert reader.root_object["/Lang"] == "th"
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    names = {str(font["/BaseFont"]).split("+")[1] for font in fonts}
    assert names == {"Laksaman", "Laksaman-Bold", "Report-Boxes"}
    assert all("/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts)
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height


def test_paper_stands_upright_where_the_form_says_so() -> None:
    upright = document("ก", language="th")
    (page,) = PdfReader(io.BytesIO(pdf.render(replace(upright, page=Page("portrait"))))).pages
    assert [round(side) for side in (page.mediabox.width, page.mediabox.height)] == [595, 842]


@pytest.mark.parametrize(("thai_digits", "number"), [(True, "หน้า ๒"), (False, "หน้า 2")])
def test_page_numbers_follow_form_and_digit_switch(thai_digits: bool, number: str) -> None:
    page = Page("landscape", 11, "หน้า {page}", 2, thai_digits)
    first, second, *_ = pages_of(pdf.render(replace(document(*["ก" * 20_000]), page=page)))
    assert number in second
    assert "หน้า" not in first


def test_form_without_page_numbers_prints_none() -> None:
    content = pdf.render(replace(document(*["ก" * 20_000]), page=Page(number_format="")))
    assert set("".join(pages_of(content))) & set("๐๑๒๓๔๕๖๗๘๙0123456789") == set()


def test_thai_text_can_be_copied_by_two_readers(tmp_path: Path) -> None:
    content = pdf.render(document(*THAI))
    wanted = fold("".join(THAI))
    assert wanted in fold("".join(pages_of(content)))
    assert wanted in fold(pdf_text(content, tmp_path))


def test_stock_text_layer_is_still_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """When this fails, WeasyPrint does it right by itself and text_layer.py can go."""
    monkeypatch.setattr(text_layer, "TESTED_VERSIONS", frozenset())
    with engine.LOCK:
        content = pdf.render(document(*THAI))
    assert fold(THAI[0]) not in fold(pdf_text(content, tmp_path))


def test_untested_version_writes_the_stock_layer_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(weasyprint, "__version__", "99.0")
    assert pdf.render(document("ก")).startswith(b"%PDF")
    assert "not tested with WeasyPrint 99.0" in caplog.text


def test_weasyprint_is_left_as_it_was() -> None:
    before = drawing.draw_first_line, Font.clean
    with pytest.raises(RuntimeError, match="inside"), text_layer.composite_glyphs():
        raise RuntimeError("inside")
    assert (drawing.draw_first_line, Font.clean) == before


def test_no_glyph_is_without_text() -> None:
    """Each code of each font has a text, and none from the private area."""
    reader = PdfReader(io.BytesIO(pdf.render(document(*THAI))))
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
    for font in fonts:
        lines = font["/ToUnicode"].get_data().decode().splitlines()
        texts = [line.split("> <")[1].rstrip(">") for line in lines if line.startswith("<") and "> <" in line]
        texts.remove("ffff")  # the code space
        assert texts
        assert [text for text in texts if not text or text[:2] in {"e0", "f7"}] == []


@pytest.mark.parametrize(
    "address", ["https://example.org/x.png", "http://127.0.0.1/", "file:///etc/passwd", "ftp://example.org/", "x.png"]
)
def test_fetcher_opens_nothing_but_data(address: str) -> None:
    with pytest.raises(ValueError, match="URI"):
        engine.fetcher().fetch(address)


def test_fetcher_opens_data() -> None:
    with warnings.catch_warnings():
        assert engine.fetcher().fetch("data:text/plain,abc").read() == b"abc"


def test_weasyprint_warning_is_a_failure() -> None:
    with pytest.raises(RenderError, match="สร้าง PDF ไม่ได้"):
        engine.render_pdf("<p>ก", "p { colour: red }")


def test_picture_that_would_be_fetched_is_a_failure() -> None:
    with pytest.raises(RenderError, match="สร้าง PDF ไม่ได้"):
        engine.render_pdf('<img src="https://example.org/x.png" alt="">', "")


def test_character_without_a_font_is_named_with_its_place() -> None:
    with pytest.raises(RenderError) as error:
        pdf.render(document("ปกติ", "ผลงาน\U0010fffd ดี"))
    assert "U+10FFFD" in str(error.value)
    assert "ในข้อความ “ผลงาน" in str(error.value)


def test_markup_and_formulas_are_printed_as_they_were_typed(tmp_path: Path) -> None:
    typed = ["<script>alert(1)</script>", '<img src="file:///etc/passwd">', "=HYPERLINK(1)", "&lt;b&gt; {year} %s \\n"]
    blocks = (Title(("<b>ชื่อ</b>",)), Heading("<i>หัว</i>"), Paragraph("<u>ย่อหน้า</u> & อื่น"), Signatures(("<ผู้รายงาน>",)))
    source = document(*typed)
    source = replace(source, blocks=(*blocks, *source.blocks), metadata=Metadata("</title><b>", '"><b>'))
    content = pdf.render(source)
    text = pdf_text(content, tmp_path)
    for words in [*typed, "<b>ชื่อ</b>", "<i>หัว</i>", "<u>ย่อหน้า</u> & อื่น", "<ผู้รายงาน>"]:
        assert fold(words) in fold(text)
    assert PdfReader(io.BytesIO(content)).metadata.title == "</title><b>"  # type: ignore[union-attr]


def test_text_of_a_hundred_thousand_characters_is_whole(tmp_path: Path) -> None:
    words = "".join(f"รายการที่ {number} " for number in range(7_000))[:100_000]
    text = pdf_text(pdf.render(document(words, "ท้าย")), tmp_path)
    lines = [line for line in text.splitlines() if line.startswith("รายการ") or line[:1].isdigit() or "รายการ" in line]
    assert fold(words) == fold("".join(lines))


def test_fonts_are_the_vendored_ones() -> None:
    assert [path.name for path in sorted(DIRECTORY.glob("Laksaman*.ttf")) if "Italic" not in path.name] == [
        "Laksaman-Bold.ttf",
        "Laksaman.ttf",
    ]

"""The text layer: five reports in seven ways of reading, fonts and pixels as without it, and stock still wrong."""

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pymupdf
import pypdfium2
import pytest
import weasyprint
from pdfminer.high_level import extract_text
from pypdf import PdfReader

from reports.compose import compose
from reports.document import Cell, Column, Document, Metadata, Page, Paragraph, Row, Table, map_texts
from reports.layout import layouts
from reports.renderers import html
from reports.renderers.paper import style_sheet
from reports.renderers.pdf import engine
from reports.renderers.pdf.measure import wrap
from reports.renderers.pdf.pages import plan
from reports.renderers.pdf.render import body
from reports.renderers.pdf.text_layer import composite_glyphs
from tests.reports.plans import PLANS, snapshot_of

WANTED = 0.997  # of the paragraphs of the five reports, in every reader
UNTESTED = "99.0"  # a version of WeasyPrint, with which the stock layer is written


def poppler(*options: str) -> Callable[[bytes], str]:
    def read(content: bytes) -> str:
        command = ["pdftotext", *options, "-enc", "UTF-8", "-", "-"]
        return subprocess.run(command, input=content, check=True, capture_output=True).stdout.decode()

    return read


def pdfium(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def mupdf(content: bytes) -> str:
    return "\n".join(page.get_text() for page in pymupdf.open(stream=content, filetype="pdf").pages())


def pypdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


READERS: dict[str, Callable[[bytes], str]] = {
    "poppler": poppler(),
    "poppler -layout": poppler("-layout"),
    "poppler -raw": poppler("-raw"),
    "PDFium": pdfium,
    "MuPDF": mupdf,
    "pdfminer": lambda content: extract_text(io.BytesIO(content)),
    "pypdf": pypdf,
}


@cache
def report(slug: str) -> Document:
    snapshot = snapshot_of(slug)
    return compose(snapshot, layouts()[snapshot.layout]).document


@cache
def paragraphs() -> tuple[str, ...]:
    """Every paragraph of the five reports once."""
    found: dict[str, None] = {}

    def take(text: str) -> str:
        found.update(dict.fromkeys(line for line in text.split("\n") if line.strip()))
        return text

    for slug in sorted(PLANS):
        map_texts(report(slug), take)
    return tuple(found)


def column() -> Document:
    """The paragraphs under one another in a column of 56 mm, so that every reader finds the same order."""
    rows = tuple(Row((Cell((paragraph,)), Cell(()))) for paragraph in paragraphs())
    return Document(Metadata("", ""), Page("portrait", 11), (Table((Column("", 30), Column("", 70)), rows),))


def printed(document: Document, version: str = "") -> bytes:
    with engine.LOCK, engine.warnings_raise(), composite_glyphs(version=version):
        markup = html.page(document, body(plan(document, wrap)))
        return engine.write(engine.lay_out(markup, style_sheet(document.page), weasyprint.HTML))


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def share(wanted: list[str], text: str) -> float:
    """How many of the wanted texts stand in the text, white space aside."""
    text = bare(text)
    return sum(bare(one) in text for one in wanted) / len(wanted)


def drawn_lines(document: Document) -> list[str]:
    """The lines of the cells of a report, as planned."""
    parts = [block for page in plan(document, wrap) for block in page if isinstance(block, Table)]
    cells = [cell for part in parts for row in part.rows for cell in row.cells if cell]
    return [line for cell in cells for text in cell.paragraphs for line in text.split("\n") if line.strip()]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The column with the better layer and with WeasyPrint's own, and the reports."""
    return {
        "better": printed(column()),
        "stock": printed(column(), UNTESTED),
        **{slug: printed(report(slug)) for slug in PLANS},
    }


@pytest.mark.parametrize("reader", READERS)
def test_paragraphs_come_out_as_they_went_in(files: dict[str, bytes], reader: str) -> None:
    read = READERS[reader]
    assert len(paragraphs()) > 700
    assert share(list(paragraphs()), read(files["better"])) >= WANTED
    for slug in PLANS:
        assert share(drawn_lines(report(slug)), read(files[slug])) >= WANTED, slug


@pytest.mark.parametrize("reader", READERS)
def test_stock_layer_is_still_wrong(files: dict[str, bytes], reader: str) -> None:
    """When this fails, WeasyPrint does it right by itself and text_layer.py can go."""
    assert share(list(paragraphs()), READERS[reader](files["stock"])) < 0.5


def test_words_are_found_by_a_reader_that_searches(files: dict[str, bytes]) -> None:
    words = ("ดำเนินการ", "ผู้", "กำหนด", "จำนวน", "ทั้งนี้", "ตัวชี้วัด", "เจ้าหน้าที่", "ข้อมูล", "สำนัก", "รู้")
    text = bare("".join(paragraphs()))
    pages = pypdfium2.PdfDocument(files["better"])
    searches = {word: [page.get_textpage().search(word) for page in pages] for word in words}
    for word, search in searches.items():
        found = sum(1 for one in search for _ in iter(one.get_next, None))
        # A word that a line end divides is not found.
        assert found >= 0.9 * text.count(word), word


def test_fonts_are_those_of_the_stock_way(files: dict[str, bytes]) -> None:
    def fonts(content: bytes) -> set[str]:
        pages = PdfReader(io.BytesIO(content)).pages
        found = (font.get_object() for page in pages for font in page["/Resources"]["/Font"].values())  # type: ignore[index]
        return {str(font["/BaseFont"]).split("+")[1] for font in found}

    assert fonts(files["better"]) == fonts(files["stock"])


def test_page_looks_as_the_stock_way(files: dict[str, bytes]) -> None:
    """Hardly a pixel in a thousand of the ink differs by more than a shade: marks may move by a part of a pixel."""
    with TemporaryDirectory() as folder:
        ink = different = 0
        for one, other in zip(raster(files["better"], folder), raster(files["stock"], folder), strict=True):
            ink += sum(value < 128 for value in one)
            different += sum(abs(a - b) > 64 for a, b in zip(one, other, strict=True) if a != b)
    assert ink > 100_000
    assert different < 0.001 * ink


def raster(content: bytes, folder: str) -> list[bytes]:
    """The grey values of the first four pages as poppler draws them."""
    path = Path(folder) / "pages.pdf"
    path.write_bytes(content)
    command = ["pdftoppm", "-r", "100", "-gray", "-l", "4", str(path), str(path.with_suffix(""))]
    subprocess.run(command, check=True, capture_output=True)
    pictures = [picture.read_bytes() for picture in sorted(path.parent.glob("*.pgm"))]
    for picture in path.parent.glob("*.pgm"):
        picture.unlink()
    return pictures


def test_untested_version_writes_the_stock_layer_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    source = replace(column(), blocks=(Paragraph("ดำเนินการกำหนดจำนวนผู้ที่รับรู้น้ำ"),))
    content = printed(source, UNTESTED)
    assert f"not tested with WeasyPrint {UNTESTED}" in caplog.text
    assert bare("ดำเนินการกำหนดจำนวน") not in bare(pypdf(content))

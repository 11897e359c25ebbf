"""LibreOffice opens what we made: the Word and Excel files of the five reports, converted and read again."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_word
from fontTools.ttLib import TTFont
from openpyxl import load_workbook
from pypdf import PdfReader

from measures.thai import fold
from reports.compose import compose
from reports.document import Cell, Column, Document, Heading, Paragraph, Row, Signatures, Table, Title
from reports.layout import layouts
from reports.renderers.docx import render as docx
from reports.renderers.fonts import DIRECTORY, FACES, box_font
from reports.renderers.xlsx import render as xlsx
from reports.renderers.xlsx.cells import FONT as SHEET_FONT
from reports.renderers.xlsx.cells import SARABUN_SCALE
from tests.reports.plans import PLANS, snapshot_of
from tests.reports.reading import pdf_text
from tests.reports.test_docx import FRAME, LANDSCAPE, check_table

pytestmark = pytest.mark.office

SOFFICE = "/usr/bin/soffice"
TIMEOUT = 300  # seconds for five files on two busy cores
FAMILY, FULL_NAME, POSTSCRIPT_NAME = 1, 4, 6  # of a font's name table
FONT_CONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>"""


def report(slug: str) -> Document:
    snapshot = snapshot_of(slug)
    return compose(snapshot, layouts()[snapshot.layout]).document


def convert(files: Sequence[Path], format: str, folder: Path, fonts: Path) -> dict[str, Path]:
    """The files as LibreOffice saves them in another format, by stem; it has a profile and fonts of its own."""
    output = folder / f"as-{format}"
    command = [SOFFICE, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", format]
    subprocess.run(
        [*command, "--outdir", str(output), *map(str, files)],
        check=True,
        capture_output=True,
        timeout=TIMEOUT,
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
    )
    return {file.stem: output / f"{file.stem}.{format}" for file in files}


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A computer without Laksaman, but with TH Sarabun New (made of Laksaman) as offices have it, and check boxes."""
    folder = tmp_path_factory.mktemp("fonts")
    for name, weight in FACES:
        font = TTFont(DIRECTORY / name)
        font["head"].unitsPerEm = round(font["head"].unitsPerEm / SARABUN_SCALE)
        style = "Bold" if weight > 400 else "Regular"
        for platform in ((3, 1, 0x409), (1, 0, 0)):
            font["name"].setName(SHEET_FONT, FAMILY, *platform)
            font["name"].setName(f"{SHEET_FONT} {style}", FULL_NAME, *platform)
            font["name"].setName(f"THSarabunNew-{style}", POSTSCRIPT_NAME, *platform)
        font.save(folder / name)
    (folder / "boxes.ttf").write_bytes(box_font())
    config = folder / "fonts.conf"
    config.write_text(FONT_CONFIG.format(folder=folder))
    return config


@pytest.fixture(scope="module")
def word_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("word")
    return [write(folder / f"{slug}.docx", docx.render(report(slug))) for slug in PLANS]


@pytest.fixture(scope="module")
def sheet_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("sheets")
    return [write(folder / f"{slug}.xlsx", xlsx.render(report(slug))) for slug in PLANS]


@pytest.fixture(scope="module")
def word_pdfs(word_files: list[Path], fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return convert(word_files, "pdf", tmp_path_factory.mktemp("word-pdf"), fonts)


@pytest.fixture(scope="module")
def word_again(word_files: list[Path], fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return convert(word_files, "docx", tmp_path_factory.mktemp("word-again"), fonts)


@pytest.fixture(scope="module")
def sheet_pdfs(sheet_files: list[Path], fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return convert(sheet_files, "pdf", tmp_path_factory.mktemp("sheet-pdf"), fonts)


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def texts(document: Document) -> list[str]:
    """Every paragraph that is to be read on paper, folded."""
    found: list[str] = []
    for block in document.blocks:
        match block:
            case Title(lines):
                found += lines
            case Heading() | Paragraph():
                found.append(block.text)
            case Table():
                found += [column.label for column in block.columns] + [column.over for column in block.columns]
                found += [text for row in block.rows for cell in row.cells if cell for text in cell.paragraphs]
                found += block.running_heading.split("\n")
            case Signatures(roles):
                found += roles
    return [folded for text in found if (folded := fold(text))]


def share(document: Document, pdf: Path, folder: Path) -> float:
    """Letters of the document in paragraphs that the PDF has whole, or in two parts on two pages."""
    page_text = fold(pdf_text(pdf.read_bytes(), folder))
    wanted = texts(document)
    return sum(len(text) for text in wanted if stands_in(text, page_text)) / sum(map(len, wanted))


def stands_in(text: str, page_text: str) -> bool:
    cuts = range(1, len(text))
    return text in page_text or any(text[:cut] in page_text and text[cut:] in page_text for cut in cuts)


@pytest.mark.parametrize("slug", PLANS)
def test_word_prints_every_text(slug: str, word_pdfs: dict[str, Path], tmp_path: Path) -> None:
    assert share(report(slug), word_pdfs[slug], tmp_path) >= 0.99


@pytest.mark.parametrize("slug", PLANS)
def test_word_is_understood_cell_by_cell(slug: str, word_again: dict[str, Path]) -> None:
    tables = [block for block in report(slug).blocks if isinstance(block, Table)]
    opened = open_word(str(word_again[slug])).tables
    assert len(opened) == len(tables)
    for printed_table, table in zip(opened, tables, strict=True):
        check_table(printed_table, table)


@pytest.mark.parametrize("slug", PLANS)
def test_word_brings_its_font_and_numbers_its_pages(slug: str, word_pdfs: dict[str, Path]) -> None:
    pages: Sequence[Any] = PdfReader(word_pdfs[slug]).pages
    fonts = {str(font["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()}
    assert {font.split("+")[1] for font in fonts} >= {"Laksaman", "Laksaman-Bold"}  # the computer has neither
    shown = [fold(page.extract_text()) for page in pages]
    assert "-1-" not in shown[0]
    assert [f"-{number}-" in text for number, text in enumerate(shown[1:], 2)] == [True] * (len(pages) - 1)


def test_word_prints_a_cell_of_many_pages_and_a_group_of_many_rows(fonts: Path, tmp_path: Path) -> None:
    long = " ".join(f"ข้อที่{number}" for number in range(1_400))
    rows = [Row((Cell((long,)), Cell(("ก",))))]
    rows += [Row((Cell(("กลุ่ม",), 400) if n == 0 else None, Cell((f"แถวที่{n}จบ",)))) for n in range(400)]
    document = Document(FRAME, LANDSCAPE, (Table((Column("ก", 50), Column("ข", 50)), tuple(rows)),))
    pdf = convert([write(tmp_path / "odd.docx", docx.render(document))], "pdf", tmp_path, fonts)["odd"]
    text = fold(pdf_text(pdf.read_bytes(), tmp_path))
    assert len(long) > 12_000
    assert [word for word in long.split() if not stands_in(fold(word), text)] == []
    assert [n for n in range(400) if f"แถวที่{n}จบ" not in text] == []


@pytest.mark.parametrize("slug", PLANS)
def test_sheet_prints_every_text_and_clips_no_row(slug: str, sheet_pdfs: dict[str, Path], tmp_path: Path) -> None:
    assert share(report(slug), sheet_pdfs[slug], tmp_path) >= 0.99


def test_clipped_row_would_be_seen(fonts: Path, tmp_path: Path) -> None:
    slug = next(iter(PLANS))
    book = load_workbook(write(tmp_path / "clipped.xlsx", xlsx.render(report(slug))))
    for sheet in book.worksheets:
        for dimension in sheet.row_dimensions.values():
            dimension.height = 20
    book.save(tmp_path / "clipped.xlsx")
    pdf = convert([tmp_path / "clipped.xlsx"], "pdf", tmp_path, fonts)["clipped"]
    assert share(report(slug), pdf, tmp_path) < 0.9

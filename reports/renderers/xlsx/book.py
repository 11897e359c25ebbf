"""The file of a workbook: openpyxl writes everything but the rows, which are streamed into their sheets.

So a sheet costs as much memory as its longest row, whatever its length, and may still have merged cells; and the
same content gives the same bytes, as no part tells the hour of its making.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from os import PathLike
from typing import IO, Any, Protocol

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook.workbook import Workbook as Book
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import ARC_CORE

from reports.document import Page
from reports.renderers.paper import PX_PER_PT, Type
from reports.renderers.xlsx.cells import FONT, SARABUN_SCALE

UNIT_SIZE = 16  # points of the type whose digits are the unit of the width of columns
UNIT = Type(UNIT_SIZE * SARABUN_SCALE * PX_PER_PT, 0)
PAPER_CODES = {"A4": 9, "F4": 14, "Legal": 5, "A3": 8}  # of the file format
MM_PER_INCH = 25.4
SPEED = 3  # of zlib, 1 to 9: half the time of the usual 6 for a tenth more bytes
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip file can hold
PIECE = 1 << 20  # bytes copied at once
_NO_ROWS = re.compile(rb"<sheetData\s*(?:/>|>\s*</sheetData>)")
_DATES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_SIZE = re.compile(rb"<dimension [^>]*/>")  # openpyxl thinks that the sheet is empty


class Rows(Protocol):
    """What is streamed into a sheet."""

    def rows(self) -> Iterator[str]:
        """The XML of its rows, from the top."""
        ...

    def after(self) -> str:
        """The XML that follows them: filter and merged cells, in this order."""
        ...


def new_book(title: str, author: str) -> Book:
    """A workbook without sheets.

    Its normal font, whose digits are the unit of the width of columns, is that of the cells: where the font is
    missing, columns are as wide as the letters that take its place, and texts break at the same words.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = title, author
    font = Font(name=FONT, size=UNIT_SIZE)
    book._fonts = IndexedList([font])  # type: ignore[attr-defined]
    book._named_styles["Normal"].font = font  # type: ignore[attr-defined]
    return book


def ready_to_print(sheet: Worksheet, page: Page, *, opens: bool = False) -> None:
    """The document's paper, as wide as the sheet, and the page number above where the form has it.

    `opens`: it is the first sheet, whose first page has no number where the form begins with the second.
    """
    setup, white = sheet.page_setup, page.margins
    setup.paperSize = PAPER_CODES[page.paper]
    setup.orientation = "portrait" if page.orientation == "portrait" else "landscape"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left, margins.right = white.left / MM_PER_INCH, white.right / MM_PER_INCH
    margins.top, margins.bottom = white.top / MM_PER_INCH, white.bottom / MM_PER_INCH
    margins.header = margins.footer = margins.top / 2
    if page.number_format and sheet.oddHeader is not None:
        sheet.oddHeader.center.text = page.number_format.replace("&", "&&").replace("{page}", "&P")
        sheet.HeaderFooter.differentFirst = opens and page.number_from > 1


def save(book: Book, rows: Mapping[Worksheet, Rows], target: str | PathLike[str] | IO[bytes]) -> None:
    """Write the workbook with these rows in its sheets."""
    with _Archive(target, "w", zipfile.ZIP_DEFLATED, compresslevel=SPEED) as archive:
        archive.sheets = rows
        ExcelWriter(book, archive).write_data()


class _Archive(zipfile.ZipFile):
    """A zip file that remembers no hour, and puts the rows into the sheets that openpyxl gives it without any."""

    sheets: Mapping[Worksheet, Rows]

    def write(self, filename: Any, arcname: Any = None, *args: Any, **kwargs: Any) -> None:
        name = str(arcname or filename)
        with open(filename, "rb") as source:
            content = source.read()
        with self.open(_undated(name), "w") as target:
            # A sheet has its name in the file only now.
            stream = next((rows for sheet, rows in self.sheets.items() if sheet.path == f"/{name}"), None)
            if stream is None:
                target.write(content)
                return
            before, after = _NO_ROWS.split(_SIZE.sub(b"", content, count=1))
            target.write(before + b"<sheetData>")
            for part in _in_pieces(stream.rows()):
                target.write(part)
            target.write(b"</sheetData>" + stream.after().encode() + after)

    def writestr(self, zinfo_or_arcname: Any, data: Any, *args: Any, **kwargs: Any) -> None:
        name = str(zinfo_or_arcname)
        if name == ARC_CORE:
            data = _DATES.sub(b"", data if isinstance(data, bytes) else data.encode())
        super().writestr(_undated(name), data)


def _in_pieces(texts: Iterator[str]) -> Iterator[bytes]:
    """The texts one behind the other, in pieces of about a size that is quick to write."""
    piece: list[str] = []
    length = 0
    for text in texts:
        piece.append(text)
        length += len(text)
        if length >= PIECE:
            yield "".join(piece).encode()
            piece, length = [], 0
    yield "".join(piece).encode()


def _undated(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type, info._compresslevel = zipfile.ZIP_DEFLATED, SPEED  # type: ignore[attr-defined]
    return info

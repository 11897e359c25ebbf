"""Excel: the document's tables as sheets that open ready to print, with every text as text."""

import io
import math
from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from measures.thai import to_thai_digits
from reports.document import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Page,
    Paragraph,
    Signatures,
    Table,
    Title,
    header_rows,
)
from reports.renderers.measure import wrap
from reports.renderers.sheet_cells import SARABUN_SCALE, Look, pieces, reproducible, write_cell

WIDTHS = {"landscape": 145, "portrait": 96}  # characters of 7 pixels on one page of A4
PX_PER_CHARACTER, CELL_PADDING = 7, 10
TOLERANCE = 0.94  # of a column's width: other programs break lines a little earlier
MAX_HEIGHT = 408.0  # points; Excel shows no higher row
FROZEN_LINES = 8  # text above a header that may stay in sight while scrolling
SIGN_HERE = "ลงชื่อ ........................................"


def render(document: Document) -> bytes:
    """The document as an Excel file; the same document gives the same bytes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = document.metadata.title, document.metadata.author
    for number, (texts, tables, after) in enumerate(_sheets(document.blocks), 1):
        name = f"ตาราง {number}" if tables else f"ข้อความ {number}"
        sheet = book.create_sheet(to_thai_digits(name) if document.page.thai_digits else name)
        _Sheet(sheet, document.page, tables).write(texts, tables, after)
    output = io.BytesIO()
    book.save(output)
    return reproducible(output.getvalue())


Sheet = tuple[list[Block], list[tuple[list[Block], Table]], list[Block]]


def _sheets(blocks: Sequence[Block]) -> Iterator[Sheet]:
    """Texts, tables of one form with the headings between them, and texts after: what stands on one sheet."""
    texts: list[Block] = []
    tables: list[tuple[list[Block], Table]] = []
    between: list[Block] = []
    for block in blocks:
        if not isinstance(block, Table):
            between.append(block)
            continue
        if tables and tables[-1][1].columns == block.columns and all(isinstance(b, Heading) for b in between):
            tables.append((between, block))
            between = []
            continue
        if tables:
            yield texts, tables, []
        headings = next((n for n, b in enumerate(reversed(between)) if not isinstance(b, Heading)), len(between))
        texts, opening = between[: len(between) - headings], between[len(between) - headings :]
        if sum(map(_text_lines, texts)) > FROZEN_LINES:
            yield texts, [], []
            texts = []
        tables, between = [(opening, block)], []
    if tables and sum(map(_text_lines, between)) <= FROZEN_LINES:
        yield texts, tables, between
    else:
        if tables:
            yield texts, tables, []
        if between or not tables:
            yield between, [], []


def _text_lines(block: Block) -> int:
    """About how many lines a text takes across a page."""
    match block:
        case Title():
            return len(block.lines)
        case Heading() | Paragraph():
            return math.ceil(len(block.text) / 180)
    return 3


class _Sheet:
    """One work sheet, filled from the top."""

    def __init__(self, sheet: Worksheet, page: Page, tables: list[tuple[list[Block], Table]]) -> None:
        self.sheet, self.page, self.row = sheet, page, 1
        self.size = int(page.font_size / SARABUN_SCALE)
        columns = tables[0][1].columns if tables else (Column("", 100),)
        self.widths = [column.width * WIDTHS[page.orientation] / 100 for column in columns]
        for number, width in enumerate(self.widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        self._set_up_page()

    def _set_up_page(self) -> None:
        sheet = self.sheet
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = "portrait" if self.page.orientation == "portrait" else "landscape"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.left = margins.right = margins.bottom = 0.4  # inches
        margins.top, margins.header = 0.6, 0.3
        if self.page.number_format and sheet.oddHeader is not None:
            sheet.oddHeader.center.text = self.page.number_format.replace("&", "&&").replace("{page}", "&P")

    def write(self, texts: Sequence[Block], tables: list[tuple[list[Block], Table]], after: Sequence[Block]) -> None:
        self.texts(texts)
        for number, (headings, table) in enumerate(tables):
            self.texts(headings)
            if number == 0:
                self.header(table)
            self.rows(table)
        self.texts(after)

    def texts(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            match block:
                case Title():
                    for line in block.lines:
                        self.wide(line, Look(self.size + 2, bold=True, align="center"))
                case Heading():
                    self.wide(block.text, Look(self.size, bold=True))
                case Paragraph():
                    self.wide(block.text, Look(self.size))
                case Signatures():
                    self.wide("", Look(self.size))
                    for role in block.roles:
                        self.wide(
                            f"ลงชื่อ ........................................ {role}", Look(self.size, align="center")
                        )

    def wide(self, text: str, look: Look) -> None:
        """A text across all columns."""
        rows = self._heights([look.line * self.lines(text, look, 0, len(self.widths)) + 3])
        self.merge(text, look, rows[0], 0, len(self.widths))

    def lines(self, text: str, look: Look, column: int, columns: int = 1) -> int:
        pixels = sum(self.widths[column : column + columns]) * PX_PER_CHARACTER - CELL_PADDING
        return sum(len(wrap(part, look.type, pixels * TOLERANCE)) for part in text.split("\n"))

    def header(self, table: Table) -> None:
        """The header of one or two tiers, repeated on each printed page and kept in sight while scrolling."""
        first = self.row
        if table.running_heading:
            self.wide(table.running_heading, Look(self.size, bold=True, align="center"))
        look = Look(self.size, bold=True, align="center", grid=True, shade=True)
        tiers = header_rows(table.columns)
        heights = [0.0] * len(tiers)
        for span in (1, 2):
            for number, tier in enumerate(tiers):
                for cell in tier:
                    if cell.rowspan == span:
                        lines = self.lines(cell.label, look, cell.column, cell.colspan)
                        _grow(heights, number, span, lines * look.line + 3)
        rows = self._heights(heights)
        for number, tier in enumerate(tiers):
            for cell in tier:
                below = rows[number + cell.rowspan - 1]
                self.merge(cell.label, look, range(rows[number].start, below.stop), cell.column, cell.colspan)
        self.sheet.print_title_rows = f"{first}:{self.row - 1}"
        self.sheet.freeze_panes = f"A{self.row}"

    def rows(self, table: Table) -> None:
        """The rows; one that is higher than Excel can show stands on several, with all its cells merged over them."""
        looks = [Look(self.size, align=column.align, grid=True) for column in table.columns]
        heights = [looks[0].line] * len(table.rows)
        cells = [
            (number, column, cell)
            for number, row in enumerate(table.rows)
            for column, cell in enumerate(row.cells)
            if cell is not None
        ]
        for number, column, cell in sorted(cells, key=lambda item: item[2].rowspan):
            lines = self.lines(_text(cell), looks[column], column)
            _grow(heights, number, cell.rowspan, lines * looks[column].line + 3)
        rows = self._heights(heights)
        for number, column, cell in cells:
            last = rows[number + cell.rowspan - 1]
            self.merge(_text(cell), looks[column], range(rows[number].start, last.stop), column)

    def _heights(self, heights: Sequence[float]) -> list[range]:
        """Give sheet rows to rows of these heights (points); the sheet rows of each."""
        given = []
        for height in heights:
            start = self.row
            while height > 0:
                self.sheet.row_dimensions[self.row].height = round(min(height, MAX_HEIGHT), 1)
                height -= MAX_HEIGHT
                self.row += 1
            given.append(range(start, self.row))
        return given

    def merge(self, text: str, look: Look, rows: range, column: int, columns: int = 1) -> None:
        """Write a text into merged sheet rows; one too long for a cell goes on in the cells below."""
        parts = pieces(text)
        bounds = [rows.start + len(rows) * number // len(parts) for number in range(len(parts) + 1)]
        for part, start, stop in zip(parts, bounds, bounds[1:], strict=False):
            write_cell(self.sheet, part, look, range(start, stop), range(column + 1, column + columns + 1))


def _text(cell: Cell) -> str:
    return "\n".join(cell.paragraphs)


def _grow(heights: list[float], first: int, span: int, needed: float) -> None:
    """Raise `span` rows evenly until together they are `needed` high."""
    missing = needed - sum(heights[first : first + span])
    if missing > 0:
        for number in range(first, first + span):
            heights[number] += missing / span
